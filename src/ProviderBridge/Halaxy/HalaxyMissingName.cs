using NodaTime;

namespace ProviderBridge.Halaxy;

/// <summary>That the name of a patient is to be shown, and Halaxy fails whenever it is asked for it.</summary>
/// <param name="PatientId">What Halaxy calls the patient; <see cref="Many"/> for more than are remembered one by one.</param>
/// <param name="Since">Since when.</param>
/// <param name="Tried">When it was last asked for.</param>
public sealed record HalaxyMissingName(string PatientId, Instant Since, Instant Tried)
{
    /// <summary>Very many patients.</summary>
    public const string Many = "";

    private const int MostKnown = 200;
    private static readonly Duration ShortestPause = Duration.FromMinutes(1);
    private static readonly Duration LongestPause = Duration.FromHours(1);

    /// <summary>Whether it is asked for again: soon, for a failure may be of a moment, and less often the longer it lasts.</summary>
    public bool IsDue(Instant now) => Tried == Since || Tried > now || Tried <= now - Duration.Min(LongestPause, Duration.Max(ShortestPause, Tried - Since));

    /// <summary>Those that are missing after a pass.</summary>
    /// <param name="before">Those that were before.</param>
    /// <param name="paused">Those of them that were not asked for.</param>
    /// <param name="missing">Those that could not be asked for now, or were not.</param>
    /// <param name="unasked">Those of these that were not: Halaxy had failed at others.</param>
    /// <param name="now">The current time.</param>
    public static IReadOnlyList<HalaxyMissingName> After(IReadOnlyList<HalaxyMissingName> before, IReadOnlySet<string> paused, IReadOnlySet<string> missing, IReadOnlySet<string> unasked, Instant now)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(paused);
        ArgumentNullException.ThrowIfNull(missing);
        ArgumentNullException.ThrowIfNull(unasked);
        var known = before.ToDictionary(one => one.PatientId, StringComparer.Ordinal);
        HalaxyMissingName Now(string id) => known.TryGetValue(id, out var one) ? paused.Contains(id) || unasked.Contains(id) ? one : one with { Tried = now } : new HalaxyMissingName(id, now, now);
        var all = missing.Union(paused).ToList();
        return all.Count > MostKnown ? [Now(Many)] : [.. all.Select(Now)];
    }
}
