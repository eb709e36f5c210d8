using CalDavServer.Http;
using CalDavServer.Options;
using CalDavServer.Storage.Backups;
using Calendaring.Store.Sqlite;
using NodaTime;

namespace CalDavServer.Storage;

/// <summary>The folder that has all that the server keeps.</summary>
internal static class DataFolder
{
    /// <summary>The database's file.</summary>
    public const string FileName = "calendar.db";

    /// <summary>The settings' file in the data folder.</summary>
    public const string SettingsFile = "settings.json";

    /// <summary>The folder of keys.</summary>
    public const string Keys = "keys";

    /// <summary>The folder of the keys that encrypt cookies and secrets at rest, in a data folder.</summary>
    public static string KeysOf(string folder) => Path.Combine(Path.GetFullPath(folder), Keys);

    /// <summary>Opens the store in a folder, making both when they are not there.</summary>
    /// <exception cref="CommandFailure">The folder cannot be made or written to.</exception>
    public static async Task<SqliteStore> OpenOrCreateAsync(string folder)
    {
        var path = Path.GetFullPath(folder);
        try
        {
            Folders.Make(path);
            PrivateFiles.Close(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"The data folder {path} cannot be made: {Sentence.Of(failure)}");
        }

        if (Restore.IsUnderWay(path))
        {
            using var closed = SqliteStore.KeepClosed(Path.Combine(path, FileName));
            Restore.Finish(path);
        }

        return await SqliteStore.OpenAsync(Path.Combine(path, FileName), SystemClock.Instance);
    }

    /// <summary>Opens the store in a folder that has one.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static async Task<SqliteStore> OpenAsync(string folder)
    {
        if (!File.Exists(Path.Combine(folder, FileName)) && !Restore.IsUnderWay(folder))
            throw new CommandFailure($"There is no data in {Path.GetFullPath(folder)}. Name the folder with --data.", ExitCode.NotFound);
        return await OpenOrCreateAsync(folder);
    }
}
