namespace ProviderBridge.Sync;

/// <summary>A removal that is still to be made: many at once are not made before a person has said that they are meant.</summary>
/// <param name="Item">What.</param>
/// <param name="Outside">What there is outside, where it is to be removed there; null where it is to be removed in the practice.</param>
internal sealed record PlannedRemoval(LinkItem Item, OutsideSeries? Outside)
{
    /// <summary>How many dates of it are to be removed in the practice, where it stays; 0 where the whole is to be removed.</summary>
    public int Dates { get; init; }

    /// <summary>How many deletions it comes to.</summary>
    public int Deletions => Math.Max(Dates, 1);
}
