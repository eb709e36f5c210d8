using NodaTime;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>Ends a series with one of its occurrences. What comes after it is no more, but for what has happened or is linked to something.</summary>
internal static class SeriesEnd
{
    public static void After(Series series, AppointmentDetails details, LocalDateTime last)
    {
        var kept = details.Occurrences.Where(record => record.Key > last && Stays(record)).Select(record => record.Key).ToHashSet();
        var next = series.TimeOf(series.Start.IsDate ? last.PlusDays(1) : last.PlusSeconds(1));
        if (series.ReadRule() is { } rule) series.SetRule(rule.EndingBefore(next, series.InstantOf(next)));
        SeriesSplit.Keep(series, key => key <= last || kept.Contains(key));
        foreach (var key in kept.Where(key => !series.Dates.Contains(key))) series.AddDate(key);
        if (IsSingle(series, details, last)) series.Master.RemoveAll("RRULE");
    }

    private static bool Stays(OccurrenceRecord record) =>
        !record.Removed && (record.Protected || record.Status is AppointmentStatus.Attended or AppointmentStatus.DidNotAttend);

    /// <summary>Whether nothing hangs on the occurrences any more: it is an appointment that does not repeat.</summary>
    private static bool IsSingle(Series series, AppointmentDetails details, LocalDateTime last) =>
        last == series.Start.Local && series.Overrides.Count == 0 && series.Exclusions.Count == 0 && details.Occurrences.Count == 0 && series.Master.Find("RDATE") is null;
}
