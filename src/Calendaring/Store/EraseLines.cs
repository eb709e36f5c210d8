namespace Calendaring.Store;

/// <summary>
/// Erases the documents and subjects of a log's lines, or of those with a subject; nothing else can. Numbers, digests and hashes stay, so that the chain can still be verified, and a line of its own
/// names the numbers (<see cref="LogStatement"/>).
/// </summary>
public sealed record EraseLines(string Log, string Owner, string? Subject = null) : StoreOperation;
