namespace Calendaring.Store;

/// <summary>How much properties may take, each counted as the writer's level sees it.</summary>
/// <param name="Count">Properties of one resource.</param>
/// <param name="Bytes">Bytes of the properties of one resource.</param>
/// <param name="BytesOfHome">Bytes of the properties of all resources of a principal.</param>
public sealed record PropertyRoom(int Count, long Bytes, long BytesOfHome);
