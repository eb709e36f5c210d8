namespace Calendaring.Store;

/// <summary>What a put object came to.</summary>
/// <param name="Created">Whether it was new.</param>
/// <param name="Row">The row as stored.</param>
public sealed record PutOutcome(bool Created, ObjectRow Row);
