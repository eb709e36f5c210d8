using System.Globalization;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;
using NodaTime.TimeZones;
using Practice.Appointments;
using Practice.Diaries;

namespace CalDavServer.Web.Calendar;

/// <summary>How the calendar's pages say dates, times, states and repeats.</summary>
internal static class Words
{
    public static string Time(LocalTime time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    public static string Time(int minute) => minute >= DayColumn.Minutes ? "24:00" : string.Create(CultureInfo.InvariantCulture, $"{minute / 60:00}:{minute % 60:00}");

    public static string Day(LocalDate date) => date.ToString("dddd d MMMM uuuu", CultureInfo.InvariantCulture);

    public static string ShortDay(LocalDate date) => date.ToString("ddd d MMM", CultureInfo.InvariantCulture);

    public static string Moment(ZonedDateTime time) => time.ToString("d MMMM uuuu', 'HH:mm", CultureInfo.InvariantCulture);

    /// <summary>How far a zone is from UTC on the days that are shown: "UTC+11:00", or both where the clocks change in between.</summary>
    public static string Offsets(DateTimeZone zone, LocalDate first, LocalDate last)
    {
        var (from, until) = (zone.AtStartOfDay(first).ToInstant(), zone.AtStartOfDay(last.PlusDays(1)).ToInstant());
        var intervals = zone.GetZoneIntervals(new Interval(from, until), ZoneEqualityComparer.Options.OnlyMatchWallOffset).ToList();
        return string.Join(", ", intervals.Select((interval, index) => index == 0 ? Offset(interval) : $"from {ShortDay(interval.IsoLocalStart.Date)} {Offset(interval)}"));
    }

    private static string Offset(ZoneInterval interval) => $"UTC{interval.WallOffset.ToString("m", CultureInfo.InvariantCulture)}";

    /// <summary>The title of a page about an appointment: when it is, and not who comes, since titles stay in the history of a browser.</summary>
    public static string PageTitle(string what, Appointment appointment) => $"{what}, {ShortDay(appointment.Start.Date)}{(appointment.AllDay ? "" : $" {Time(appointment.Start.TimeOfDay)}")}";

    /// <summary>When an appointment is, in full.</summary>
    public static string When(Appointment appointment)
    {
        var (start, end) = (appointment.Start, appointment.End);
        if (appointment.AllDay)
        {
            var last = LocalDate.Max(start.Date, end.Date.PlusDays(-1));
            return last == start.Date ? $"{Day(start.Date)}, all day" : $"{Day(start.Date)} to {Day(last)}, all day";
        }

        return end.Date == start.Date
            ? $"{Day(start.Date)}, {Time(start.TimeOfDay)}–{Time(end.TimeOfDay)}"
            : $"{Day(start.Date)}, {Time(start.TimeOfDay)} to {Day(end.Date)}, {Time(end.TimeOfDay)}";
    }

    public static string Title(Appointment appointment) => appointment.Title.Length > 0 ? appointment.Title : "(no title)";

    /// <summary>Where there is little room: who comes.</summary>
    public static string ShortTitle(Appointment appointment) =>
        appointment.Patients.Count == 0 ? Title(appointment) : string.Join(", ", appointment.Patients.Select(patient => patient.FullName));

    public static string Status(AppointmentStatus status) => status switch
    {
        AppointmentStatus.Booked => "Booked",
        AppointmentStatus.Confirmed => "Confirmed",
        AppointmentStatus.Attended => "Attended",
        AppointmentStatus.Cancelled => "Cancelled",
        AppointmentStatus.DidNotAttend => "Did not attend",
        _ => "Not taken",
    };

    /// <summary>What is said of an appointment beside its title, to those who do not see its colour.</summary>
    public static string Kind(Appointment appointment)
    {
        var kind = appointment.Kind == AppointmentKind.Personal ? "Personal appointment" : appointment.OnlineBooking ? "Online booking" : "Patient appointment";
        if (appointment.Private) kind += ", private";
        return appointment.Status == AppointmentStatus.Booked ? kind : $"{kind}, {Status(appointment.Status).ToLowerInvariant()}";
    }

    /// <summary>The classes that colour an appointment.</summary>
    public static string Classes(Appointment appointment)
    {
        var kind = appointment.Kind == AppointmentKind.Personal ? "personal" : appointment.OnlineBooking ? "online" : "patient";
        var tint = GridStyles.Tint(appointment.Colour) is { } chosen ? $" {chosen}" : "";
        var marks = $"{tint}{(appointment.Private ? " private" : "")}";
        return appointment.TakesPlace ? $"{kind}{marks}" : $"{kind}{marks} gone";
    }

    /// <summary>Of a series that was moved, how many stayed; nothing when all moved.</summary>
    public static string Stayed(int count) => count switch
    {
        0 => "",
        1 => " One appointment of the series stayed where it was: it has taken place, or has an invoice or a clinical note.",
        _ => string.Create(CultureInfo.InvariantCulture, $" {count} appointments of the series stayed where they were: they have taken place, or have an invoice or a clinical note."),
    };

    /// <summary>What it means that a personal appointment is private, to whoever is about to make it so.</summary>
    public static string AboutPrivate(AppointmentForm form)
    {
        var (inPractice, who, chosen, whose) = form.IsAnothers
            ? ("In the practice, only the practitioner whose calendar it is in then sees what it says, or can undo this. You and everybody else, and whoever reads the feed, see only “Private” and when it is.", "the practitioner is", "was chosen", "Their")
            : ("Others in the practice, and whoever reads your feed, see only “Private” and when it is.", "you are", "you chose", "Your");
        var known = form.Existing ? " An account in which it was made, or was marked private, shows all of it." : "";
        var others = form.OfSeries ? " If one of a series is private, linked accounts and the feed do not show what the others say either." : "";
        return $"{inPractice} Linked accounts, such as Google or Outlook, show that {who} busy, or nothing, as {chosen} for each link.{known}{others} {whose} own devices show it like any other appointment.";
    }

    /// <summary>How an appointment repeats.</summary>
    /// <param name="rule">The RRULE.</param>
    /// <param name="zone">The time zone in which it ends on a day: an UNTIL is in UTC (RFC 5545 §3.3.10); null where that is not known.</param>
    public static string Repeat(string rule, DateTimeZone? zone)
    {
        if (!RecurrenceRule.TryParse(rule, out var read, out _) || Unit(read.Frequency) is not { } unit) return "by its own rule";
        var every = read.Interval == 1 ? $"every {unit}" : string.Create(CultureInfo.InvariantCulture, $"every {read.Interval} {unit}s");
        if (read.ByDay.Count > 0 && read.ByDay.All(day => day.Ordinal == 0)) every += $" on {List([.. read.ByDay.Select(day => day.Day.ToString())])}";
        else if (read is { ByDay: [{ Ordinal: >= -1 and <= 5 } only], BySetPosition.Count: 0 } && (read.Frequency == Frequency.Monthly || (read.Frequency == Frequency.Yearly && read.ByMonth.Count == 1)))
            every += $" on the {(only.Ordinal == -1 ? "last" : Ordinal(only.Ordinal))} {only.Day}";
        else if (read.ByDay.Count > 0 || read.BySetPosition.Count > 0) return "by its own rule";
        if (read.Count is { } count) every += string.Create(CultureInfo.InvariantCulture, $", {(read.Until is null ? "" : "at most ")}{count} times");
        if (read.Until is { } until) every += $", until {DayOf(until, zone).ToString("d MMMM uuuu", CultureInfo.InvariantCulture)}";
        return every;
    }

    /// <summary>The day of the month, e.g. <c>the 14th</c>.</summary>
    public static string DayOfMonth(LocalDate date) => $"the {Ordinal(date.Day)}";

    /// <summary>Which of its weekday in the month, e.g. <c>the 2nd Tuesday</c>.</summary>
    public static string WeekOfMonth(LocalDate date) => $"the {Ordinal(((date.Day - 1) / 7) + 1)} {date.DayOfWeek}";

    private static LocalDate DayOf(CalendarTime until, DateTimeZone? zone) =>
        until.Kind == CalendarTimeKind.Utc && zone is not null ? until.Local.InUtc().WithZone(zone).Date : until.Local.Date;

    private static string Ordinal(int number)
    {
        var ending = (number % 100) is >= 11 and <= 13 ? "th" : (number % 10) switch { 1 => "st", 2 => "nd", 3 => "rd", _ => "th" };
        return string.Create(CultureInfo.InvariantCulture, $"{number}{ending}");
    }

    public static string List(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";

    private static string? Unit(Frequency frequency) => frequency switch
    {
        Frequency.Daily => "day",
        Frequency.Weekly => "week",
        Frequency.Monthly => "month",
        Frequency.Yearly => "year",
        _ => null,
    };
}
