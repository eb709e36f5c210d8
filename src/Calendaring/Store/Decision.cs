namespace Calendaring.Store;

/// <summary>What a decision comes to.</summary>
/// <typeparam name="T">What whoever asked is told.</typeparam>
/// <param name="Operations">The steps, which expect that what was read is still so; null when nothing is to be written.</param>
/// <param name="Result">What whoever asked is told.</param>
public readonly record struct Decision<T>(IReadOnlyList<StoreOperation>? Operations, T Result);
