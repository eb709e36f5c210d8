namespace Calendaring.Store;

/// <summary>
/// Sets (an element) or removes (null) properties of a resource at a level, and no others: nothing is read or written of those that stay. Each level has its own over those of the levels below, which stay
/// as they are for who sees no more. Fails with NotFound, with Precondition when <paramref name="Expected"/> of a member does not hold, or with Quota.
/// </summary>
/// <param name="Target">The resource.</param>
/// <param name="Level">Whose they are: they are seen from this level on.</param>
/// <param name="Properties">The properties.</param>
/// <param name="Room">How much there may be; null for no limit. What is above it already can still be made less.</param>
/// <param name="Expected">What must be so about a member.</param>
public sealed record SetProperties(
    PropertyTarget Target, int Level, IReadOnlyDictionary<PropertyName, string?> Properties, PropertyRoom? Room = null, Expectation Expected = default) : StoreOperation;
