using NodaTime;

namespace Calendaring.Store;

/// <summary>A document of the layer above.</summary>
/// <param name="Kind">Which documents it belongs to, as the layer above names them.</param>
/// <param name="Owner">Whose it is: a principal's or group's id.</param>
/// <param name="Id">Unique for kind and owner; records are listed in its ordinal order.</param>
/// <param name="Version">Goes up with each change; 0 before it is stored.</param>
/// <param name="Document">The document (JSON), opaque to the store.</param>
public sealed record StoredRecord(string Kind, string Owner, string Id, long Version, ReadOnlyMemory<byte> Document)
{
    /// <summary>When a worker has something to do with it; null for never.</summary>
    public Instant? Due { get; init; }
}
