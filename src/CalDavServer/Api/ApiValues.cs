using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;
using NodaTime.Text;
using Practice.Appointments;
using Practice.Diaries;

namespace CalDavServer.Api;

/// <summary>JSON values ↔ what the diary takes and gives.</summary>
internal static class ApiValues
{
    /// <summary>A time with its zone, in the practice group's zone; and whether it is the later of two that the clocks show alike there.</summary>
    public static (LocalDateTime Local, bool Later) Start(string? text, string? zoneId, DateTimeZone practice)
    {
        if (text is null) throw ApiFault.Invalid("The appointment needs a start.");
        if (OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } offset && IsNear(offset.Value.Date))
            return Split(offset.Value.InZone(practice));
        if (!TryLocal(text, out var local) || !IsNear(local.Date))
            throw ApiFault.Invalid("The start is not an ISO 8601 time such as 2026-03-03T10:00:00+11:00.");
        if (zoneId is null) throw ApiFault.Invalid("The start has no UTC offset: give its time zone in 'zone', e.g. Australia/Melbourne.");
        var zone = TimeZoneCatalog.Find(zoneId) ?? throw ApiFault.Invalid($"'{zoneId}' is not a time zone.");
        return zone.MapLocal(local).Count == 0
            ? throw ApiFault.Invalid("That local time does not exist: the clocks go forward over it.")
            : Split(local.InZoneLeniently(zone).WithZone(practice));
    }

    private static (LocalDateTime Local, bool Later) Split(ZonedDateTime time) => (time.LocalDateTime, RepeatedHour.IsLater(time));

    /// <summary>A date.</summary>
    public static LocalDate Date(string? text, string what) =>
        LocalDatePattern.Iso.Parse(text ?? "") is { Success: true } date && IsNear(date.Value)
            ? date.Value
            : throw ApiFault.Invalid($"{what} is not an ISO 8601 date such as 2026-03-03.");

    /// <summary>An instant, or the start of a day in the practice group's zone.</summary>
    public static Instant Bound(string text, DateTimeZone practice)
    {
        if (OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true } offset && IsNear(offset.Value.Date)) return offset.Value.ToInstant();
        return LocalDatePattern.Iso.Parse(text) is { Success: true } date && IsNear(date.Value)
            ? practice.AtStartOfDay(date.Value).ToInstant()
            : throw ApiFault.Invalid("'from' and 'until' are ISO 8601: a date, or a time with its UTC offset.");
    }

    public static LocalDateTime? Occurrence(string? text)
    {
        if (text is null) return null;
        return TryLocal(text, out var local) && IsNear(local.Date)
            ? local
            : throw ApiFault.Invalid("'occurrence' must be the local time that the list of appointments gives.");
    }

    public static Duration Days(int? days) =>
        days is null or (> 0 and <= 366) ? Duration.FromDays(days ?? 1) : throw ApiFault.Invalid("An all-day appointment has 1 to 366 days.");

    /// <summary>Far from the ends of the calendar, where sums lead out of it.</summary>
    private static bool IsNear(LocalDate date) => date.Year is >= 1600 and < 3000;

    public static Duration Minutes(int? minutes) =>
        minutes is { } value ? Duration.FromMinutes(value) : throw ApiFault.Invalid("The appointment needs its length in 'minutes'.");

    public static IReadOnlyList<Patient> Patients(IReadOnlyList<ApiPatient?>? patients) =>
    [
        .. (patients ?? [])
            .Select(patient => new Patient(patient?.Reference ?? "", patient?.GivenName ?? "", patient?.FamilyName ?? "", patient?.Phone)),
    ];

    /// <summary>The rule of a repeat.</summary>
    /// <param name="repeat">The repeat.</param>
    /// <param name="start">The day of its first start: where it repeats on a weekday of the month, it is that of the start.</param>
    public static RecurrenceRule? Repeat(ApiRepeat? repeat, LocalDate? start)
    {
        if (repeat is null) return null;
        var days = (repeat.Days ?? []).Select(static day => day == DayOfWeek.Sunday ? IsoDayOfWeek.Sunday : (IsoDayOfWeek)day);
        if (repeat.WeekOfMonth is not null) days = days.DefaultIfEmpty(start?.DayOfWeek ?? IsoDayOfWeek.None);
        return new RecurrenceRule(FrequencyOf(repeat.Unit), repeat.Every ?? 1)
        {
            ByDay = [.. days.Select(day => new ByDay(repeat.WeekOfMonth ?? 0, day))],
            ByMonth = repeat is { Unit: RepeatUnit.Year, WeekOfMonth: not null } && start is { Month: var month } ? [month] : [],
            Until = repeat.Until is null ? null : CalendarTime.OfDate(Date(repeat.Until, "The end of the repeat")),
            Count = repeat.Count,
        };
    }

    private static Frequency FrequencyOf(RepeatUnit unit) => unit switch
    {
        RepeatUnit.Day => Frequency.Daily,
        RepeatUnit.Week => Frequency.Weekly,
        RepeatUnit.Month => Frequency.Monthly,
        _ => Frequency.Yearly,
    };

    public static ApiAppointment Write(Appointment appointment) => new(
        new AppointmentId(appointment.Id).ToString(),
        appointment.Occurrence is { } key ? LocalDateTimePattern.ExtendedIso.Format(key) : null,
        appointment.Kind,
        appointment.Status,
        appointment.Title,
        Write(appointment.Start, appointment.AllDay),
        Write(appointment.End, appointment.AllDay),
        appointment.AllDay,
        [.. appointment.Patients.Select(patient => new ApiPatient(patient.Reference, patient.GivenName, patient.FamilyName, patient.Phone))],
        appointment.Type,
        appointment.Location,
        appointment.Comments,
        appointment.Rule,
        appointment.OnlineBooking,
        appointment.Fee,
        appointment.Invoice,
        appointment.Note,
        appointment.Published,
        appointment.Kept is { } kept ? new ApiKept(kept.Reason, InstantPattern.ExtendedIso.Format(kept.At), kept.By) : null,
        appointment.Origin,
        AppointmentId.Write(appointment.Follows),
        AppointmentId.Write(appointment.FollowedBy),
        appointment.Version,
        appointment.Private ? true : null,
        appointment.Transparent ? true : null);

    private static ApiTime Write(ZonedDateTime time, bool allDay) => new(
        allDay ? LocalDatePattern.Iso.Format(time.Date) : LocalDateTimePattern.ExtendedIso.Format(time.LocalDateTime),
        time.Zone.Id,
        InstantPattern.ExtendedIso.Format(time.ToInstant()));

    private static bool TryLocal(string text, out LocalDateTime local)
    {
        var full = LocalDateTimePattern.ExtendedIso.Parse(text);
        var minutes = full.Success ? full : MinutePattern.Parse(text);
        local = minutes.Success ? minutes.Value : default;
        return minutes.Success;
    }

    private static readonly LocalDateTimePattern MinutePattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm");
}
