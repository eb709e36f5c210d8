namespace Calendaring.Store;

/// <summary>Operations that happen together or not at all, in order: one write is one atomic, durable transaction.</summary>
/// <param name="Operations">The steps; later ones see earlier ones.</param>
public sealed record StoreBatch(IReadOnlyList<StoreOperation> Operations)
{
    /// <summary>A batch of the given steps.</summary>
    public static StoreBatch Of(params StoreOperation[] operations) => new(operations);
}
