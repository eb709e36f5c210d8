namespace CalDavServer.Tests.Rfc6578;

/// <summary>One long history in which every sequence of steps of a given length that is possible from any state occurs, so that each can be looked at as what happened between two syncs.</summary>
internal static class Walk
{
    /// <summary>The steps of the history.</summary>
    /// <param name="start">The state it begins in.</param>
    /// <param name="length">Steps in a sequence.</param>
    /// <param name="steps">What is possible in a state.</param>
    /// <param name="next">The state after a step.</param>
    public static IEnumerable<TStep> Every<TState, TStep>(TState start, int length, Func<TState, IEnumerable<TStep>> steps, Func<TState, TStep, TState> next)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var here = new Place<TState, TStep>(start, [], length);
        while (PathToNew(here) is { Count: > 0 } path)
        {
            foreach (var step in path)
            {
                seen.Add(here.KeyOf(step));
                here = here.After(step, next(here.State, step));
                yield return step;
            }
        }

        // the shortest way to a sequence that has not occurred; empty when all have
        List<TStep> PathToNew(Place<TState, TStep> from)
        {
            var reached = new Dictionary<string, (Place<TState, TStep>? Before, TStep Step)>(StringComparer.Ordinal) { [from.Key] = (null, default!) };
            var queue = new Queue<Place<TState, TStep>>([from]);
            while (queue.TryDequeue(out var place))
            {
                foreach (var step in steps(place.State))
                {
                    if (!seen.Contains(place.KeyOf(step))) return [.. Back(place, reached), step];
                    var after = place.After(step, next(place.State, step));
                    if (reached.TryAdd(after.Key, (place, step))) queue.Enqueue(after);
                }
            }

            return [];
        }
    }

    private static List<TStep> Back<TState, TStep>(Place<TState, TStep> place, Dictionary<string, (Place<TState, TStep>? Before, TStep Step)> reached)
    {
        var path = new List<TStep>();
        for (var at = place; reached[at.Key].Before is { } before; at = before) path.Insert(0, reached[at.Key].Step);
        return path;
    }

    /// <summary>A state, and how it was come to: the last steps but one of a sequence, with the state before each.</summary>
    private sealed class Place<TState, TStep>(TState state, IReadOnlyList<string> past, int length)
    {
        public TState State => state;

        public string Key { get; } = string.Join(';', past) + "|" + state;

        public string KeyOf(TStep step) => $"{Key}>{step}";

        public Place<TState, TStep> After(TStep step, TState next) => new(next, [.. past.Append($"{state}>{step}").TakeLast(length - 1)], length);
    }
}
