namespace Calendaring.Store;

/// <summary>A log that the store has.</summary>
/// <param name="Log">Its name.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Origin">What its first line follows from.</param>
public sealed record LogHead(string Log, string Owner, ReadOnlyMemory<byte> Origin);
