using CalDavServer.Options;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using NodaTime.Text;

namespace CalDavServer.Storage.Backups;

/// <summary>
/// Puts a backup in the place of the data. It is copied into the data folder and checked there; from then on the restore happens, and when it is interrupted whoever opens the folder next brings it to its end.
/// Only names are changed then, each at once, in an order that can be taken up anywhere.
/// </summary>
internal sealed class Restore(string folder, Operator person)
{
    private const string Ready = "ready";

    /// <summary>What is put aside and restored. The log first: it is never left beside a database that it does not belong to.</summary>
    private static readonly string[] Names = [DataFolder.FileName + "-wal", DataFolder.FileName + "-shm", DataFolder.FileName, DataFolder.Keys, DataFolder.SettingsFile];

    private readonly string _staged = StagedIn(folder);

    /// <summary>Restores.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="replace">Whether data that are there are put aside.</param>
    /// <param name="revive">Whether what was taken away since works again, without asking.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="CommandFailure">The backup is damaged, or there are data and they are not to be replaced.</exception>
    public async Task<RestoreOutcome> RunAsync(string backup, bool replace, bool revive, CancellationToken cancelled)
    {
        var manifest = await Manifest.ReadAsync(backup, cancelled);
        Folders.Make(folder);
        using (Close()) Finish(folder);
        if (!replace && File.Exists(Path.Combine(folder, DataFolder.FileName)))
            throw new CommandFailure($"There is data in {folder}. With --replace it is put aside, and the backup takes its place.");
        var (revoked, revived) = await StageAsync(manifest, backup, revive, cancelled);
        using var closed = Close();
        var name = NewAside();
        await File.WriteAllTextAsync(Path.Combine(_staged, Ready + ".new"), name, CancellationToken.None);
        File.Move(Path.Combine(_staged, Ready + ".new"), Path.Combine(_staged, Ready));
        Finish(folder);
        var aside = Path.Combine(folder, name);
        return new RestoreOutcome(Directory.Exists(aside) ? aside : null, revoked, revived);
    }

    // one that is there already is that of another restore within the same second
    private string NewAside()
    {
        var second = $"replaced-{InstantPattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss'Z'").Format(SystemClock.Instance.GetCurrentInstant())}";
        var name = second;
        for (var number = 2; Directory.Exists(Path.Combine(folder, name)); number++) name = $"{second}-{number}";
        return name;
    }

    /// <summary>Brings a restore that was interrupted to its end, or forgets it when it had not begun. For whoever keeps the folder closed.</summary>
    public static void Finish(string folder)
    {
        var staged = StagedIn(folder);
        var ready = Path.Combine(staged, Ready);
        if (File.Exists(ready))
        {
            var aside = AsideOf(folder, File.ReadAllText(ready));
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

    /// <summary>Only ever a folder of ours in the data folder, whatever the file says.</summary>
    private static string AsideOf(string folder, string said)
    {
        var name = Path.GetFileName(said.Trim());
        if (!name.StartsWith("replaced-", StringComparison.Ordinal) || !name.All(character => char.IsAsciiLetterOrDigit(character) || character == '-'))
            throw new CommandFailure($"{Path.Combine(StagedIn(folder), Ready)} was not written by a restore. Look at it, and remove {StagedIn(folder)}.");
        return Path.Combine(folder, name);
    }

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

    /// <summary>Copies the backup into the data folder and prepares it, while nobody else has the data before.</summary>
    private async Task<(IReadOnlyList<string>? Revoked, bool Revived)> StageAsync(Manifest manifest, string backup, bool revive, CancellationToken cancelled)
    {
        var database = Path.Combine(_staged, DataFolder.FileName);
        try
        {
            using (Close())
            {
                Folders.Make(_staged);
                await manifest.CopyAsync(backup, _staged, person.Watch("Copying"), cancelled);
            }

            await using var live = await OpenLiveAsync();
            using var closed = live is null ? Close() : null;
            var told = await new StagedData(database, person).PrepareAsync(live, revive, cancelled);
            if (told.Revoked is { Count: > 0 } && !told.Revived) await KeepKeysAsync(cancelled);
            await SqliteStore.EndSyncTokensAsync(database);
            return told;
        }
        catch
        {
            Folders.Remove(_staged);
            throw;
        }
    }

    /// <summary>What stays as it is now may be encrypted with a key that the backup has not.</summary>
    private async Task KeepKeysAsync(CancellationToken cancelled)
    {
        var (keys, staged) = (Path.Combine(folder, DataFolder.Keys), Path.Combine(_staged, DataFolder.Keys));
        if (!Directory.Exists(keys)) return;
        Folders.Make(staged);
        foreach (var key in Directory.EnumerateFiles(keys).Where(key => !File.Exists(Path.Combine(staged, Path.GetFileName(key)))))
            await Folders.CopyAsync(key, Path.Combine(staged, Path.GetFileName(key)), cancelled);
    }

    /// <summary>The data before; null when there are none, or they cannot be read, which may be why there is a restore.</summary>
    private async Task<SqliteStore?> OpenLiveAsync()
    {
        var path = Path.Combine(folder, DataFolder.FileName);
        try
        {
            return File.Exists(path) ? await SqliteStore.OpenAsync(path, SystemClock.Instance) : null;
        }
        catch (StoreException)
        {
            return null;
        }
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
