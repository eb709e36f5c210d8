using Calendaring.Store;

namespace Practice.Audit;

/// <summary>An audit log as its chain of hashes shows it.</summary>
/// <param name="Lines">Lines that were looked at.</param>
/// <param name="LastHash">Hash of the last of them; empty when there are none. Who keeps it can tell later whether anything before it was touched.</param>
/// <param name="BrokenAt">Number of the first line that does not follow from the one before; null when the chain is whole.</param>
public sealed record AuditChain(long Lines, ReadOnlyMemory<byte> LastHash, long? BrokenAt)
{
    private const int Page = 1000;

    /// <summary>Verifies a log from its first line on.</summary>
    public static async Task<AuditChain> VerifyAsync(ICalendarStore store, string log, string owner, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        var (number, hash) = (0L, (ReadOnlyMemory<byte>)new byte[LogLine.HashSize]);
        while (true)
        {
            IReadOnlyList<LogLine> lines;
            using (var snapshot = await store.OpenSnapshotAsync(cancelled)) lines = await snapshot.ListLinesAsync(log, owner, number, Page);
            foreach (var line in lines)
            {
                if (!line.Follows(hash.Span, number)) return new AuditChain(number, hash, number + 1);
                (number, hash) = (line.Number, line.Hash);
            }

            if (lines.Count < Page) return new AuditChain(number, number == 0 ? default : hash, null);
        }
    }
}
