using System.Globalization;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using NodaTime;
using NodaTime.Text;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Groups;

namespace CalDavServer.Web.Calendar;

/// <summary>A row of the form: one patient. An empty row is none.</summary>
internal sealed class PatientRow
{
    public string? GivenName { get; set; }

    public string? FamilyName { get; set; }

    public string? Reference { get; set; }

    public string? Phone { get; set; }

    public bool IsEmpty => string.IsNullOrWhiteSpace(GivenName + FamilyName + Reference + Phone);
}

/// <summary>An appointment type that has been used lately, with what the latest appointment of it had.</summary>
/// <param name="Name">The type.</param>
/// <param name="Minutes">How long it was.</param>
/// <param name="Fee">Its fee as it is typed, or null.</param>
internal sealed record KnownType(string Name, int Minutes, string? Fee);

/// <summary>Something else at the time of an appointment.</summary>
/// <param name="Appointment">What.</param>
/// <param name="Practitioner">In whose calendar, where there are several.</param>
internal sealed record Clash(Appointment Appointment, string? Practitioner = null);

/// <summary>
/// What is typed into the form of an appointment, as it is typed; and what is wrong with it, by field. Reading a field that is wrong notes a
/// sentence beside it.
/// </summary>
internal sealed class AppointmentForm
{
    public const string Patient = "patient";
    public const string Personal = "personal";
    public const string Stop = "stop";
    private const int MostMinutes = 366 * 24 * 60;

    private static readonly Dictionary<string, Frequency> Units =
        new() { ["day"] = Frequency.Daily, ["week"] = Frequency.Weekly, ["month"] = Frequency.Monthly, ["year"] = Frequency.Yearly };

    public string? Kind { get; set; }

    public string? Date { get; set; }

    public string? Start { get; set; }

    public string? Minutes { get; set; }

    /// <summary>Whether it takes whole days; null where the form does not say, and it is as it was.</summary>
    public bool? AllDay { get; set; }

    [BindNever]
    public bool IsAllDay => AllDay == true;

    public string? LastDay { get; set; }

    public string? Title { get; set; }

    public string? Type { get; set; }

    public string? Fee { get; set; }

    public string? Location { get; set; }

    public string? Comments { get; set; }

    public string? Colour { get; set; }

    /// <summary>Whether only its practitioner is to see what it says; null where the form does not say, and it is as it was.</summary>
    public bool? Private { get; set; }

    public List<PatientRow> Patients { get; set; } = [];

    /// <summary><c>day</c>, <c>week</c>, <c>month</c>, <c>year</c>; <see cref="Stop"/>; empty for none, or as it is.</summary>
    public string? Repeat { get; set; }

    public string? Every { get; set; }

    public List<string> Days { get; set; } = [];

    /// <summary>Of months and years: <c>nth</c> for the 2nd Tuesday, <c>last</c> for the last; empty for the day of the month.</summary>
    public string? MonthDay { get; set; }

    /// <summary><c>until</c>, <c>count</c>, or empty for no end.</summary>
    public string? Ends { get; set; }

    public string? Until { get; set; }

    public string? Count { get; set; }

    /// <summary>Whether the person has seen what else is there at this time, and books it anyway.</summary>
    public bool Anyway { get; set; }

    /// <summary>Whether it is an appointment that exists already.</summary>
    [BindNever]
    public bool Existing { get; set; }

    /// <summary>Whether it is kept in Halaxy, where only its times and comments can be changed from here.</summary>
    [BindNever]
    public bool IsInHalaxy { get; set; }

    /// <summary>Whether the calendar it is in is not the person's own.</summary>
    [BindNever]
    public bool IsAnothers { get; set; }

    /// <summary>Whether it is another's and private: who is not shown what it says cannot make it public.</summary>
    [BindNever]
    public bool IsPrivateOfAnother { get; set; }

    /// <summary>How it repeats now, in words; null when it does not.</summary>
    [BindNever]
    public string? Repeats { get; set; }

    /// <summary>What else is there at this time.</summary>
    [BindNever]
    public IReadOnlyList<Clash> Clashes { get; set; } = [];

    /// <summary>Whether there was more at this time than could be compared.</summary>
    [BindNever]
    public bool NotAllCompared { get; set; }

    /// <summary>Whether the person is asked to look again before anything is booked.</summary>
    public bool Asks => Clashes.Count > 0 || NotAllCompared;

    /// <summary>How many of them are named.</summary>
    [BindNever]
    public int MostClashes { get; set; } = 5;

    /// <summary>Whether it is one of a series, which can end with it.</summary>
    [BindNever]
    public bool OfSeries { get; set; }

