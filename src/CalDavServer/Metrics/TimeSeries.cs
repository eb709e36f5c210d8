namespace CalDavServer.Metrics;

/// <summary>The labels of one series: at most four, as they were measured.</summary>
internal readonly struct Labels : IEquatable<Labels>
{
    private readonly KeyValuePair<string, object?> _first, _second, _third, _fourth;

    public Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Count = Math.Min(tags.Length, 4);
        if (Count > 0) _first = tags[0];
        if (Count > 1) _second = tags[1];
        if (Count > 2) _third = tags[2];
        if (Count > 3) _fourth = tags[3];
    }

    public int Count { get; }

    public KeyValuePair<string, object?> this[int number] => number switch { 0 => _first, 1 => _second, 2 => _third, _ => _fourth };

    public bool Equals(Labels other)
    {
        if (Count != other.Count) return false;
        for (var number = 0; number < Count; number++)
        {
            if (this[number].Key != other[number].Key || !Equals(this[number].Value, other[number].Value)) return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is Labels other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Count, _first.Value, _second.Value, _third.Value, _fourth.Value);
}

/// <summary>What was measured under one set of labels. Recording waits for nobody and allocates nothing.</summary>
/// <param name="bounds">The upper bounds of a histogram's buckets; none for a plain number.</param>
internal sealed class TimeSeries(double[] bounds)
{
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private double _value;

    /// <summary>The number of a counter or gauge; the sum of a histogram.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>What each bucket has, the last one being that above all bounds.</summary>
    public IEnumerable<long> Buckets => _buckets.Select((_, bucket) => Volatile.Read(ref _buckets[bucket]));

    /// <summary>An observed number takes the place of the one before.</summary>
    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double value)
    {
        var current = Value;
        while (true)
        {
            var met = Interlocked.CompareExchange(ref _value, current + value, current);
            if (met.Equals(current)) return;
            current = met;
        }
    }

    public void Sort(double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket]) bucket++;
        Interlocked.Increment(ref _buckets[bucket]);
        Add(value);
    }
}
