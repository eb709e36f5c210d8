using CalDavServer.Options;
using Calendaring.Store;
using Calendaring.Store.Sqlite;

namespace CalDavServer.Storage.Backups;

/// <summary>
/// A backup is a folder with what a data folder has: the database, the keys without which its secrets are lost, and the settings; and a list of them with their hashes, which is written last.
/// </summary>
internal static class BackupFolder
{
    /// <summary>Writes a backup. It gets its name when it is whole and has been checked.</summary>
    public static async Task WriteAsync(IStoreMaintenance store, string data, string target, Operator person, CancellationToken cancelled)
    {
        if (Path.Exists(target)) throw new CommandFailure($"{target} already exists: name a new folder.");
        if (!Directory.Exists(Path.GetDirectoryName(target))) throw new CommandFailure($"There is no folder {Path.GetDirectoryName(target)} for the backup.", ExitCode.NotFound);
        var partial = target + ".partial";
        Folders.Remove(partial);
        Folders.Make(partial);
        try
        {
            var database = Path.Combine(partial, DataFolder.FileName);
            person.Tell("Copying", 0);
            await store.BackupAsync(database, person.Watch("Copying"), cancelled);
            person.Tell("Copying", 1);
            var faults = await SqliteStore.CheckFileAsync(database, person.Watch("Checking the copy"), cancelled);
            if (faults.Count > 0) throw new CommandFailure($"The copy has {faults.Count} faults: no backup was made. The command check says what is wrong with the data.");
            foreach (var file in OtherFiles(data))
            {
                var copy = Path.Combine(partial, Path.GetRelativePath(data, file));
                Folders.Make(Path.GetDirectoryName(copy)!);
                await Folders.CopyAsync(file, copy, cancelled);
            }

            await Manifest.WriteAsync(partial, cancelled);
            Directory.Move(partial, target);
        }
        catch
        {
            Folders.Remove(partial);
            throw;
        }
    }

    private static IEnumerable<string> OtherFiles(string data)
    {
        var keys = DataFolder.KeysOf(data);
        if (Directory.Exists(keys))
        {
            foreach (var key in Directory.EnumerateFiles(keys)) yield return key;
        }

        var settings = Path.Combine(data, DataFolder.SettingsFile);
        if (File.Exists(settings)) yield return settings;
    }
}
