namespace ProviderBridge.Sync;

/// <summary>A removal that is still to be made: many at once are not made before a person has said that they are meant.</summary>
/// <param name="Item">What.</param>
/// <param name="Outside">What there is outside, where it is to be removed there; null where it is to be removed in the practice.</param>
internal sealed record PlannedRemoval(LinkItem Item, OutsideSeries? Outside);
