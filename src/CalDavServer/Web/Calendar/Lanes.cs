namespace CalDavServer.Web.Calendar;

/// <summary>A part of a day, in minutes from its midnight.</summary>
internal readonly record struct Stretch(int From, int Until)
{
    public bool Overlaps(Stretch other) => From < other.Until && other.From < Until;
}

/// <summary>Which of how many lanes side by side.</summary>
internal readonly record struct Lane(int Index, int Count);

/// <summary>Puts what overlaps side by side: as few lanes as possible, all of the same width where they meet.</summary>
internal static class Lanes
{
    /// <summary>Narrower than an eighth of a column nothing can be read: what is more lies on top of each other.</summary>
    public const int Most = 8;

    /// <summary>The lane of each stretch, in the order given.</summary>
    public static Lane[] Lay(IReadOnlyList<Stretch> stretches)
    {
        var lanes = new Lane[stretches.Count];
        var taken = new PriorityQueue<int, int>();
        var free = new PriorityQueue<int, int>();
        List<int> together = [];
        var most = 0;
        var end = int.MinValue;
        foreach (var index in Enumerable.Range(0, stretches.Count).OrderBy(index => stretches[index].From).ThenByDescending(index => stretches[index].Until))
        {
            var stretch = stretches[index];
            if (stretch.From >= end) Close();
            while (taken.TryPeek(out var ended, out var at) && at <= stretch.From)
            {
                taken.Dequeue();
                free.Enqueue(ended, ended);
            }

            if (!free.TryDequeue(out var lane, out _)) lane = most++;
            taken.Enqueue(lane, stretch.Until);
            end = Math.Max(end, stretch.Until);
            lanes[index] = new Lane(lane, 0);
            together.Add(index);
        }

        Close();
        return lanes;

        void Close()
        {
            var count = Math.Min(most, Most);
            foreach (var index in together) lanes[index] = new Lane(lanes[index].Index % Most, count);
            most = 0;
            taken.Clear();
            free.Clear();
            together.Clear();
        }
    }
}
