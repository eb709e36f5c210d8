namespace CalDavServer.Storage.Backups;

/// <summary>What came of a restore.</summary>
/// <param name="Aside">Where the data before are now; null when there were none.</param>
/// <param name="Revoked">What had been taken away since the backup, in words; null when that could not be told, because there were no data before or they could not be read.</param>
/// <param name="Revived">Whether that works again.</param>
internal sealed record RestoreOutcome(string? Aside, IReadOnlyList<string>? Revoked, bool Revived);
