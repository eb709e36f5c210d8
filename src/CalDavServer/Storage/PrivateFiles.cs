using System.Runtime.InteropServices;
using CalDavServer.Options;

namespace CalDavServer.Storage;

/// <summary>
/// Appointments are health information, and the keys open them: files and folders that this process makes are nobody else's to read, whatever the system's habit is, and a data folder that is open is closed.
/// </summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>From now on whatever this process makes is its user's alone: also what libraries make, such as the database's log.</summary>
    public static void Begin()
    {
        if (!OperatingSystem.IsWindows()) _ = SetMask((uint)Others);
    }

    /// <summary>A new file that only this user can read. Fails when it is there.</summary>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <summary>Closes a data folder, and what is the server's own in it, to everybody else: one that was made with another mask, or by another program.</summary>
    /// <exception cref="CommandFailure">It is open and cannot be closed, or is a folder that others use.</exception>
    public static void Close(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var mode = File.GetUnixFileMode(folder);
        if (mode.HasFlag(UnixFileMode.StickyBit)) throw new CommandFailure($"{folder} is a folder that others use. Name one with --data that is the server's alone: mkdir -m 700 {Path.Combine(folder, "calendarsync")}");
        CloseOne(folder, mode);
        foreach (var file in OwnFiles(folder)) CloseOne(file, File.GetUnixFileMode(file));
    }

    /// <summary>Whether somebody else may read a file.</summary>
    public static bool IsOpen(string file) => !OperatingSystem.IsWindows() && File.Exists(file) && (File.GetUnixFileMode(file) & Others) != 0;

    /// <summary>The settings are the operator's: they are warned of, and not changed.</summary>
    private static IEnumerable<string> OwnFiles(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, DataFolder.FileName + "*")) yield return file;
        foreach (var inner in Directory.EnumerateDirectories(folder).Where(IsOwnFolder))
        {
            yield return inner;
            foreach (var file in Directory.EnumerateFileSystemEntries(inner, "*", SearchOption.AllDirectories)) yield return file;
        }
    }

    private static bool IsOwnFolder(string path) => Path.GetFileName(path) is DataFolder.Keys or "restoring" || Path.GetFileName(path).StartsWith("replaced-", StringComparison.Ordinal);

    private static void CloseOne(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows() || (mode & Others) == 0 || File.ResolveLinkTarget(path, returnFinalTarget: false) is not null) return;
        try
        {
            File.SetUnixFileMode(path, mode & ~Others);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"Others can read {path}, and it cannot be closed to them: it belongs to somebody else. Close it with: sudo chown -R {Environment.UserName} {path} && chmod go-rwx {path}");
        }
    }

    [DllImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint SetMask(uint mask);
}
