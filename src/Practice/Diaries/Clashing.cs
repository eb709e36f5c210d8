using NodaTime;

namespace Practice.Diaries;

/// <summary>An appointment, or those of its series, that share their time with something else.</summary>
/// <param name="Count">How many do.</param>
/// <param name="First">The first of them.</param>
/// <param name="With">What else there is at its time.</param>
public sealed record DoubleBooked(int Count, Appointment First, Appointment With);

/// <summary>What else is in a diary at the time of an appointment. Double booking is allowed: people are asked or told (docs/rules.md A9).</summary>
public static class Clashing
{
    /// <summary>How far ahead the appointments of a series are compared with what else there is.</summary>
    public static LocalDateTime ComparedUntil(LocalDateTime start) => start.PlusMonths(6);

    /// <summary>What else takes place when an appointment does, by start, the appointment itself left out.</summary>
    /// <param name="diary">The diary.</param>
    /// <param name="starts">When the appointment, or each of its series, starts.</param>
    /// <param name="length">How long each takes.</param>
    /// <param name="zone">The practice group's time zone.</param>
    /// <param name="budget">What may be read.</param>
    /// <param name="allDay">Whether each takes whole days, which are not all of 24 hours.</param>
    /// <param name="own">The appointment's id; null for one that is not in the diary yet.</param>
    /// <exception cref="DiaryException">There is no such practitioner.</exception>
    public static async Task<IReadOnlyList<Appointment>> ClashesAsync(
        this Diary diary, IReadOnlyList<LocalDateTime> starts, Duration length, DateTimeZone zone, DiaryBudget budget, bool allDay = false, string? own = null)
    {
        var spans = starts.Select(start => (From: start.InZoneLeniently(zone).ToInstant(), Until: EndOf(start, length, zone, allDay))).ToList();
        var times = new Spans(spans);
        var others = await diary.ListAsync(spans.Min(span => span.From), spans.Max(span => span.Until), budget);
        return [.. others.Where(other => other.Id != own && other.TakesTime && times.Meet(other.Start.ToInstant(), other.End.ToInstant()))];
    }

    /// <summary>When an appointment starts that is moved, and as far as is foreseen those of its series that move with it.</summary>
    /// <param name="diary">The diary that it is in.</param>
    /// <param name="appointment">The appointment as it is.</param>
    /// <param name="scope">How much of its series moves.</param>
    /// <param name="start">Its new start.</param>
    /// <param name="now">The current time: what is over is left out.</param>
    /// <param name="budget">What may be read.</param>
    /// <exception cref="DiaryException">There is no such practitioner.</exception>
    public static async Task<IReadOnlyList<LocalDateTime>> StartsAfterMoveAsync(
        this Diary diary, Appointment appointment, SeriesScope scope, LocalDateTime start, Instant now, DiaryBudget budget)
    {
        if (appointment.Occurrence is null ? appointment.Rule is null : scope == SeriesScope.ThisOne) return [start];
        var before = appointment.Start.LocalDateTime;
        var by = Period.Between(before, start, PeriodUnits.Days | PeriodUnits.Minutes);
        // of all of a series those move too that come before this one
        var from = appointment.Occurrence is not null && scope == SeriesScope.All ? Instant.Min(now, appointment.Start.ToInstant()) : appointment.Start.ToInstant();
        var series = await diary.ListAsync(from, ComparedUntil(before).InZoneLeniently(appointment.Start.Zone).ToInstant(), budget);
        return [start, .. series.Where(other => other.Id == appointment.Id && other.Start.LocalDateTime != before && other.Start.ToInstant() >= from).Select(other => other.Start.LocalDateTime + by)];
    }

    /// <summary>What is at the same time as an appointment that has been moved; null when nothing is.</summary>
    /// <param name="diary">The diary that it is in now.</param>
    /// <param name="moved">The appointment as it is now.</param>
    /// <param name="alone">Whether it alone was moved, and not those of its series that are to come.</param>
    /// <param name="start">Where it was moved to.</param>
    /// <param name="now">The current time: what is over is left out.</param>
    /// <param name="budget">What may be read.</param>
    /// <exception cref="DiaryException">There is no such practitioner.</exception>
    public static async Task<DoubleBooked?> FindDoubleBookedAsync(this Diary diary, Appointment moved, bool alone, ZonedDateTime start, Instant now, DiaryBudget budget)
    {
        if (moved.Transparent) return null;
        var (from, until) = alone
            ? (moved.Start.ToInstant(), moved.End.ToInstant())
            : (Instant.Min(now, start.ToInstant()), ComparedUntil(start.LocalDateTime).InZoneLeniently(start.Zone).ToInstant());
        var taken = (await diary.ListAsync(from, until, budget)).Where(static other => other.TakesTime).ToLookup(other => other.Id == moved.Id);
        var others = new Spans(taken[false].Select(other => (other.Start.ToInstant(), other.End.ToInstant())));
        var clashes = (alone ? [moved] : taken[true]).Where(one => others.Meet(one.Start.ToInstant(), one.End.ToInstant())).ToList();
        return clashes is [var first, ..] ? new DoubleBooked(clashes.Count, first, taken[false].First(other => Meets(other, first))) : null;
    }

    private static bool Meets(Appointment one, Appointment other) => one.Start.ToInstant() < other.End.ToInstant() && other.Start.ToInstant() < one.End.ToInstant();

    private static Instant EndOf(LocalDateTime start, Duration length, DateTimeZone zone, bool allDay) => allDay
        ? start.Date.PlusDays((int)Math.Round(length.TotalDays)).AtStartOfDayInZone(zone).ToInstant()
        : start.InZoneLeniently(zone).ToInstant() + length;
}
