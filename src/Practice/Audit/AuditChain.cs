using Calendaring.Store;

namespace Practice.Audit;

/// <summary>An audit log as its chain of hashes shows it.</summary>
/// <param name="Lines">Lines that follow from each other.</param>
/// <param name="LastHash">Hash of the last of them; empty when there are none. Who keeps it can tell later whether anything before it was touched.</param>
/// <param name="Erased">Lines among them whose entry was erased.</param>
/// <param name="Fault">What is wrong; null when the log is whole.</param>
public sealed record AuditChain(long Lines, ReadOnlyMemory<byte> LastHash, long Erased, LogFault? Fault)
{
    private const int Page = 1000;

    /// <summary>Verifies a log from its first line on.</summary>
    /// <param name="store">Where it is kept.</param>
    /// <param name="head">The log.</param>
    /// <param name="seen">Is called with each line that follows from the one before.</param>
    /// <param name="cancelled">Ends it.</param>
    public static async Task<AuditChain> VerifyAsync(ICalendarStore store, LogHead head, Action<LogLine> seen, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(seen);
        var verifier = new LogVerifier(head);
        while (true)
        {
            IReadOnlyList<LogLine> lines;
            using (var snapshot = await store.OpenSnapshotAsync(cancelled)) lines = await snapshot.ListLinesAsync(head.Log, head.Owner, verifier.Number, Page);
            foreach (var line in lines)
            {
                if (!verifier.Add(line)) break;
                seen(line);
            }

            if (lines.Count == Page && verifier.Broken is null) continue;
            return new AuditChain(verifier.Number, verifier.Number == 0 ? default : verifier.Hash, verifier.Erased, verifier.Finish());
        }
    }
}
