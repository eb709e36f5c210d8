namespace Calendaring.Store;

/// <summary>A calendar object resource with its bytes, as the client sent them.</summary>
/// <param name="Row">Everything else.</param>
/// <param name="Bytes">The bytes. Verified against the row's ETag when read from the disk.</param>
public sealed record StoredObject(ObjectRow Row, ReadOnlyMemory<byte> Bytes);
