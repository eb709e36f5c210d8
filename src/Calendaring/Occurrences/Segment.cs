using Calendaring.Recurrence;
using NodaTime;

namespace Calendaring.Occurrences;

/// <summary>
/// The part of a series that one component describes: the master from the start, an override with RANGE=THISANDFUTURE from its RECURRENCE-ID on, each up to the next such
/// override. All times of a segment are moved by as much as its override was (RFC 5545 §3.2.13).
/// </summary>
internal sealed class Segment
{
    private static readonly long First = Instant.MinValue.ToUnixTimeSeconds();
    private static readonly long Last = Instant.MaxValue.ToUnixTimeSeconds();

    // a day and more is what a shift in local time can differ from one in instants
    private static readonly Duration MostMoved = Duration.FromDays(2);

    private readonly MasterRecurrence _series;
    private readonly Timing _timing;
    private readonly bool _sameZone;
    private readonly long _shift;

    /// <summary>The segment of a component.</summary>
    /// <param name="series">The series.</param>
    /// <param name="timing">The component's.</param>
    /// <param name="at">Where the series has the occurrence that the component is about.</param>
    public Segment(MasterRecurrence series, Timing timing, RecurrenceTime at)
    {
        _series = series;
        _timing = timing;
        _sameZone = timing.Clock.Zone.Equals(series.Master.Clock.Zone);
        _shift = timing.Local - (_sameZone ? at.Local : timing.Clock.ToLocal(at.Instant));
        From = ReferenceEquals(timing, series.Master) ? First : at.Instant;
    }

    /// <summary>The first instant of the series in the segment.</summary>
    public long From { get; }

    /// <summary>The first instant of the series after the segment; null when there is none.</summary>
    public long? Until { get; set; }

    /// <summary>The component's timing.</summary>
    public Timing Timing => _timing;

    /// <summary>The series.</summary>
    public MasterRecurrence Series => _series;

    // all occurrences start where the series has them
    private bool IsInPlace => _shift == 0 && _sameZone && _timing.Start.Kind == _series.Master.Start.Kind;

    /// <summary>Whether the segment has no last occurrence.</summary>
    public bool Endless => Until is null && _series.Rules.Exists(static rule => rule.Endless);

    /// <summary>The occurrences that overlap a window, by start.</summary>
    public IEnumerator<Occurrence> Walk(Instant from, Instant until, ExpansionBudget budget) => IsInPlace ? WalkSeries(from, until, budget) : InOrder(WalkSeries(from, until, budget));

    // a start that is moved in local time may come to lie in a DST gap or fold, and then after the start of the next one
    private static IEnumerator<Occurrence> InOrder(IEnumerator<Occurrence> moved)
    {
        var waiting = new PriorityQueue<Occurrence, (Instant Start, int Place)>();
        for (var place = 0; moved.MoveNext(); place++)
        {
            waiting.Enqueue(moved.Current, (moved.Current.Start, place));
            while (waiting.Peek().Start <= moved.Current.Start - MostMoved) yield return waiting.Dequeue();
        }
        while (waiting.TryDequeue(out var last, out _)) yield return last;
    }

    private IEnumerator<Occurrence> WalkSeries(Instant from, Instant until, ExpansionBudget budget)
    {
        var reach = Math.Abs(_shift) + (_shift == 0 && _sameZone ? 0 : (long)MostMoved.TotalSeconds);
        var windowFrom = from.ToUnixTimeSeconds() - reach;
        var windowUntil = until.ToUnixTimeSeconds() + reach + 1;
        var ruleFrom = Math.Max(From, windowFrom - _timing.Longest);
        var dateFrom = Math.Max(From, windowFrom - Math.Max(_timing.Longest, _series.LongestDate));
        var last = Math.Min(Math.Min(windowUntil, Last), Until is { } next ? next - 1 : long.MaxValue);
        if (ruleFrom > last && dateFrom > last) yield break;
        var times = new RecurrenceTimes(_series, Math.Max(ruleFrom, First), Math.Max(dateFrom, First), last, budget);
        while (times.MoveNext())
        {
            if (times.Current.Instant < From) continue;
            var occurrence = At(times.Current);
            if (_timing.Overlaps(occurrence, from, until)) yield return occurrence;
        }
    }

    private Occurrence At(in RecurrenceTime time)
    {
        var id = _series.Recurring ? _series.Master.Form(time.Local) : (ICalendar.CalendarTime?)null;
        if (IsInPlace)
        {
            var end = time.End ?? _timing.EndOf(time.Local, time.Instant);
            return new(_timing.Component, id, id ?? _timing.Start, LocalClock.At(time.Instant), LocalClock.At(end));
        }
        var local = (_sameZone ? time.Local : _timing.Clock.ToLocal(time.Instant)) + _shift;
        if (_timing.Start.IsDate) local = CivilDay.OfSeconds(local) * (long)CivilDay.Seconds;
        var start = _timing.Clock.ToInstant(local);
        return new(_timing.Component, id, _timing.Form(local), LocalClock.At(start), LocalClock.At(_timing.EndOf(local, start)));
    }
}
