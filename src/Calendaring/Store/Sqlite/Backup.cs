namespace Calendaring.Store.Sqlite;

/// <summary>Copies the database while it is in use.</summary>
internal static class Backup
{
    /// <summary>
    /// Writes the store as it is at one moment to a new file. <c>VACUUM INTO</c> reads in one transaction: unlike the page-by-page backup it does not begin again with each commit of the writer.
    /// The file appears under its name only when it is whole and on the disk.
    /// </summary>
    public static void Write(string source, string target, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (File.Exists(target)) throw new IOException($"The file {target} exists already.");
        var partial = target + ".partial";
        File.Delete(partial);
        try
        {
            using (var connection = Connection.Open(source, writable: true))
            {
                using var stop = cancellationToken.Register(connection.Interrupt);
                using var watch = Watch(source, partial, progress);
                connection.Execute("PRAGMA wal_autocheckpoint = 0");
                connection.Execute($"VACUUM INTO '{partial.Replace("'", "''", StringComparison.Ordinal)}'");
            }
            using (var file = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);
            File.Move(partial, target);
        }
        catch
        {
            File.Delete(partial);
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    private static Timer? Watch(string source, string partial, IProgress<double>? progress)
    {
        if (progress is null) return null;
        var size = Math.Max(1, new FileInfo(source).Length);
        var interval = TimeSpan.FromMilliseconds(200);
        return new Timer(_ => progress.Report(new FileInfo(partial) is { Exists: true } file ? Math.Min(1, (double)file.Length / size) : 0), null, interval, interval);
    }
}
