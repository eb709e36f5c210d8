using System.Security.Cryptography;
using System.Text;
using Calendaring.Store;

namespace CalDavServer.Commands;

/// <summary>
/// Says that somebody was erased and the file is not yet rewritten: in the batch of the erasure, and gone when that is done, so that what stops in between is known at the next try. Each erasure has
/// one of its own. Whose it was can only be asked by login: the record is named by a slow, salted hash of that.
/// </summary>
internal static class PurgeMark
{
    private const string Kind = "purge";
    private const string Owner = "store";
    private const int Rounds = 100_000;

    /// <summary>The step that sets one.</summary>
    public static StoreOperation Set(string login)
    {
        var salt = RandomNumberGenerator.GetHexString(32, lowercase: true);
        return new PutRecord(Kind, Owner, $"{salt} {Hash(salt, login)}", "{}"u8.ToArray());
    }

    public static async Task<IReadOnlyList<StoredRecord>> ListAsync(ICalendarStore store, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await snapshot.ListRecordsAsync(Kind, Owner);
    }

    /// <summary>Whether one is of the erasure of somebody who had a login.</summary>
    public static bool IsOf(StoredRecord mark, string login) => mark.Id.Split(' ') is [var salt, var hash] && hash == Hash(salt, login);

    /// <summary>Removes those that were there before a purge. That fails where another erasure has done so, or the disk is full: what is left over leads to one more purge and to nothing else.</summary>
    public static async Task ClearAsync(ICalendarStore store, IReadOnlyList<StoredRecord> marks)
    {
        foreach (var mark in marks) await store.ApplyAsync(StoreBatch.Of(new DeleteRecord(Kind, Owner, mark.Id, mark.Version)));
    }

    private static string Hash(string salt, string login) =>
        Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(login), Encoding.UTF8.GetBytes(salt), Rounds, HashAlgorithmName.SHA256, 32));
}
