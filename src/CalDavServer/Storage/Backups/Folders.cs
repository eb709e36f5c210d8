namespace CalDavServer.Storage.Backups;

/// <summary>Folders and files that only the server's own user can read: they have health information in them.</summary>
internal static class Folders
{
    public static void Make(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public static void Remove(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }

    /// <summary>Copies a file, to the disk.</summary>
    public static async Task CopyAsync(string source, string target, CancellationToken cancelled)
    {
        await using var from = File.OpenRead(source);
        await using var to = PrivateFiles.Create(target);
        await from.CopyToAsync(to, cancelled);
        to.Flush(flushToDisk: true);
    }
}
