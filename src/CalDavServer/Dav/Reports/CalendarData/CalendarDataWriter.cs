using System.Xml.Linq;
using CalDavServer.Dav.Xml;
using Calendaring.ICalendar;

namespace CalDavServer.Dav.Reports.CalendarData;

/// <summary>Writes calendar-data (RFC 4791 §9.6): the octets as they are, or the parts and expansions that were asked for.</summary>
internal static class CalendarDataWriter
{
    /// <summary>Writes <c>&lt;C:calendar-data&gt;…&lt;/C:calendar-data&gt;</c>.</summary>
    /// <param name="output">Where.</param>
    /// <param name="calendarData">The request's element, compiled.</param>
    /// <param name="octets">The representation.</param>
    /// <exception cref="FormatException">The octets are not an iCalendar object.</exception>
    /// <exception cref="ExpansionLimitException">The object has more occurrences than may be returned.</exception>
    public static void Write(XmlUtf8Writer output, XElement calendarData, ReadOnlyMemory<byte> octets)
    {
        var request = CalendarDataRequest.Of(calendarData);
        output.Raw("<C:calendar-data>"u8);
        output.TextUtf8(request.IsWhole ? octets.Span : Parts(request, CalendarObject.Parse(octets)));
        output.Raw("</C:calendar-data>"u8);
    }

    private static byte[] Parts(CalendarDataRequest request, CalendarObject source)
    {
        if (request.Expand is { } window) source = Expansion.Expand(source, window, request);
        if (request.LimitRecurrenceSet is { } range) source = RecurrenceLimit.Apply(source, range, request);
        if (request.LimitFreeBusySet is { } busy) source = FreeBusyLimit.Apply(source, busy, request.Floating);
        return (request.Selection is null ? source : new CalendarObject(request.Selection.Select(source.Calendar))).ToOctets();
    }
}

/// <summary>An answer would have more occurrences than the server returns: DAV:number-of-matches-within-limits (RFC 4791 §7.8).</summary>
internal sealed class ExpansionLimitException() : Exception("More occurrences than may be returned.");
