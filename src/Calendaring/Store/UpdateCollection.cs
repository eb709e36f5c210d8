namespace Calendaring.Store;

/// <summary>
/// Sets (an element) or removes (null) some of the properties that the server itself gives a collection; the others stay as they are at that moment, so that two who change different ones never meet. Fails with NotFound.
/// </summary>
public sealed record UpdateCollection(long CollectionId, IReadOnlyDictionary<PropertyName, string?> Properties) : StoreOperation;
