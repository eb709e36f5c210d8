using BenchmarkDotNet.Attributes;
using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;

namespace Benchmarks.Micro;

/// <summary>What a time-range question does to the series that may answer it. The objects are parsed before.</summary>
[MemoryDiagnoser]
public class ExpansionBenchmarks
{
    private static readonly Instant Year = Instant.FromUtc(2026, 1, 1, 0, 0);
    private static readonly Instant NextYear = Instant.FromUtc(2027, 1, 1, 0, 0);
    private static readonly Instant Week = Instant.FromUtc(2036, 1, 7, 0, 0);
    private readonly CalendarObject[] _series = [.. Enumerable.Range(0, 5).Select(number => CalendarObject.Parse(Samples.WeeklySeries(number)))];

    [Benchmark]
    public int A_year_of_5_weekly_series_with_10_EXDATE_and_10_overrides() => _series.Sum(series => Count(series, Year, NextYear));

    [Benchmark]
    public int One_week_ten_years_on() => Count(_series[0], Week, Week + Duration.FromDays(7));

    private static int Count(CalendarObject series, Instant from, Instant until) =>
        RecurrenceSet.Of(series, new ZoneResolver(series.Calendar, DateTimeZone.Utc)).Between(from, until, new ExpansionBudget(ExpansionBudget.DefaultSteps)).Count();
}
