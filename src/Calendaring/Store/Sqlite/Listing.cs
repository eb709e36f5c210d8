namespace Calendaring.Store.Sqlite;

/// <summary>The rows of a collection as they are at one of its change numbers, in the order of their own. Immutable.</summary>
/// <param name="Change">The collection's change number.</param>
/// <param name="Rows">The rows.</param>
internal sealed record Listing(long Change, ObjectRow[] Rows)
{
    /// <summary>What the rows take in memory, about, in bytes.</summary>
    public long Size { get; } = SizeOf(Rows);

    /// <summary>What a row takes in memory, about, in bytes.</summary>
    public static long SizeOf(ObjectRow row) => 480 + (2 * (row.Name.Length + row.Index.Uid.Length)) + (row.Details?.Document.Length ?? 0);

    /// <summary>
    /// The listing at a later change number. A row that changed has a new change number, above all others: the ones that stay keep their order, and the changed ones follow in theirs.
    /// </summary>
    /// <param name="change">The later change number.</param>
    /// <param name="changed">Each member that changed in between, in the order of change numbers: its row, or null for one that is gone.</param>
    public Listing After(long change, IReadOnlyList<ChangeEntry> changed)
    {
        if (changed.Count == 0) return this with { Change = change };
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in changed) names.Add(entry.Name);
        var rows = new List<ObjectRow>(Rows.Length + changed.Count);
        foreach (var row in Rows)
        {
            if (!names.Contains(row.Name)) rows.Add(row);
        }

        foreach (var entry in changed)
        {
            if (entry.Row is { } row) rows.Add(row);
        }

        return new Listing(change, [.. rows]);
    }

    private static long SizeOf(ObjectRow[] rows)
    {
        var size = 0L;
        foreach (var row in rows) size += SizeOf(row);
        return size;
    }
}
