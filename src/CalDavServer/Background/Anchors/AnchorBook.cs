using System.Security.Cryptography;
using Calendaring.Store;
using NodaTime;

namespace CalDavServer.Background.Anchors;

/// <summary>Makes the anchors of every audit log, and adds them to a file.</summary>
internal static class AnchorBook
{
    public static async Task<IReadOnlyList<Anchor>> MakeAsync(ICalendarStore store, ECDsa key, Instant now, CancellationToken cancelled)
    {
        var anchors = new List<Anchor>();
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        foreach (var head in await snapshot.ListLogsAsync())
        {
            var last = await snapshot.ListLastLinesAsync(head.Log, head.Owner, limit: 1);
            if (last is [var line]) anchors.Add(Anchor.Sign(key, now, head.Log, line.Number, line.Hash.Span));
        }

        return anchors;
    }

    /// <summary>Adds anchors to the end of a file, on the disk.</summary>
    public static async Task AppendAsync(string path, IReadOnlyList<Anchor> anchors, CancellationToken cancelled)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(path, options);
        await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(string.Concat(anchors.Select(anchor => anchor.Write() + "\n"))), cancelled);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Whether a file is in a folder: anchors that are beside the data fall with the data.</summary>
    public static bool IsInside(string path, string folder) =>
        Path.GetFullPath(path).StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
