namespace Calendaring.Store;

/// <summary>Changes nothing. Fails with Precondition unless the last line of a log has this number (0: unless it has none): what was decided on what was read still holds.</summary>
public sealed record ExpectLine(string Log, string Owner, long Number) : StoreOperation;
