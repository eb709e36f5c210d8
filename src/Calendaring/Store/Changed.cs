namespace Calendaring.Store;

/// <summary>What a change came to.</summary>
/// <typeparam name="T">What the decision says.</typeparam>
/// <param name="Result">What was decided at last.</param>
/// <param name="Outcome">What was written; null when nothing was to be.</param>
public readonly record struct Changed<T>(T Result, BatchOutcome? Outcome)
{
    /// <summary>Why nothing was written although something was to be; never a lost race. Null otherwise.</summary>
    public StoreFailure? Failure => Outcome?.Failure;

    /// <summary>What was decided, where it is written or nothing was to be.</summary>
    /// <exception cref="StoreException">It could not be written: nothing was changed.</exception>
    public T Written() => Failure is null ? Result : throw new StoreException(Failure);
}
