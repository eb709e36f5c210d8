namespace Calendaring.Store;

/// <summary>What the layer above keeps with an object. Opaque to the store and never served.</summary>
/// <param name="Kind">What kind of object it is: a number of the layer above, which can be asked for without reading the document.</param>
/// <param name="Document">The document (JSON).</param>
public readonly record struct ObjectDetails(int Kind, ReadOnlyMemory<byte> Document);
