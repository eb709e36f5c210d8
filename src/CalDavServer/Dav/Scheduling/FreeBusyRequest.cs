using CalDavServer.Dav.Filters;
using Calendaring.ICalendar;
using Calendaring.TimeZones;
using Calendaring.Validation;
using NodaTime;

namespace CalDavServer.Dav.Scheduling;

/// <summary>A VFREEBUSY with METHOD:REQUEST (RFC 5546 §3.3.2).</summary>
/// <param name="Uid">Its UID.</param>
/// <param name="Organizer">Who asks.</param>
/// <param name="Attendees">Whose busy times are asked for.</param>
/// <param name="Range">When.</param>
/// <param name="MaskUid">The event being planned, which does not count as busy: an extension that Apple's clients use. Or null.</param>
internal sealed record FreeBusyRequest(ContentLine Uid, ContentLine Organizer, IReadOnlyList<ContentLine> Attendees, TimeRange Range, string? MaskUid)
{
    /// <summary>Reads a message; the error is one of the preconditions of RFC 6638 §5.</summary>
    public static DavError? TryRead(CalendarObject message, out FreeBusyRequest? request)
    {
        request = null;
        if (message.Calendar.Components is not [{ Name: "VFREEBUSY" } component])
            return Invalid("Only requests for busy times are sent from here: this server does not send invitations, the calendar app does.");
        if (message.Calendar.Find("METHOD")?.RawValue.Equals("REQUEST", StringComparison.OrdinalIgnoreCase) is not true) return Invalid("The method of the message is not REQUEST.");
        var attendees = component.FindAll("ATTENDEE").ToList();
        if (component.Find("UID") is not { } uid || component.Find("ORGANIZER") is not { } organizer || attendees.Count == 0)
            return Invalid("A request for busy times has UID, ORGANIZER and ATTENDEE.");
        if (attendees.Count > CalendarObjectLimits.Default.MaxAttendeesPerInstance)
            return DavError.Forbidden(DavNames.C("max-attendees-per-instance"), $"At most {CalendarObjectLimits.Default.MaxAttendeesPerInstance} people can be asked at once.");

        var zones = new ZoneResolver(message.Calendar, DateTimeZone.Utc);
        if (component.Find("DTSTART") is not { } dtstart || !dtstart.TryReadTime(out var from) || component.Find("DTEND") is not { } dtend || !dtend.TryReadTime(out var until))
            return Invalid("A request for busy times has DTSTART and DTEND.");
        var range = new TimeRange(zones.ToInstant(from), zones.ToInstant(until));
        if (range.Start >= range.End) return Invalid("DTEND is not later than DTSTART.");
        request = new FreeBusyRequest(uid, organizer, attendees, range, component.Find("X-CALENDARSERVER-MASK-UID")?.Text);
        return null;
    }

    private static DavError Invalid(string sentence) => DavError.Forbidden(DavNames.C("valid-scheduling-message"), sentence);
}
