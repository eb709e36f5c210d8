using System.Buffers;

namespace Calendaring.ICalendar;

/// <summary>Where name and value of an unfolded content line are (RFC 5545 §3.1), or why it is not one.</summary>
/// <param name="NameLength">Bytes of the property name.</param>
/// <param name="ValueStart">The byte after the colon.</param>
/// <param name="Reason">What is wrong, or null.</param>
/// <param name="LimitExceeded">Whether <paramref name="Reason"/> is a limit.</param>
internal readonly record struct LineScan(int NameLength, int ValueStart, string? Reason = null, bool LimitExceeded = false)
{
    /// <summary>Bytes of names. The underscore is not in the grammar, but in names that vendors use.</summary>
    public static readonly SearchValues<byte> NameBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    private static readonly SearchValues<byte> UnquotedEnd = SearchValues.Create("\",;:"u8);

    public static LineScan Of(ReadOnlySpan<byte> line, int maxParameters)
    {
        var at = line.IndexOfAnyExcept(NameBytes);
        if (at < 0) return new(0, 0, "The line has no colon.");
        if (at == 0) return new(0, 0, "The line does not begin with a property name.");
        var nameLength = at;
        var parameters = 0;
        while (line[at] == ';')
        {
            if (++parameters > maxParameters) return new(0, 0, $"The line has more than {maxParameters} parameters.", LimitExceeded: true);
            if (Parameter(line, ref at) is { } reason) return new(0, 0, reason);
        }

        return line[at] == ':' ? new(nameLength, at + 1) : new(0, 0, "The property name is not followed by a colon or semicolon.");
    }

    /// <summary>Moves from the semicolon before a parameter to the byte after it, which exists; the reason when it is none.</summary>
    private static string? Parameter(ReadOnlySpan<byte> line, ref int at)
    {
        at++;
        var length = line[at..].IndexOfAnyExcept(NameBytes);
        if (length <= 0 || line[at + length] != '=') return "A parameter has no name or no equals sign.";
        at += length;
        do
        {
            at++;
            if (at < line.Length && line[at] == '"')
            {
                var close = line[(at + 1)..].IndexOf((byte)'"');
                if (close < 0) return "A quoted parameter value has no closing quote.";
                at += close + 2;
            }
            else
            {
                var end = line[at..].IndexOfAny(UnquotedEnd);
                if (end < 0) return "The line has no colon.";
                at += end;
            }

            if (at >= line.Length) return "The line has no colon.";
        }
        while (line[at] == ',');
        return line[at] is (byte)';' or (byte)':' ? null : "A parameter value is quoted in part only.";
    }
}
