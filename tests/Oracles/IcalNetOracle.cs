using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Evaluation;
using NodaTime;
using Calendar = Ical.Net.Calendar;

namespace Oracles;

/// <summary>Ical.Net, in this process. A series on which it takes too long is left to run out: it knows no budget.</summary>
internal sealed class IcalNetOracle() : Oracle("Ical.Net", false)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly EvaluationOptions Limits = new() { MaxUnmatchedIncrementsLimit = 20_000 };

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Answer>> AskAsync(IReadOnlyList<Series> series) => Task.Run<IReadOnlyList<Answer>>(() => series.Select(Ask).ToList());

    private static Answer Ask(Series series)
    {
        var asking = Task.Factory.StartNew(() => Expand(series), TaskCreationOptions.LongRunning);
        try
        {
            return asking.Wait(Patience) ? asking.Result : new(null, null);
        }
        catch (AggregateException failure)
        {
            return new(null, failure.InnerException!.Message);
        }
    }

    private static Answer Expand(Series series)
    {
        var until = series.Until.InUtc().ToInstant();
        var times = new List<long>();
        foreach (var occurrence in Calendar.Load(series.ObjectText())!.Events[0]!.GetOccurrences(null, Limits))
        {
            var start = occurrence.Period.StartTime;
            if (Instant.FromDateTimeUtc(DateTime.SpecifyKind(start.Value, DateTimeKind.Utc)) > until) break;
            times.Add(InstantOf(series, start).ToUnixTimeSeconds());
            if (times.Count == series.Count) break;
        }

        return new(times, null);
    }

    // a DATE and a floating time are compared by their fields
    private static Instant InstantOf(Series series, CalDateTime time) =>
        Instant.FromDateTimeUtc(DateTime.SpecifyKind(series.Zone is null ? time.Value : time.AsUtc, DateTimeKind.Utc));
}
