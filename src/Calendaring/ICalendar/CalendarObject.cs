using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Calendaring.ICalendar;

/// <summary>
/// A parsed iCalendar object (RFC 5545 §3.4): one VCALENDAR. Lossless: written back unedited it is byte for byte what was parsed, line ends, folds, unknown
/// components and order of lines included.
/// </summary>
public sealed class CalendarObject
{
    /// <summary>An object around a VCALENDAR component made here.</summary>
    /// <exception cref="ArgumentException">The component is not a VCALENDAR.</exception>
    public CalendarObject(Component calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        if (calendar.Name != "VCALENDAR") throw new ArgumentException("The component is not a VCALENDAR.", nameof(calendar));
        Calendar = calendar;
    }

    /// <summary>The VCALENDAR component.</summary>
    public Component Calendar { get; }

    /// <summary>Parses an object. The memory is referenced, not copied: it must not change afterwards.</summary>
    public static bool TryParse(
        ReadOnlyMemory<byte> bytes,
        [NotNullWhen(true)] out CalendarObject? result,
        [NotNullWhen(false)] out ICalendarError? error,
        ICalendarLimits? limits = null)
    {
        ReadingMetrics.Parsed.Add(1);
        var parser = new ObjectParser(bytes, limits ?? ICalendarLimits.Default);
        result = parser.Parse() is { } calendar ? new CalendarObject(calendar) : null;
        error = parser.Error;
        return result is not null;
    }

    /// <summary>Parses an object that is known to be good, such as one from the store.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static CalendarObject Parse(ReadOnlyMemory<byte> bytes) =>
        TryParse(bytes, out var result, out var error) ? result : throw new FormatException($"Line {error.LineNumber}: {error.Reason}");

    /// <summary>A deep copy to edit.</summary>
    public CalendarObject Clone() => new(Calendar.Clone());

    /// <summary>Writes the object.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Calendar.WriteTo(output);
    }

    /// <summary>The object's bytes: every line that was parsed has those that it had.</summary>
    public byte[] ToBytes()
    {
        var output = new ArrayBufferWriter<byte>(Calendar.Length);
        Calendar.WriteTo(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>
    /// The same, but of an object that was edited every line ends with CRLF and between characters, even where those that were parsed did not: what is stored or sent is not half one and
    /// half the other.
    /// </summary>
    public byte[] ToText()
    {
        var bytes = ToBytes();
        if (!Calendar.IsEdited() || LineEnds.AreGood(bytes)) return bytes;
        var output = new ArrayBufferWriter<byte>(bytes.Length);
        foreach (var line in Calendar.GeneratedLines()) output.Write(line.Span);
        return output.WrittenSpan.ToArray();
    }
}
