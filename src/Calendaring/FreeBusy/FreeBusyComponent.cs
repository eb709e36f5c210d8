using Calendaring.ICalendar;
using NodaTime;

namespace Calendaring.FreeBusy;

/// <summary>Writes busy times as a VFREEBUSY (RFC 5545 §3.6.4).</summary>
public static class FreeBusyComponent
{
    /// <summary>An iCalendar object with one VFREEBUSY.</summary>
    /// <param name="periods">The busy times in order.</param>
    /// <param name="start">Start of the range that was asked for.</param>
    /// <param name="end">Its end (exclusive).</param>
    /// <param name="now">For DTSTAMP.</param>
    /// <param name="method">METHOD of a scheduling message, or null.</param>
    /// <param name="extra">Further properties of the VFREEBUSY, such as UID, ORGANIZER and ATTENDEE.</param>
    public static CalendarObject Create(IReadOnlyList<BusyPeriod> periods, Instant start, Instant end, Instant now, string? method = null, params ReadOnlySpan<ContentLine> extra)
    {
        ArgumentNullException.ThrowIfNull(periods);
        var calendar = new Component("VCALENDAR");
        calendar.Add(ContentLine.Create("VERSION", "2.0"));
        calendar.Add(ContentLine.Create("PRODID", "-//CalendarSync//CalendarSync//EN"));
        if (method is not null) calendar.Add(ContentLine.Create("METHOD", method));
        var component = new Component("VFREEBUSY");
        foreach (var line in extra) component.Add(line);
        component.Add(ContentLine.CreateTime("DTSTAMP", CalendarTime.OfUtc(now)));
        component.Add(ContentLine.CreateTime("DTSTART", CalendarTime.OfUtc(start)));
        component.Add(ContentLine.CreateTime("DTEND", CalendarTime.OfUtc(end)));
        foreach (var period in periods)
        {
            var value = $"{CalendarTime.OfUtc(period.Start)}/{CalendarTime.OfUtc(period.End)}";
            component.Add(period.Type switch
            {
                BusyType.Tentative => ContentLine.Create("FREEBUSY", value, new Parameter("FBTYPE", ["BUSY-TENTATIVE"])),
                BusyType.Unavailable => ContentLine.Create("FREEBUSY", value, new Parameter("FBTYPE", ["BUSY-UNAVAILABLE"])),
                _ => ContentLine.Create("FREEBUSY", value),
            });
        }

        calendar.Add(component);
        return new CalendarObject(calendar);
    }
}
