using Calendaring.ICalendar;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>
/// Writes what a level is shown of an appointment that was written above it: of any patient appointment below full name, and of a personal
/// one below the level of who wrote it (docs/rules.md P6). Everything is made again from a list of what may leave: times, the rule, the
/// identity, a summary of that level, of a patient appointment from <see cref="PrivacyLevel.Type"/> on the location, and what was written
/// at that level or below. Nothing is copied because it is not known to be secret: a parameter or property that is not named here does not
/// leave.
/// </summary>
internal static class Projection
{
    /// <summary>What others see of a private appointment.</summary>
    public const string HiddenTitle = "Private";

    /// <summary>PRODID of what is written here.</summary>
    public const string ProductId = "-//CalendarSync//Diary//EN";

    public static CalendarObject Of(CalendarObject full, AppointmentDetails details, PrivacyLevel level)
    {
        details = AdditionLevels.Placed(full, details);
        var calendar = new Component("VCALENDAR");
        calendar.Add(ContentLine.Create("VERSION", "2.0"));
        calendar.Add(ContentLine.Create("PRODID", ProductId));
        foreach (var zone in full.Calendar.Components.Where(component => component.Name == "VTIMEZONE")) calendar.Add(Zone(zone));
        foreach (var (place, component) in Additions.Components(full))
        {
            var shown = component == full.Calendar ? calendar : Event(component, details, level);
            AdditionLevels.CopyShown(component, place, shown, level, details);
            if (shown == calendar) continue;
            if (shown.Find("SUMMARY") is null) shown.Add(ContentLine.CreateText("SUMMARY", TitleOf(component, details, level)));
            calendar.Add(shown);
        }

        ShownZones.Tidy(calendar);
        return new CalendarObject(calendar);
    }

    /// <summary>A private appointment as an account sees it from which it is hidden: when the practitioner is busy, and nothing that anybody wrote.</summary>
    public static CalendarObject Busy(CalendarObject full, AppointmentDetails details) => Of(full, details with { Additions = [] }, PrivacyLevel.Busy);

    /// <summary>A private event as others see it: that there is one, and when.</summary>
    public static Component Hidden(Component full)
    {
        var shown = new Component("VEVENT");
        CopyTimes(full, shown);
        shown.Add(ContentLine.CreateText("SUMMARY", HiddenTitle));
        shown.Add(ContentLine.Create("CLASS", "PRIVATE"));
        if (EventFlags.IsTransparent(full)) shown.Add(ContentLine.Create("TRANSP", "TRANSPARENT"));
        return shown;
    }

    /// <summary>Tasks and notes are in ordinary calendars only.</summary>
    private static string TitleOf(Component full, AppointmentDetails details, PrivacyLevel level) => full.Name switch
    {
        "VTODO" => "Task",
        "VJOURNAL" => "Note",
        _ => SummaryLine.Of(details, level),
    };

    private static Component Event(Component full, AppointmentDetails details, PrivacyLevel level)
    {
        var shown = new Component(full.Name);
        CopyTimes(full, shown);
        if (details.Kind == AppointmentKind.Personal) CopyFlags(full, shown);
        else if (level >= PrivacyLevel.Type && full.Find("LOCATION") is { } location) shown.Add(ContentLine.CreateText("LOCATION", location.Text));
        return shown;
    }

    /// <summary>What a personal event says in one word of a few.</summary>
    private static void CopyFlags(Component full, Component shown)
    {
        if (EventFlags.IsTransparent(full)) shown.Add(ContentLine.Create("TRANSP", "TRANSPARENT"));
        if (EventFlags.IsPrivate(full)) shown.Add(ContentLine.Create("CLASS", "PRIVATE"));
    }

