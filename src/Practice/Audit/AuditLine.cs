using Calendaring.Store;

namespace Practice.Audit;

/// <summary>A line of an audit log with its place in the chain.</summary>
/// <param name="Stored">The line as it is stored: number, hash, document.</param>
/// <param name="Entry">What it says; null when it is erased or cannot be read.</param>
public sealed record AuditLine(LogLine Stored, AuditEntry? Entry)
{
    /// <summary>Its number in the log.</summary>
    public long Number => Stored.Number;

    /// <summary>Whether it was erased on request.</summary>
    public bool IsErased => Stored.Erased;

    /// <summary>SHA-256 of the document.</summary>
    public ReadOnlyMemory<byte> Digest => Stored.Digest;

    /// <summary>What chains it to the line before.</summary>
    public ReadOnlyMemory<byte> Hash => Stored.Hash;

    /// <summary>What it says, as it was hashed; empty when it is erased.</summary>
    public ReadOnlyMemory<byte> Document => Stored.Document;

    /// <summary>What the store noted of an erasure in this line; null in every other.</summary>
    public LogStatement? Statement => LogStatement.Read(Stored);

    /// <summary>The newest lines of a log before a number, newest first; with <paramref name="subject"/> only those about an appointment or person.</summary>
    public static async ValueTask<IReadOnlyList<AuditLine>> ListLastAsync(
        IStoreSnapshot snapshot, string log, string owner, long before, int limit, string? subject = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. (await snapshot.ListLastLinesAsync(log, owner, before, limit, subject)).Select(Of)];
    }

    /// <summary>The lines of a log after a number, oldest first.</summary>
    public static async ValueTask<IReadOnlyList<AuditLine>> ListAsync(IStoreSnapshot snapshot, string log, string owner, long after, int limit, string? subject = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return [.. (await snapshot.ListLinesAsync(log, owner, after, limit, subject)).Select(Of)];
    }

    private static AuditLine Of(LogLine line) => new(line, AuditEntry.Read(line));
}
