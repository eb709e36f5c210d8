using CalDavServer.Operations.Commands;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using NodaTime.Text;

namespace CalDavServer.Operations.Backups;

/// <summary>
/// Puts a backup in the place of the data. It is copied into the data folder and checked there; from then on the restore happens, and when it is interrupted whoever opens the folder next brings it to its end.
/// Only names are changed then, each at once, in an order that can be taken up anywhere.
/// </summary>
internal sealed class Restore(string folder, Operator person)
{
    private const string Ready = "ready";

    /// <summary>What is put aside and restored. The log first: it is never left beside a database that it does not belong to.</summary>
    private static readonly string[] Names = [DataFolder.FileName + "-wal", DataFolder.FileName + "-shm", DataFolder.FileName, DataFolder.Keys, Settings.FileName];

    private readonly string _staged = StagedIn(folder);

    /// <summary>Restores, and says where the data before are now; null when there were none.</summary>
    /// <exception cref="CommandFailure">The backup is damaged, or there are data and they are not to be replaced.</exception>
    public async Task<string?> RunAsync(string backup, bool replace, CancellationToken cancelled)
    {
        var manifest = await Manifest.ReadAsync(backup, cancelled);
        Folders.Make(folder);
        using var closed = Close();
        Finish(folder);
        if (!replace && File.Exists(Path.Combine(folder, DataFolder.FileName)))
            throw new CommandFailure($"There are data in {folder}. With --replace they are put aside, and the backup takes their place.");
        try
        {
            Folders.Make(_staged);
            await manifest.CopyAsync(backup, _staged, person.Watch("Copying"), cancelled);
            var faults = await SqliteStore.CheckFileAsync(Path.Combine(_staged, DataFolder.FileName), person.Watch("Checking the backup"), cancelled);
            if (faults.Count > 0) throw new CommandFailure($"The backup has {faults.Count} faults: nothing was restored.");
            await SqliteStore.EndSyncTokensAsync(Path.Combine(_staged, DataFolder.FileName));
        }
        catch
        {
            Folders.Remove(_staged);
            throw;
        }

        var aside = Path.Combine(folder, $"replaced-{InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'").Format(SystemClock.Instance.GetCurrentInstant())}");
        await File.WriteAllTextAsync(Path.Combine(_staged, Ready + ".new"), aside, CancellationToken.None);
        File.Move(Path.Combine(_staged, Ready + ".new"), Path.Combine(_staged, Ready));
        Finish(folder);
        return Directory.Exists(aside) ? aside : null;
    }

    /// <summary>Brings a restore that was interrupted to its end, or forgets it when it had not begun. For whoever keeps the folder closed.</summary>
    public static void Finish(string folder)
    {
        var staged = StagedIn(folder);
        var ready = Path.Combine(staged, Ready);
        if (File.Exists(ready))
        {
            var aside = File.ReadAllText(ready);
            if (!Directory.Exists(aside)) PutAside(folder, aside);
            foreach (var name in Names) Move(Path.Combine(staged, name), Path.Combine(folder, name));
            // first: as long as it says so, what is in the folder is taken for old when there is no folder aside
            File.Delete(ready);
            if (!Directory.EnumerateFileSystemEntries(aside).Any()) Directory.Delete(aside);
        }

        Folders.Remove(staged);
    }

    /// <summary>Whether a restore was begun in a folder and has not ended.</summary>
    public static bool IsUnderWay(string folder) => Directory.Exists(StagedIn(folder));

    private static string StagedIn(string folder) => Path.Combine(folder, "restoring");

    // while the folder aside has not got its name, all that is in the data folder is old
    private static void PutAside(string folder, string aside)
    {
        var partial = aside + ".partial";
        Folders.Make(partial);
        foreach (var name in Names) Move(Path.Combine(folder, name), Path.Combine(partial, name));
        Directory.Move(partial, aside);
    }

    private static void Move(string source, string target)
    {
        if (Directory.Exists(source)) Directory.Move(source, target);
        else if (File.Exists(source)) File.Move(source, target);
    }

    private IDisposable Close()
    {
        try
        {
            return SqliteStore.KeepClosed(Path.Combine(folder, DataFolder.FileName));
        }
        catch (StoreException)
        {
            throw new CommandFailure($"A server or another command has {folder} open: stop it first.");
        }
    }
}