    /// <summary>Appointment types that have been used lately.</summary>
    [BindNever]
    public IReadOnlyList<KnownType> Types { get; set; } = [];

    /// <summary>The practice group's currency, or null.</summary>
    [BindNever]
    public Currency? Currency { get; set; }

    /// <summary>What is wrong, by field.</summary>
    [BindNever]
    public Dictionary<string, string> Problems { get; } = [];

    public bool IsPatient => Kind != Personal;

    /// <summary>The form of an appointment as it is.</summary>
    public static AppointmentForm Of(Appointment appointment, Currency? currency)
    {
        var form = WithoutRepeat(appointment, currency);
        form.ShowRepeat(appointment);
        return form;
    }

    private static AppointmentForm WithoutRepeat(Appointment appointment, Currency? currency) => new()
    {
        Kind = appointment.Kind == AppointmentKind.Patient ? Patient : Personal,
        Date = LocalDatePattern.Iso.Format(appointment.Start.Date),
        Start = Words.Time(appointment.Start.TimeOfDay),
        Minutes = LengthOf(appointment).ToString(CultureInfo.InvariantCulture),
        AllDay = appointment.AllDay,
        LastDay = LocalDatePattern.Iso.Format(LastDayOf(appointment)),
        Title = appointment.Title,
        Type = appointment.Type,
        Fee = appointment.Fee is { } fee ? Practice.Groups.Currency.Write(fee, currency) : null,
        Location = appointment.Location,
        Comments = appointment.Comments,
        Colour = appointment.Colour?.ToLowerInvariant(),
        Private = appointment.Private,
        Patients = [.. appointment.Patients.Select(patient => new PatientRow { GivenName = patient.GivenName, FamilyName = patient.FamilyName, Reference = patient.Reference, Phone = patient.Phone })],
        Existing = true,
    };

