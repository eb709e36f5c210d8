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
