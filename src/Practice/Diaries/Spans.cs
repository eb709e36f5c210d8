using NodaTime;

namespace Practice.Diaries;

/// <summary>Spans of time, to be asked whether any of them meets another, without looking at each of them.</summary>
public sealed class Spans
{
    private readonly Instant[] _starts;

    /// <summary>For each span in order of start the latest end of those up to it.</summary>
    private readonly Instant[] _latest;

    /// <param name="spans">Start and end of each, in any order.</param>
    public Spans(IEnumerable<(Instant From, Instant Until)> spans)
    {
        var sorted = spans.OrderBy(span => span.From).ToList();
        _starts = [.. sorted.Select(span => span.From)];
        _latest = new Instant[sorted.Count];
        for (var i = 0; i < sorted.Count; i++) _latest[i] = i == 0 ? sorted[i].Until : Instant.Max(_latest[i - 1], sorted[i].Until);
    }

    /// <summary>Whether one of the spans meets another span; what only touches does not.</summary>
    public bool Meet(Instant from, Instant until)
    {
        var before = CountBefore(until);
        return before > 0 && _latest[before - 1] > from;
    }

    private int CountBefore(Instant until)
    {
        var (low, high) = (0, _starts.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_starts[middle] < until) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
