using System.Text;

namespace Calendaring.ICalendar;

/// <summary>
/// One content line (RFC 5545 §3.1): a property with its parameters and value. A parsed line keeps its physical bytes, folds and line break included, and is
/// written back with them. Immutable: an edit replaces the line in its component.
/// </summary>
public sealed partial class ContentLine
{
    private readonly int _contentLength;
    private readonly int _valueStart;
    private readonly bool _folded;
    private Parameter[]? _parameters;
    private string? _rawValue;

    /// <param name="name">Upper case.</param>
    /// <param name="bytes">The physical bytes, with the line break and any blank lines after it.</param>
    /// <param name="contentLength">How many of them come before the line break.</param>
    /// <param name="valueStart">Where the value begins in the unfolded line.</param>
    /// <param name="folded">Whether there is a fold.</param>
    /// <param name="lineNumber">From 1, or 0.</param>
    internal ContentLine(string name, ReadOnlyMemory<byte> bytes, int contentLength, int valueStart, bool folded, int lineNumber)
    {
        Name = name;
        Bytes = bytes;
        LineNumber = lineNumber;
        _contentLength = contentLength;
        _valueStart = valueStart;
        _folded = folded;
    }

    /// <summary>The property name, upper case.</summary>
    public string Name { get; }

    /// <summary>The physical bytes: folds, line break and blank lines after it included.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Number of the line's first physical line in what was parsed, from 1; 0 when it was made here.</summary>
    public int LineNumber { get; }

    /// <summary>The parameters in the order written; parsed when first asked for.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters ??= ReadParameters();

    /// <summary>The value as written but unfolded: TEXT escapes are still in it.</summary>
    public string RawValue => _rawValue ??= Encoding.UTF8.GetString(ValueBytes);

    /// <summary>The value with TEXT escapes decoded (RFC 5545 §3.3.11).</summary>
    public string Text => TextValue.Unescape(RawValue);

    /// <summary>The bytes of <see cref="RawValue"/>.</summary>
    internal ReadOnlySpan<byte> ValueBytes => Unfolded[_valueStart..];

    /// <summary>The line as a text has it that is made here: folded between characters, and ended by one CRLF.</summary>
    internal ReadOnlyMemory<byte> Generated
    {
        get
        {
            var written = Bytes.Span;
            var ended = written.Length == _contentLength + 2 && written[^2] == '\r';
            return ended && (!_folded || LineEnds.AreGood(written)) ? Bytes : Folding.Fold(Unfolded);
        }
    }

    private ReadOnlySpan<byte> Unfolded
    {
        get
        {
            var content = Bytes.Span[.._contentLength];
            return _folded ? Folding.Unfold(content) : content;
        }
    }

    /// <summary>The first value of a parameter, or null.</summary>
    /// <param name="name">Upper case.</param>
    public string? Parameter(string name)
    {
        _parameters ??= ReadParameters();
        foreach (var parameter in _parameters)
        {
            if (parameter.Name == name) return parameter.Values[0];
        }

        return null;
    }

    /// <summary>Name and value, for the debugger.</summary>
    public override string ToString() => $"{Name}:{RawValue}";

    /// <summary>The line was found to be well-formed when it was parsed: here it is only cut.</summary>
    private Parameter[] ReadParameters()
    {
        var head = Unfolded[..(_valueStart - 1)];
        var at = head.IndexOf((byte)';');
        if (at < 0) return [];
        var parameters = new List<Parameter>(2);
        while (at < head.Length)
        {
            var equals = at + head[at..].IndexOf((byte)'=');
            var name = KnownNames.Intern(head[(at + 1)..equals]);
            at = equals;
            var first = ParameterValue.Read(head, ref at);
            if (at >= head.Length || head[at] != ',')
            {
                parameters.Add(new Parameter(name, [first]));
                continue;
            }

            var values = new List<string> { first };
            while (at < head.Length && head[at] == ',') values.Add(ParameterValue.Read(head, ref at));
            parameters.Add(new Parameter(name, values));
        }

        return [.. parameters];
    }
}
