using System.IO.Compression;
using CalDavServer.Options;
using CalDavServer.Storage.Backups;

namespace CalDavServer.Commands.Exports;

/// <summary>Where an export goes: a folder, or a zip file. It gets its name when it is whole.</summary>
internal sealed class ExportFiles : IAsyncDisposable
{
    private readonly string _target;
    private readonly string _partial;
    private readonly ZipArchive? _zip;
    private bool _complete;

    private ExportFiles(string target)
    {
        _target = target;
        _partial = target + ".partial";
        Remove();
        if (target.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) _zip = new ZipArchive(OpenFile(_partial), ZipArchiveMode.Create);
        else Folders.Make(_partial);
    }

    public static ExportFiles Create(string target)
    {
        if (Path.Exists(target)) throw new CommandFailure($"{target} already exists: name a new folder or file.");
        if (!Directory.Exists(Path.GetDirectoryName(target))) throw new CommandFailure($"There is no folder {Path.GetDirectoryName(target)} for the export.", ExitCode.NotFound);
        return new ExportFiles(target);
    }

    /// <summary>Begins a file; it is to be closed before the next.</summary>
    public Stream Open(string path)
    {
        if (_zip is not null) return _zip.CreateEntry(path).Open();
        var file = Path.Combine(_partial, path);
        Folders.Make(Path.GetDirectoryName(file)!);
        return OpenFile(file);
    }

    public void Complete() => _complete = true;

    public ValueTask DisposeAsync()
    {
        _zip?.Dispose();
        if (!_complete) Remove();
        else if (_zip is not null) File.Move(_partial, _target);
        else Directory.Move(_partial, _target);
        return ValueTask.CompletedTask;
    }

    private void Remove()
    {
        if (File.Exists(_partial)) File.Delete(_partial);
        Folders.Remove(_partial);
    }

    private static FileStream OpenFile(string path) => OperatingSystem.IsWindows()
        ? new FileStream(path, FileMode.CreateNew)
        : new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
}
