namespace Calendaring.Store.Sqlite;

/// <summary>Copies the database while it is in use.</summary>
internal static class Backup
{
    /// <summary>
    /// Writes the store as it is at one moment to a new file. <c>VACUUM INTO</c> reads in one transaction: unlike the page-by-page backup it does not begin anew with each commit of the writer.
    /// The file appears under its name only when it is whole and on the disk.
    /// </summary>
    public static void Write(string source, string target)
    {
        if (File.Exists(target)) throw new IOException($"The file {target} exists already.");
        var partial = target + ".partial";
        File.Delete(partial);
        try
        {
            using (var connection = Connection.Open(source, writable: true))
            {
                connection.Execute("PRAGMA wal_autocheckpoint = 0");
                connection.Execute($"VACUUM INTO '{partial.Replace("'", "''", StringComparison.Ordinal)}'");
            }
            using (var file = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);
            File.Move(partial, target);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
