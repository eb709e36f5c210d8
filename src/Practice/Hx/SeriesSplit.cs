using Calendaring.ICalendar;
using NodaTime;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>
/// Cuts a series in two at an occurrence: the head ends just before it, the tail starts with it under a UID of its own; or takes a single
/// occurrence out. Overrides, exclusions and the records of occurrences go to the side they belong to. Links to an invoice or note of the
/// whole stay with both: a removal outside must lose neither.
/// </summary>
internal static class SeriesSplit
{
    /// <param name="head">The series; it is cut here.</param>
    /// <param name="details">Its details.</param>
    /// <param name="key">The first occurrence of the tail; not the first of the series.</param>
    /// <param name="tailUid">UID of the tail.</param>
    public static (Series Tail, AppointmentDetails Head, AppointmentDetails TailDetails) At(
        Series head, AppointmentDetails details, LocalDateTime key, string tailUid)
    {
        var tail = head.Clone();
        var headUid = head.Master.Find("UID")?.RawValue;
        SplitRule(head, tail, key);
        var (_, from, until) = tail.TimesOf(tail.Master);
        tail.SetTimes(tail.Master, tail.TimeOf(key), until - from);
        Keep(head, other => other < key);
        Keep(tail, other => other >= key);
        foreach (var component in tail.Object.Events()) component.Set(ContentLine.Create("UID", tailUid));
        return (
            tail,
            details with { FollowedBy = tailUid, Occurrences = [.. details.Occurrences.Where(occurrence => occurrence.Key < key)] },
            details with { HalaxyId = null, Follows = headUid, Occurrences = [.. details.Occurrences.Where(occurrence => occurrence.Key >= key)] });
    }

    /// <summary>Takes one occurrence out of a series and makes it an appointment of its own.</summary>
    /// <param name="series">The series; it excludes the occurrence afterwards.</param>
    /// <param name="details">Its details.</param>
    /// <param name="key">The occurrence.</param>
    /// <param name="uid">UID of the new appointment.</param>
    public static (Series Single, AppointmentDetails Remaining, AppointmentDetails SingleDetails) LiftOut(
        Series series, AppointmentDetails details, LocalDateTime key, string uid)
    {
        var place = series.Overrides.ContainsKey(key) ? AdditionPlace.Of(key) : AdditionPlace.Series;
        details = AdditionLevels.Placed(series.Object, details);
        var appointment = (series.Overrides.GetValueOrDefault(key) ?? series.MakeOverride(key)).Clone();
        appointment.RemoveAll("RECURRENCE-ID");
        appointment.Set(ContentLine.Create("UID", uid));
        var single = series.Object.Clone();
        foreach (var component in single.Events().ToList()) single.Calendar.Remove(component);
        single.Calendar.Add(appointment);
        series.RemoveOverride(key);
        series.Exclude(key);
        var record = details.Occurrence(key);
        return (
            Series.Of(single)!,
            details.Without(key),
            details with
            {
                HalaxyId = null,
                Status = record?.Status ?? details.Status,
                Invoice = record?.Invoice ?? details.Invoice,
                Note = record?.Note ?? details.Note,
                Occurrences = [],
                Additions =
                [
                    .. details.Additions
                        .Where(addition => addition.Place is AdditionPlace.Calendar || addition.Place == place)
                        .Select(addition => addition.Place == place ? addition with { Place = AdditionPlace.Series } : addition),
                ],
                Follows = series.Master.Find("UID")?.RawValue,
                FollowedBy = null,
            });
    }

    private static void SplitRule(Series head, Series tail, LocalDateTime key)
    {
        if (head.ReadRule() is not { } rule) return;
        if (rule.Count is { } count)
        {
            var before = head.OccurrencesOfRule(head.InstantOf(head.Start.Local), head.InstantOf(key)).Count();
            tail.SetRule(rule with { Count = Math.Max(1, count - before) });
        }

        head.SetRule(rule.EndingBefore(head.TimeOf(key), head.InstantOf(key)));
    }

    /// <summary>Takes away the overrides, exclusions and dates that do not stay.</summary>
    public static void Keep(Series series, Func<LocalDateTime, bool> stays)
    {
        foreach (var key in series.Overrides.Keys.Where(key => !stays(key)).ToList()) series.RemoveOverride(key);
        foreach (var key in series.Exclusions.Where(key => !stays(key)).ToList()) series.Include(key);
        foreach (var line in series.Master.FindAll("RDATE").ToList())
        {
            if (line.TryReadPeriods(out var periods) && !periods.All(period => stays(series.KeyOf(period.Start)))) SplitDates(series, line, stays);
        }
    }

    private static void SplitDates(Series series, ContentLine line, Func<LocalDateTime, bool> stays)
    {
        line.TryReadPeriods(out var periods);
        var values = line.RawValue.Split(',').Where((_, index) => stays(series.KeyOf(periods![index].Start))).ToList();
        if (values.Count == 0) series.Master.Remove(line);
        else series.Master.Replace(line, ContentLine.Create(line.Name, string.Join(',', values), [.. line.Parameters]));
    }
}
