using System.Text.Unicode;
using System.Xml.Linq;
using CalDavServer.Dav.Xml;
using Calendaring.ICalendar;

namespace CalDavServer.Dav.Reports.CalendarData;

/// <summary>Writes calendar-data (RFC 4791 §9.6): the bytes as they are, or the parts and expansions that were asked for.</summary>
internal static class CalendarDataWriter
{
    /// <summary>Writes <c>&lt;C:calendar-data&gt;…&lt;/C:calendar-data&gt;</c>.</summary>
    /// <param name="output">Where.</param>
    /// <param name="calendarData">The request's element, compiled.</param>
    /// <param name="bytes">The representation.</param>
    /// <exception cref="FormatException">The bytes are not an iCalendar object.</exception>
    /// <exception cref="ExpansionLimitException">The object has more occurrences than may be returned.</exception>
    public static void Write(XmlUtf8Writer output, XElement calendarData, ReadOnlyMemory<byte> bytes)
    {
        var request = CalendarDataRequest.Of(calendarData);
        output.Raw("<C:calendar-data>"u8);
        if (!request.IsWhole) WriteParts(output, Parts(request, CalendarObject.Parse(bytes)));
        else if (Utf8.IsValid(bytes.Span)) WriteWhole(output, bytes);
        else if (CalendarObject.TryParse(bytes, out var folded, out _)) WriteParts(output, folded.Calendar);
        else output.TextUtf8(bytes.Span);
        output.Raw("</C:calendar-data>"u8);
    }

    private static void WriteWhole(XmlUtf8Writer output, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < LongText.LeastData) output.TextUtf8(bytes.Span);
        else output.Long(new LongText.Data([bytes]));
    }

    // what is made here, and what has a fold within a character, which XML cannot carry
    private static void WriteParts(XmlUtf8Writer output, Component calendar)
    {
        if (calendar.Length >= LongText.LeastData)
        {
            output.Long(new LongText.Data(calendar.GeneratedLines()));
            return;
        }

        foreach (var line in calendar.GeneratedLines()) output.TextUtf8(line.Span);
    }

    private static Component Parts(CalendarDataRequest request, CalendarObject source)
    {
        // what is expanded is selected as it is made
        if (request.Expand is { } window) return Expansion.Expand(source, window, request);
        if (request.LimitRecurrenceSet is { } range) source = RecurrenceLimit.Apply(source, range, request);
        if (request.LimitFreeBusySet is { } busy) source = FreeBusyLimit.Apply(source, busy, request.Floating);
        return request.Selection.Select(source.Calendar);
    }
}

/// <summary>An answer would have more occurrences, or more of them, than the server returns: DAV:number-of-matches-within-limits (RFC 4791 §7.8).</summary>
/// <param name="sentence">What is too much, for the person.</param>
internal sealed class ExpansionLimitException(string sentence) : Exception(sentence);
