using System.Text;
using Calendaring.ICalendar;
using Calendaring.TimeZones;
using NodaTime;
using Practice.Appointments;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>
/// Writes what the diary knows into an appointment's calendar object. The object holds the whole; what leaves is decided by <see
/// cref="HxCalendar"/>.
/// </summary>
internal static class AppointmentWriter
{
    private static readonly HashSet<string> Own =
    [
        "UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "EXRULE", "RDATE",
        "EXDATE", "SUMMARY", "LOCATION", "DESCRIPTION", "COLOR", "CLASS", "TRANSP", "STATUS", "CONTACT",
    ];

    /// <summary>A new appointment. Its time zone is defined from a year before it: it may be moved back.</summary>
    public static Series Make(string uid, CalendarTime start, Duration length, DateTimeZone zone, Instant now)
    {
        var calendar = new Component("VCALENDAR");
        calendar.Add(ContentLine.Create("VERSION", "2.0"));
        calendar.Add(ContentLine.Create("PRODID", Projection.ProductId));
        if (start.Kind == CalendarTimeKind.Zoned) calendar.Add(ZoneDefinition.Of(zone, start.Local.PlusYears(-1)));
        var made = CalendarTime.OfUtc(Instant.FromUnixTimeSeconds(now.ToUnixTimeSeconds()));
        var appointment = new Component("VEVENT");
        appointment.Add(ContentLine.Create("UID", uid));
        appointment.Add(ContentLine.CreateTime("DTSTAMP", made));
        appointment.Add(ContentLine.CreateTime("CREATED", made));
        appointment.Add(ContentLine.CreateTime("LAST-MODIFIED", made));
        appointment.Add(ContentLine.Create("SEQUENCE", "0"));
        appointment.Add(ContentLine.CreateTime("DTSTART", start));
        calendar.Add(appointment);
        var series = Series.Of(new CalendarObject(calendar), zone)!;
        series.SetTimes(appointment, series.Start, length);
        return series;
    }

    /// <summary>A start as it is written: in its zone; in UTC where the clocks show it twice and the later is meant, which a local time cannot say.</summary>
    public static CalendarTime TimeOf(LocalDateTime start, bool allDay, DateTimeZone zone, bool later = false)
    {
        if (allDay) return CalendarTime.OfDate(start.Date);
        var meant = RepeatedHour.At(start, zone, later);
        return RepeatedHour.IsLater(meant) ? CalendarTime.OfUtc(meant.ToInstant()) : new CalendarTime(start, CalendarTimeKind.Zoned, zone.Id);
    }

    /// <summary>
    /// An appointment for another diary: what the practice knows of it. What apps added for themselves, and whom they invited, stays with the
    /// practitioner whose apps they are.
    /// </summary>
    public static Series Copy(Series series, string uid, DateTimeZone floating)
    {
        var calendar = new Component("VCALENDAR");
        calendar.Add(ContentLine.Create("VERSION", "2.0"));
        calendar.Add(ContentLine.Create("PRODID", Projection.ProductId));
        foreach (var zone in series.Object.Calendar.Components.Where(component => component.Name == "VTIMEZONE")) calendar.Add(zone.Clone());
        foreach (var appointment in series.Object.Events())
        {
            var copy = Copy(appointment);
            copy.Set(ContentLine.Create("UID", uid));
            calendar.Add(copy);
        }

        return Series.Of(new CalendarObject(calendar), floating)!;
    }

    /// <summary>The details for another diary.</summary>
    public static AppointmentDetails Copy(AppointmentDetails details) => new()
    {
        Kind = details.Kind,
        Patients = details.Patients,
        Type = details.Type,
        Status = details.Status,
        OnlineBooking = details.OnlineBooking,
        Fee = details.Fee,
        Occurrences = [.. details.Occurrences.Select(record => record with { Override = record.Override is { } text ? Copy(text) : null })],
    };

