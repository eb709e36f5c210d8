namespace Calendaring.Store;

/// <summary>
/// Makes a collection; <see cref="Collection.Id"/>, <see cref="Collection.Incarnation"/> and <see cref="Collection.Change"/> are given by the store.
/// Fails with Exists when the home has one of that name.
/// </summary>
/// <param name="Collection">The collection.</param>
/// <param name="Described">The properties with which a client makes it, or null; its target is the new collection whatever it says.</param>
public sealed record CreateCollection(Collection Collection, SetProperties? Described = null) : StoreOperation;