    /// <summary>Which event it is, when, how it repeats, and whether it takes place.</summary>
    private static void CopyTimes(Component full, Component shown)
    {
        foreach (var line in full.Properties)
        {
            switch (line.Name)
            {
                case "UID":
                    shown.Add(ContentLine.Create("UID", line.RawValue));
                    break;
                case "RECURRENCE-ID":
                    CopyRecurrenceId(line, shown);
                    break;
                case "DTSTART" or "DTEND" or "DUE" or "COMPLETED" or "DTSTAMP" or "CREATED" or "LAST-MODIFIED":
                    CopyTime(line, shown);
                    break;
                case "RDATE" or "EXDATE":
                    CopyTimes(line, shown);
                    break;
                case "DURATION" when line.TryReadDuration(out _):
                    shown.Add(ContentLine.Create("DURATION", line.RawValue));
                    break;
                case "RRULE" or "EXRULE" when RuleMeaning.Read(line.RawValue) is { } rule:
                    shown.Add(ContentLine.Create(line.Name, rule.WithoutExtensions().ToText()));
                    break;
                case "SEQUENCE" or "PERCENT-COMPLETE" when line.TryReadInteger(out _):
                    shown.Add(ContentLine.Create(line.Name, line.RawValue));
                    break;
                case "STATUS" when line.RawValue is "CONFIRMED" or "TENTATIVE" or "CANCELLED" or "NEEDS-ACTION" or "IN-PROCESS" or "COMPLETED" or "DRAFT" or "FINAL":
                    shown.Add(ContentLine.Create("STATUS", line.RawValue));
                    break;
            }
        }
    }

    /// <summary>A time zone without names and comments: the rules only.</summary>
    private static Component Zone(Component full)
    {
        var shown = new Component(full.Name);
        foreach (var line in full.Properties)
        {
            switch (line.Name)
            {
                case "TZID":
                    shown.Add(ContentLine.Create("TZID", line.RawValue));
                    break;
                case "TZOFFSETFROM" or "TZOFFSETTO" when line.TryReadOffset(out _):
                    shown.Add(ContentLine.Create(line.Name, line.RawValue));
                    break;
                case "DTSTART":
                    CopyTime(line, shown);
                    break;
                case "RDATE":
                    CopyTimes(line, shown);
                    break;
                case "RRULE" when RuleMeaning.Read(line.RawValue) is { } rule:
                    shown.Add(ContentLine.Create("RRULE", rule.WithoutExtensions().ToText()));
                    break;
            }
        }

        foreach (var child in full.Components)
        {
            if (child.Name is "STANDARD" or "DAYLIGHT") shown.Add(Zone(child));
        }

        return shown;
    }

    /// <summary>An occurrence, and whether it stands for all that follow (RFC 5545 §3.2.13).</summary>
    private static void CopyRecurrenceId(ContentLine line, Component shown)
    {
        if (!line.TryReadTime(out var time)) return;
        var id = ContentLine.CreateTime(line.Name, time);
        var goesOn = "THISANDFUTURE".Equals(line.Parameter("RANGE"), StringComparison.OrdinalIgnoreCase);
        shown.Add(goesOn ? ContentLine.Create(id.Name, id.RawValue, [.. id.Parameters, new Parameter("RANGE", "THISANDFUTURE")]) : id);
    }

    private static void CopyTime(ContentLine line, Component shown)
    {
        if (line.TryReadTime(out var time)) shown.Add(ContentLine.CreateTime(line.Name, time));
    }

    /// <summary>The value is a list of times and nothing else; of the parameters only the two that say how to read it are kept.</summary>
    private static void CopyTimes(ContentLine line, Component shown)
    {
        if (!line.TryReadPeriods(out var periods)) return;
        List<Parameter> parameters = [];
        if (periods[0].Start.IsDate) parameters.Add(new Parameter("VALUE", ["DATE"]));
        else if (periods[0].End is not null || periods[0].Duration is not null) parameters.Add(new Parameter("VALUE", ["PERIOD"]));
        if (periods[0].Start.TimeZoneId is { } zone) parameters.Add(new Parameter("TZID", [zone]));
        shown.Add(ContentLine.Create(line.Name, line.RawValue, [.. parameters]));
    }
}
