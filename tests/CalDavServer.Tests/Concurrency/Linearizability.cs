namespace CalDavServer.Tests.Concurrency;

/// <summary>What was asked of one resource and what was answered, between two moments. ETags stand for what is there; null for nothing.</summary>
/// <param name="Invoked">When it was sent.</param>
/// <param name="Returned">When the answer was there.</param>
/// <param name="Kind">What was asked.</param>
/// <param name="Expected">The ETag of If-Match, where there was one.</param>
/// <param name="Status">The answer.</param>
/// <param name="ETag">The ETag in the answer.</param>
internal sealed record Call(long Invoked, long Returned, CallKind Kind, string? Expected, int Status, string? ETag)
{
    /// <summary>Whether it changed what is there.</summary>
    public bool Changes => Kind != CallKind.Get && Status is 201 or 204;

    /// <summary>Whether the answer is right when this is what is there.</summary>
    public bool Fits(string? there) => (Kind, Status) switch
    {
        (CallKind.Get, 200) => there is not null && there == ETag,
        (CallKind.Get, 404) => there is null,
        (CallKind.Put, 201) => there is null && Expected is null,
        (CallKind.Put, 204) => there is not null && (Expected is null || there == Expected),
        (CallKind.Put, 412) => Expected is not null && there != Expected,
        (CallKind.Create, 201) => there is null,
        (CallKind.Create, 412) => there is not null,
        (CallKind.Delete, 204) => there is not null && there == Expected,
        (CallKind.Delete, 404) => there is null,
        (CallKind.Delete, 412) => there is not null && there != Expected,
        _ => false,
    };

    /// <summary>What is there afterwards.</summary>
    public string? After(string? there) => !Changes ? there : Kind == CallKind.Delete ? null : ETag;
}

internal enum CallKind
{
    Get,

    /// <summary>PUT, with If-Match or without a condition.</summary>
    Put,

    /// <summary>PUT with If-None-Match: *.</summary>
    Create,

    /// <summary>DELETE with If-Match.</summary>
    Delete,
}

/// <summary>
/// Whether a recorded history of one resource can be put into one order in which every answer is right and nothing that had been answered comes after what was asked later (Herlihy and Wing).
/// The search goes on call by call (Wing and Gong), with the states it has been in remembered. What changes nothing is taken as soon as it fits: that cannot spoil anything.
/// </summary>
internal static class Linearizability
{
    /// <summary>Null when there is such an order; else the state and the calls at which the longest attempt ended.</summary>
    public static string? Refute(IReadOnlyList<Call> calls, string? there)
    {
        var all = calls.OrderBy(call => call.Invoked).ToArray();
        var failed = new HashSet<string>(StringComparer.Ordinal);
        var (most, stuck) = (-1, "");
        return Search(new bool[all.Length], 0, there) ? null : stuck;

        bool Search(bool[] done, int count, string? state)
        {
            done = (bool[])done.Clone();
            for (var settled = false; !settled;)
            {
                settled = true;
                foreach (var number in Next(done))
                {
                    if (all[number].Changes || !all[number].Fits(state)) continue;
                    done[number] = true;
                    count++;
                    settled = false;
                }
            }

            if (count == all.Length) return true;
            if (count > most) (most, stuck) = (count, $"{count} of {all.Length}, at {state}: {string.Join("; ", Next(done).Take(4).Select(number => all[number]))}");
            if (!failed.Add(Key(done, state))) return false;
            foreach (var number in Next(done))
            {
                if (!all[number].Changes || !all[number].Fits(state)) continue;
                done[number] = true;
                if (Search(done, count + 1, all[number].After(state))) return true;
                done[number] = false;
            }

            return false;
        }

        // those that may come next: asked before any other that is left was answered
        List<int> Next(bool[] done)
        {
            var next = new List<int>();
            var earliest = long.MaxValue;
            for (var number = 0; number < all.Length && all[number].Invoked <= earliest; number++)
            {
                if (done[number]) continue;
                next.Add(number);
                earliest = Math.Min(earliest, all[number].Returned);
            }

            return next;
        }
    }

    private static string Key(bool[] done, string? state) => string.Create(done.Length, done, static (text, marks) =>
    {
        for (var i = 0; i < marks.Length; i++) text[i] = marks[i] ? '1' : '0';
    }) + state;
}
