using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Calendaring.ICalendar;

/// <summary>
/// Cuts bytes into content lines and components in one pass: time and memory are linear in the input, and no value is decoded before somebody asks for it.
/// Blank lines, which the format does not know but clients send, belong to the line before them, so that nothing is lost when the object is written back.
/// </summary>
internal ref struct ObjectParser(ReadOnlyMemory<byte> bytes, ICalendarLimits limits)
{
    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Where(static next => next is not ('\t' or '\r' or '\n')).Select(static next => (byte)next), 0x7f]);

    private readonly ReadOnlySpan<byte> _all = bytes.Span;
    private readonly List<Component> _open = new(4);
    private Component? _calendar;
    private bool _validUtf8;
    private int _position;
    private int _physicalLine = 1;
    private int _lines;

    public ICalendarError? Error { get; private set; }

    /// <summary>The VCALENDAR, or null with <see cref="Error"/> set.</summary>
    public Component? Parse()
    {
        if (_all.Length > limits.MaxBytes) return Fail(1, $"The object is larger than {limits.MaxBytes} bytes.", limit: true);
        if (!CheckBytes()) return null;
        if (_all.StartsWith("\uFEFF"u8)) _position = 3;
        SkipBlankLines();
        var start = 0;
        while (_position < _all.Length)
        {
            if (!TakeLine(start)) return null;
            start = _position;
        }

        if (_open.Count > 0) return Fail(_physicalLine, $"The component {_open[^1].Name} has no END.");
        return _calendar ?? Fail(1, "There is no VCALENDAR.");
    }

    private Component? Fail(int line, string reason, bool limit = false)
    {
        Error = new ICalendarError(line, reason, limit);
        return null;
    }

    /// <summary>What can be told of the bytes as a whole, with vector instructions.</summary>
    private bool CheckBytes()
    {
        var at = _all.IndexOfAny(Controls);
        if (at >= 0) return Fail(LineAt(at), "The line has a control character.") is not null;
        _validUtf8 = Ascii.IsValid(_all);
        if (_validUtf8) return true;
        _validUtf8 = Utf8.IsValid(_all);
        // a fold within a character makes the bytes invalid as a whole: then each line is looked at unfolded
        at = _validUtf8 ? FindNoncharacter(_all) : -1;
        return at < 0 || Fail(LineAt(at), NoncharacterReason) is not null;
    }

    private const string NoncharacterReason = "The line has U+FFFE or U+FFFF, which an XML answer could not carry.";

    private static int FindNoncharacter(ReadOnlySpan<byte> text)
    {
        var at = text.IndexOf("\uFFFF"u8);
        return at >= 0 ? at : text.IndexOf("\uFFFE"u8);
    }

    private readonly int LineAt(int offset) => 1 + _all[..offset].Count((byte)'\n');

    /// <summary>Moves over lines of nothing but white space. Right after a line such a line is a fold of it, and has been taken with it.</summary>
    private void SkipBlankLines()
    {
        while (_position < _all.Length && _all[_position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            var rest = _all[_position..];
            var end = rest.IndexOf((byte)'\n');
            var length = end < 0 ? rest.Length : end + 1;
            var content = rest[..(end > 0 && rest[end - 1] == '\r' ? end - 1 : end < 0 ? length : end)];
            if (content.IndexOfAnyExcept((byte)' ', (byte)'\t') >= 0) return;
            _position += length;
            if (end >= 0) _physicalLine++;
        }
    }

    /// <summary>Takes one content line with its folds and the blank lines after it.</summary>
    /// <param name="start">Where its bytes begin: before <see cref="_position"/> when there was something before the first line.</param>
    private bool TakeLine(int start)
    {
        var lineNumber = _physicalLine;
        var lineStart = _position;
        if (_all[lineStart] is (byte)' ' or (byte)'\t') return Fail(lineNumber, "The line begins with white space but continues no line.") is not null;
        if (++_lines > limits.MaxLines) return Fail(lineNumber, $"The object has more than {limits.MaxLines} lines.", limit: true) is not null;

        var firstLength = TakePhysicalLine();
        if (firstLength < 0) return false;
        var unfoldedLength = firstLength;
        var contentLength = firstLength;
        var folded = false;
        while (_position < _all.Length && _all[_position] is (byte)' ' or (byte)'\t')
        {
            folded = true;
            var from = _position;
            var length = TakePhysicalLine();
            if (length < 0) return false;
            unfoldedLength += length - 1;
            contentLength = from + length - lineStart;
        }

        if (unfoldedLength > limits.MaxLineBytes) return Fail(lineNumber, $"The line is longer than {limits.MaxLineBytes} bytes.", limit: true) is not null;
        SkipBlankLines();
        var content = _all.Slice(lineStart, contentLength);
        if (!Scan(content, firstLength, folded, lineNumber, out var scan)) return false;
        var name = KnownNames.Intern((scan.NameLength <= firstLength ? content : Folding.Unfold(content))[..scan.NameLength]);
        var physical = bytes[start.._position];
        if (ReferenceEquals(name, KnownNames.Begin)) return Begin(ComponentName(content, folded, scan.ValueStart), physical, lineNumber);
        if (ReferenceEquals(name, KnownNames.End)) return End(ComponentName(content, folded, scan.ValueStart), physical, lineNumber);
        if (_open.Count == 0) return Fail(lineNumber, "The line is outside of VCALENDAR.") is not null;
        var lead = lineStart - start;
        _open[^1].AddParsed(new ContentLine(name, physical[lead..], contentLength, scan.ValueStart, folded, lineNumber));
        return true;
    }

    /// <summary>Moves behind the next line break; returns the bytes before it, or -1 with <see cref="Error"/> set.</summary>
    private int TakePhysicalLine()
    {
        var rest = _all[_position..];
        var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
        {
            _position = _all.Length;
            return rest.Length;
        }

        var breakLength = rest[end] == '\n' ? 1 : 2;
        if (breakLength == 2 && (end + 1 == rest.Length || rest[end + 1] != '\n'))
        {
            Fail(_physicalLine, "The line has a carriage return without a line feed.");
            return -1;
        }

        _position += end + breakLength;
        _physicalLine++;
        return end;
    }

    /// <summary>Finds name and value. The bytes before the first fold are mostly enough for that.</summary>
    private bool Scan(ReadOnlySpan<byte> content, int firstLength, bool folded, int lineNumber, out LineScan scan)
    {
        scan = LineScan.Of(content[..firstLength], limits.MaxParameters);
        if (!_validUtf8 || (folded && scan.Reason is not null))
        {
            var unfolded = folded ? Folding.Unfold(content) : content;
            if (!_validUtf8 && !Utf8.IsValid(unfolded)) return Fail(lineNumber, "The line is not UTF-8.") is not null;
            if (!_validUtf8 && FindNoncharacter(unfolded) >= 0) return Fail(lineNumber, NoncharacterReason) is not null;
            if (folded) scan = LineScan.Of(unfolded, limits.MaxParameters);
        }

        return scan.Reason is null || Fail(lineNumber, scan.Reason, scan.LimitExceeded) is not null;
    }

    private static string? ComponentName(ReadOnlySpan<byte> content, bool folded, int valueStart)
    {
        var value = (folded ? Folding.Unfold(content) : content)[valueStart..].Trim(" \t"u8);
        return value.Length > 0 && value.IndexOfAnyExcept(LineScan.NameBytes) < 0 ? KnownNames.Intern(value) : null;
    }

    private bool Begin(string? name, ReadOnlyMemory<byte> physical, int lineNumber)
    {
        if (name is null) return Fail(lineNumber, "BEGIN does not name a component.") is not null;
        if (_calendar is not null && _open.Count == 0) return Fail(lineNumber, "There is something after END:VCALENDAR.") is not null;
        if (_calendar is null && name != "VCALENDAR") return Fail(lineNumber, "The object does not begin with BEGIN:VCALENDAR.") is not null;
        if (_open.Count >= limits.MaxDepth) return Fail(lineNumber, $"Components are nested deeper than {limits.MaxDepth}.", limit: true) is not null;
        var component = new Component(name, physical, lineNumber);
        if (_open.Count > 0) _open[^1].AddParsed(component);
        _calendar ??= component;
        _open.Add(component);
        return true;
    }

    private bool End(string? name, ReadOnlyMemory<byte> physical, int lineNumber)
    {
        if (_open.Count == 0) return Fail(lineNumber, "END closes no component.") is not null;
        if (name != _open[^1].Name) return Fail(lineNumber, $"END does not close the component {_open[^1].Name}.") is not null;
        _open[^1].Close(physical);
        _open.RemoveAt(_open.Count - 1);
        return true;
    }
}