    /// <summary>Fills in the rule that is there. One that says more than the form can is only named.</summary>
    public void ShowRepeat(Appointment appointment)
    {
        OfSeries = appointment.Occurrence is not null;
        Repeats = appointment.Rule is { } text ? Words.Repeat(text, appointment.Start.Zone) : null;
        var start = appointment.Occurrence ?? appointment.Start.LocalDateTime;
        if (appointment.Rule is not { } written || !RecurrenceRule.TryParse(written, out var rule, out _)) return;
        var first = appointment.AllDay ? CalendarTime.OfDate(start.Date) : new CalendarTime(start, CalendarTimeKind.Zoned, appointment.Start.Zone.Id);
        var said = rule.Given(first, appointment.Start.Zone);
        if (!Repeating.CanSay(said)) return;
        Repeat = Units.First(unit => unit.Value == said.Frequency).Key;
        Every = said.Interval.ToString(CultureInfo.InvariantCulture);
        Days = said.Frequency != Frequency.Weekly ? [] : said.ByDay.Count == 0 ? [start.DayOfWeek.ToString()] : [.. said.ByDay.Select(day => day.Day.ToString())];
        MonthDay = said.Frequency is Frequency.Monthly or Frequency.Yearly && said.ByDay is [var day] ? day.Ordinal == -1 ? "last" : "nth" : "";
        Ends = rule.Until is not null ? "until" : rule.Count is not null ? "count" : "";
        Until = rule.LastDay(first, appointment.Start.Zone) is { } until ? LocalDatePattern.Iso.Format(until) : null;
        Count = rule.Count?.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The start; midnight when it takes whole days.</summary>
    public LocalDateTime? ReadStart(DateTimeZone zone)
    {
        if (ReadDate(Date, nameof(Date), "Choose the day.") is not { } date) return null;
        if (IsAllDay) return date.AtMidnight();
        var time = LocalTimePattern.CreateWithInvariantCulture("H:mm").Parse((Start ?? "").Trim());
        if (!time.Success) return Refuse<LocalDateTime?>(nameof(Start), "Write the start as hours and minutes, such as 14:30.");
        var start = date + time.Value;
        return zone.MapLocal(start).Count > 0
            ? start
            : Refuse<LocalDateTime?>(nameof(Start), "On this day the clocks go forward and skip this time. Choose an earlier or a later one.");
    }

    /// <summary>How long.</summary>
    public Duration? ReadLength()
    {
        if (IsAllDay)
        {
            var first = ReadDate(Date, nameof(Date), "Choose the day.");
            var last = string.IsNullOrWhiteSpace(LastDay) ? first : ReadDate(LastDay, nameof(LastDay), "Choose the last day, or leave it empty for one day.");
            if (first is null || last is null) return null;
            return last < first
                ? Refuse<Duration?>(nameof(LastDay), "The last day is before the first. Choose the first day or a later one.")
                : Duration.FromDays(NodaTime.Period.DaysBetween(first.Value, last.Value) + 1);
        }

        return int.TryParse(Minutes, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and <= MostMinutes
            ? Duration.FromMinutes(minutes)
            : Refuse<Duration?>(nameof(Minutes), "The appointment must end after it starts: write its length in minutes, such as 45.");
    }

    public string ReadTitle() =>
        string.IsNullOrWhiteSpace(Title) ? Refuse<string>(nameof(Title), "Give it a title, so that you know what it is for.") ?? "" : Title.Trim();

    public string ReadType() =>
        string.IsNullOrWhiteSpace(Type) ? Refuse<string>(nameof(Type), "Write the appointment type, such as Standard consultation.") ?? "" : Type.Trim();

    public decimal? ReadFee()
    {
        if (string.IsNullOrWhiteSpace(Fee)) return null;
        // a comma is cents to some and thousands to others
        return decimal.TryParse(Fee.Trim().TrimStart('$'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fee) && fee < 1_000_000
            ? fee
            : Refuse<decimal?>(nameof(Fee), "Write the fee as an amount with a point and without commas, such as 1100 or 87.50.");
    }

    public IReadOnlyList<Patient> ReadPatients()
    {
        List<Patient> patients = [];
        foreach (var row in Patients.Where(row => !row.IsEmpty))
        {
            if (string.IsNullOrWhiteSpace(row.GivenName + row.FamilyName)) Refuse<string>(nameof(Patients), "Write the patient's name.");
            else if (string.IsNullOrWhiteSpace(row.Reference)) Refuse<string>(nameof(Patients), "Write each patient's reference: their number in your practice, such as PT-1001.");
            var phone = string.IsNullOrWhiteSpace(row.Phone) ? null : row.Phone.Trim();
            patients.Add(new Patient(row.Reference?.Trim() ?? "", row.GivenName?.Trim() ?? "", row.FamilyName?.Trim() ?? "", phone));
        }

        if (patients.Count == 0) Refuse<string>(nameof(Patients), "A patient appointment needs a patient: write their name and reference.");
        return patients;
    }

    /// <summary>How it is to repeat; null for not at all, or as it is.</summary>
    public RecurrenceRule? ReadRepeat()
    {
        if (Repeat is null || !Units.TryGetValue(Repeat, out var frequency)) return null;
        var every = string.IsNullOrWhiteSpace(Every) ? 1 : ReadCount(Every, nameof(Every), 1000, "Write a number from 1 to 1000.");
        var until = Ends == "until" ? ReadDate(Until, nameof(Until), "Choose the last day on which it repeats.") : null;
        var rule = new RecurrenceRule(frequency, every ?? 1)
        {
            Until = until is { } last ? CalendarTime.OfDate(last) : null,
            Count = Ends == "count" ? ReadCount(Count, nameof(Count), 10_000, "Write how many times, such as 10.") : null,
        };
        if (ReadDate(Date, nameof(Date), "Choose the day.") is not { } date) return rule;
        if (until < date) Refuse<string>(nameof(Until), "The last day is before the first appointment. Choose a later day.");
        return OnDays(rule, date);
    }

    /// <summary>The rule on the days of the week, or the one weekday of the month, that are chosen.</summary>
    private RecurrenceRule OnDays(RecurrenceRule rule, LocalDate first)
    {
        if (rule.Frequency == Frequency.Weekly)
        {
            rule = rule with { ByDay = [.. Enum.GetValues<IsoDayOfWeek>().Where(day => day != IsoDayOfWeek.None && Days.Contains(day.ToString())).Select(day => new ByDay(0, day))] };
            if (rule.ByDay.Count > 0 && !rule.ByDay.Any(day => day.IsInMonth(first)))
                Refuse<string>(nameof(Days), $"The first appointment is on a {first.DayOfWeek}: tick {first.DayOfWeek} too, or choose another day to start.");
        }
        else if (rule.Frequency is Frequency.Monthly or Frequency.Yearly && MonthDay is "nth" or "last")
        {
            var weekday = new ByDay(MonthDay == "last" ? -1 : ((first.Day - 1) / 7) + 1, first.DayOfWeek);
            if (!weekday.IsInMonth(first))
                Refuse<string>(nameof(MonthDay), $"The first appointment is not on the last {first.DayOfWeek} of its month. Choose the day of the month, or another day to start.");
            // without a month, the 2nd Tuesday of a year would be its second
            rule = rule with { ByDay = [weekday], ByMonth = rule.Frequency == Frequency.Yearly ? [first.Month] : [] };
        }

        return rule;
    }

    /// <summary>What differs from an appointment: what stays as it was is not sent, so that it can be changed where it belongs to the whole series.</summary>
    /// <param name="appointment">The appointment.</param>
    /// <param name="zone">The practice group's zone.</param>
    /// <param name="one">Whether one of a series is edited by itself: what it cannot change is then not sent.</param>
    public AppointmentEdit Against(Appointment appointment, DateTimeZone zone, bool one = false)
    {
        AllDay ??= appointment.AllDay;
        var flips = IsAllDay != appointment.AllDay;
        var start = ReadStart(zone);
        var before = Of(appointment, Currency);
        if (one && Patients.Count == 0 && Type is null && Fee is null) (Patients, Type, Fee) = (before.Patients, before.Type, before.Fee);
        var repeats = !string.IsNullOrEmpty(Repeat) && SaidOfRepeat != before.SaidOfRepeat;
        string? Text(string? now, string? was) => Normal(now) == Normal(was) ? null : Normal(now);
        var edit = new AppointmentEdit
        {
            AllDay = flips ? IsAllDay : null,
            Start = start is { } moved && (flips || moved != (IsAllDay ? appointment.Start.Date.AtMidnight() : Minute(appointment.Start.LocalDateTime))) ? moved : null,
            Length = flips || Resized(before) ? ReadLength() : null,
            Location = Text(Location, appointment.Location),
            Comments = Text(Comments, appointment.Comments),
            Repeat = repeats ? ReadRepeat() : null,
            StopsRepeating = Repeat == Stop,
        };
        if (IsInHalaxy) return new AppointmentEdit { Start = edit.Start, Length = edit.Length, Comments = edit.Comments };
        if (!IsPatient)
        {
            return edit with
            {
                Title = Normal(Title) == appointment.Title.Trim() ? null : ReadTitle(),
                Colour = Text(Colour, before.Colour),
                Private = Private == appointment.Private ? null : Private,
            };
        }

        var (patients, type, fee) = (ReadPatients(), ReadType(), ReadFee());
        return edit with
        {
            Patients = patients.SequenceEqual(appointment.Patients.Select(Bare)) ? null : patients,
            Type = type == appointment.Type?.Trim() ? null : type,
            Fee = fee == appointment.Fee ? null : fee,
            WithoutFee = appointment.Fee is not null && string.IsNullOrWhiteSpace(Fee),
        };
    }

    /// <summary>How it repeats as the form says it, without what its unit does not need.</summary>
    private (string?, string, string, string, string, string) SaidOfRepeat => (
        Repeat,
        string.IsNullOrWhiteSpace(Every) ? "1" : Every.Trim(),
        Repeat == "week" ? string.Join(',', Days.Order(StringComparer.Ordinal)) : "",
        Repeat is "month" or "year" ? MonthDay ?? "" : "",
        Ends ?? "",
        Ends == "until" ? Until ?? "" : Ends == "count" ? Count ?? "" : "");

    // a length that a device has given, such as none at all, stays as it is until it is changed here
    private bool Resized(AppointmentForm before) => IsAllDay ? LastDay != before.LastDay || Date != before.Date : Minutes != before.Minutes;

    private static Patient Bare(Patient patient) => patient with
    {
        Reference = patient.Reference.Trim(),
        GivenName = patient.GivenName.Trim(),
        FamilyName = patient.FamilyName.Trim(),
        Phone = string.IsNullOrWhiteSpace(patient.Phone) ? null : patient.Phone.Trim(),
    };

    private static string Normal(string? text) => (text ?? "").ReplaceLineEndings("\n").Trim();

    private static LocalDateTime Minute(LocalDateTime time) => time.Date + new LocalTime(time.Hour, time.Minute);

    private static long LengthOf(Appointment appointment) => (long)(appointment.End.ToInstant() - appointment.Start.ToInstant()).TotalMinutes;

    private static LocalDate LastDayOf(Appointment appointment) => LocalDate.Max(appointment.Start.Date, appointment.End.Date.PlusDays(-1));

    private LocalDate? ReadDate(string? text, string field, string problem) =>
        LocalDatePattern.Iso.Parse((text ?? "").Trim()) is { Success: true, Value: { Year: >= 1900 and <= 2200 } date } ? date : Refuse<LocalDate?>(field, problem);

    private int? ReadCount(string? text, string field, int most, string problem) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= most ? count : Refuse<int?>(field, problem);

    private T? Refuse<T>(string field, string problem)
    {
        Problems.TryAdd(field, problem);
        return default;
    }
}
