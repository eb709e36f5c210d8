namespace Calendaring.Store;

/// <summary>
/// Verifies a log line by line, from the first one on: each follows from the one before, what has no document was erased by a statement, and the log is of whom the chain says.
/// </summary>
/// <param name="head">The log.</param>
public sealed class LogVerifier(LogHead head)
{
    private readonly SortedSet<long> _blank = [];
    private string? _of;

    /// <summary>Number of the last line that follows from those before it.</summary>
    public long Number { get; private set; }

    /// <summary>Its hash; that from which the first line follows when there is none.</summary>
    public ReadOnlyMemory<byte> Hash { get; private set; } = head.Origin;

    /// <summary>Lines that have been erased.</summary>
    public long Erased { get; private set; }

    /// <summary>The first line that does not follow; null when all do.</summary>
    public LogFault? Broken { get; private set; }

    /// <summary>Looks at the next line. False when it does not follow: nothing can be said of those after it.</summary>
    public bool Add(LogLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (Broken is not null) return false;
        if (!line.Follows(Hash.Span, Number))
        {
            Broken = new LogFault(Number + 1, "was changed or is missing");
            return false;
        }

        (Number, Hash) = (line.Number, line.Hash);
        if (line.Erased)
        {
            Erased++;
            _blank.Add(line.Number);
        }
        else if (LogStatement.Read(line) is { } statement)
        {
            _of = statement.Of;
            foreach (var (first, last) in statement.Erased) _blank.RemoveWhere(number => number >= first && number <= last);
        }

        return true;
    }

    /// <summary>What is wrong with the log after its last line; null when it is whole.</summary>
    public LogFault? Finish()
    {
        if (Broken is not null) return Broken;
        if (_blank.Count > 0) return new LogFault(_blank.Min, "was blanked: no line says that it was erased");
        var expected = LogLine.OriginOf(head.Log, head.Owner);
        var isOwn = _of is null ? head.Origin.Span.SequenceEqual(expected) : _of == Convert.ToHexStringLower(expected);
        return isOwn ? null : new LogFault(null, "has another name or owner than its chain says");
    }
}