    /// <summary>Whether a copy for another diary has all of it.</summary>
    public static bool CopiesAll(CalendarObject content, AppointmentDetails details) =>
        details.IsFromDiary
        && details.Additions.Count == 0
        && content.Events().All(CopiesAll)
        && details.Occurrences.All(record => record.Override is not { } text || CalendarObject.Parse(Encoding.UTF8.GetBytes(text)).Events().All(CopiesAll));

    private static bool CopiesAll(Component appointment) => appointment.Components.Count == 0 && appointment.Properties.All(line => Own.Contains(line.Name));

    private static string Copy(string stored)
    {
        var calendar = new Component("VCALENDAR");
        foreach (var appointment in CalendarObject.Parse(Encoding.UTF8.GetBytes(stored)).Events()) calendar.Add(Copy(appointment));
        return Encoding.UTF8.GetString(new CalendarObject(calendar).ToText());
    }

    private static Component Copy(Component appointment)
    {
        var copy = new Component("VEVENT");
        foreach (var line in appointment.Properties.Where(line => Own.Contains(line.Name))) copy.Add(line);
        return copy;
    }

    public static void WriteText(Component component, string name, string? text)
    {
        if (text is null) return;
        if (text.Length == 0) component.RemoveAll(name);
        else component.Set(ContentLine.CreateText(name, text));
        // a client's own rendering of what has just changed is no longer true
        if (name == "DESCRIPTION") component.RemoveAll("X-ALT-DESC");
        if (name != "LOCATION") return;
        component.RemoveAll("GEO");
        component.RemoveAll("X-APPLE-STRUCTURED-LOCATION");
    }

    /// <summary>Writes the texts that an edit names.</summary>
    public static void WriteTexts(Component component, AppointmentEdit edit)
    {
        WriteText(component, "SUMMARY", edit.Title);
        WriteText(component, "LOCATION", edit.Location);
        WriteText(component, "DESCRIPTION", edit.Comments);
        WriteText(component, "COLOR", edit.Colour);
    }

    /// <summary>Makes events of an appointment private, or public again. What a device called confidential stays so while it is private.</summary>
    /// <returns>The details: who made it private before does not know what is made private now.</returns>
    public static AppointmentDetails WritePrivacy(Series series, IEnumerable<Component> events, AppointmentDetails details, AppointmentEdit edit)
    {
        if (edit.Private is not { } isPrivate) return details;
        var wasPrivate = series.Object.Events().Any(EventFlags.IsPrivate);
        foreach (var component in events) WritePrivacy(component, isPrivate);
        return wasPrivate && series.Object.Events().Any(EventFlags.IsPrivate) ? details : details with { MadePrivateBy = null };
    }

    /// <summary>Makes an event private, or public again.</summary>
    public static void WritePrivacy(Component component, bool isPrivate)
    {
        if (EventFlags.IsPrivate(component) == isPrivate) return;
        if (isPrivate) component.Set(ContentLine.Create("CLASS", "PRIVATE"));
        else component.RemoveAll("CLASS");
    }

    /// <summary>
    /// Writes into every event of a patient appointment what follows from its details: summary, status, how to reach the patients.
    /// </summary>
    public static void WritePatients(Series series, AppointmentDetails details)
    {
        foreach (var component in series.Object.Events()) WritePatients(component, details);
    }

    private static void WritePatients(Component component, AppointmentDetails details)
    {
        component.Set(ContentLine.CreateText("SUMMARY", SummaryLine.Of(details, PrivacyLevel.FullName)));
        component.Set(ContentLine.Create("STATUS", "CONFIRMED"));
        component.RemoveAll("CONTACT");
        foreach (var patient in details.Patients)
        {
            if (!string.IsNullOrWhiteSpace(patient.Phone)) component.Add(ContentLine.CreateText("CONTACT", $"{patient.FullName}, {patient.Phone}"));
        }
    }
}
