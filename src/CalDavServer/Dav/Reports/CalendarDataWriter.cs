using System.Xml.Linq;
using CalDavServer.Dav.Xml;

namespace CalDavServer.Dav.Reports;

/// <summary>Writes calendar-data (RFC 4791 §9.6): the octets as they are, or the parts and expansions that were asked for.</summary>
internal static class CalendarDataWriter
{
    /// <summary>Writes <c>&lt;C:calendar-data&gt;…&lt;/C:calendar-data&gt;</c>.</summary>
    /// <param name="output">Where.</param>
    /// <param name="calendarData">The request's element: comp, prop, expand, limit-recurrence-set, limit-freebusy-set.</param>
    /// <param name="octets">The representation.</param>
    /// <param name="request">For the calendar's time zone and cancellation.</param>
    public static void Write(XmlUtf8Writer output, XElement calendarData, ReadOnlyMemory<byte> octets, DavRequest request) => throw new NotImplementedException();
}
