using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Calendaring.ICalendar;

/// <summary>Limits of the reader, applied where the octets are read (design.md §4).</summary>
/// <param name="MaxOctets">Size of the whole object; advertised as <c>max-resource-size</c>.</param>
/// <param name="MaxLines">Content lines.</param>
/// <param name="MaxDepth">Nesting of components.</param>
/// <param name="MaxLineOctets">Octets of one content line, unfolded.</param>
/// <param name="MaxParameters">Parameters of one line.</param>
public sealed record ICalendarLimits(int MaxOctets, int MaxLines, int MaxDepth, int MaxLineOctets, int MaxParameters)
{
    /// <summary>What is used unless something else is said.</summary>
    public static ICalendarLimits Default { get; } = new(1_048_576, 10_000, 8, 524_288, 100);
}

/// <summary>What is wrong with an iCalendar text.</summary>
/// <param name="LineNumber">Physical line, from 1.</param>
/// <param name="Reason">A sentence a person understands, without content of the object beyond names of properties and components.</param>
/// <param name="LimitExceeded">Whether a limit was met, and not a rule of the format.</param>
public sealed record ICalendarError(int LineNumber, string Reason, bool LimitExceeded = false);

/// <summary>
/// A parsed iCalendar object (RFC 5545 §3.4): one VCALENDAR. Lossless: written back unedited it is byte for byte what was parsed, line ends, folds, unknown
/// components and order of lines included.
/// </summary>
public sealed class CalendarObject
{
    /// <summary>An object around a VCALENDAR component made here.</summary>
    public CalendarObject(Component calendar) => throw new NotImplementedException();

    /// <summary>The VCALENDAR component.</summary>
    public Component Calendar => throw new NotImplementedException();

    /// <summary>Parses an object. The memory is referenced, not copied: it must not change afterwards.</summary>
    public static bool TryParse(
        ReadOnlyMemory<byte> octets,
        [NotNullWhen(true)] out CalendarObject? result,
        [NotNullWhen(false)] out ICalendarError? error,
        ICalendarLimits? limits = null) => throw new NotImplementedException();

    /// <summary>Parses an object that is known to be good, such as one from the store.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static CalendarObject Parse(ReadOnlyMemory<byte> octets) => throw new NotImplementedException();

    /// <summary>A deep copy to edit.</summary>
    public CalendarObject Clone() => throw new NotImplementedException();

    /// <summary>Writes the object.</summary>
    public void WriteTo(IBufferWriter<byte> output) => throw new NotImplementedException();

    /// <summary>The object's octets.</summary>
    public byte[] ToOctets() => throw new NotImplementedException();
}
