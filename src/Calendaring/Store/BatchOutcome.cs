namespace Calendaring.Store;

/// <summary>The end of a batch.</summary>
/// <param name="Failure">Null when every step was applied and is on the disk.</param>
/// <param name="Puts">One for each <see cref="PutObject"/>, in order; empty on failure.</param>
/// <param name="Collections">One for each <see cref="CreateCollection"/>, in order, as stored; empty on failure.</param>
public sealed record BatchOutcome(StoreFailure? Failure, IReadOnlyList<PutOutcome> Puts, IReadOnlyList<Collection> Collections)
{
    /// <summary>Whether the batch was applied.</summary>
    public bool Succeeded => Failure is null;
}
