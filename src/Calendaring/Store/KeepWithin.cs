namespace Calendaring.Store;

/// <summary>
/// Changes nothing. Fails with Quota when the batch up to here has made a home hold more than it may, or the homes of a group together; what is above that already can still be made less. Counted as a
/// level sees it (<see cref="HomeUsage.SeenAt"/>), so that a refusal tells nothing of what is hidden.
/// </summary>
/// <param name="PrincipalId">Whose home.</param>
/// <param name="Level">The writer's level.</param>
/// <param name="Bytes">Bytes that the home may hold; null for no limit.</param>
/// <param name="BytesOfGroup">Bytes that all homes of its group may hold; null for no limit.</param>
public sealed record KeepWithin(string PrincipalId, int Level, long? Bytes, long? BytesOfGroup) : StoreOperation;
