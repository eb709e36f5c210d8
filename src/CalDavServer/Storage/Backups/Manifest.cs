using System.Security.Cryptography;
using System.Text.Json;
using CalDavServer.Options;
using NodaTime;

namespace CalDavServer.Storage.Backups;

/// <summary>What a backup has in it. It is written last: a folder without it is no backup.</summary>
/// <param name="Created">When the backup was made.</param>
/// <param name="Files">Each file's SHA-256, by its path in the folder.</param>
internal sealed record Manifest(string Created, IReadOnlyDictionary<string, string> Files)
{
    private const string FileName = "backup.json";
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>Lists the files of a folder, and writes the list to it.</summary>
    public static async Task WriteAsync(string folder, CancellationToken cancelled)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            files[Path.GetRelativePath(folder, file).Replace('\\', '/')] = await HashAsync(file, cancelled);
        var manifest = new Manifest(SystemClock.Instance.GetCurrentInstant().ToString(), files);
        await using var stream = PrivateFiles.Create(Path.Combine(folder, FileName));
        await JsonSerializer.SerializeAsync(stream, manifest, Readable, cancelled);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Reads a backup's list.</summary>
    /// <exception cref="CommandFailure">The folder is no whole backup.</exception>
    public static async Task<Manifest> ReadAsync(string folder, CancellationToken cancelled)
    {
        if (!Directory.Exists(folder)) throw new CommandFailure($"There is no backup {folder}.", ExitCode.NotFound);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) throw new CommandFailure($"{folder} is not a backup: it has no {FileName}, which is written last.");
        try
        {
            await using var stream = File.OpenRead(path);
            if (await JsonSerializer.DeserializeAsync<Manifest>(stream, cancellationToken: cancelled) is { Files: not null } manifest
                && manifest.Files.ContainsKey(DataFolder.FileName))
                return manifest.Files.Keys.FirstOrDefault(name => !IsKnown(name)) is { } unknown
                    ? throw new CommandFailure($"{path} names the file '{unknown}', which no backup contains: the backup cannot be used.")
                    : manifest;
        }
        catch (JsonException)
        {
            // said below
        }

        throw new CommandFailure($"{path} is damaged: the backup cannot be used.");
    }

    /// <summary>Copies the files, each compared with its hash.</summary>
    /// <exception cref="CommandFailure">A file is missing or damaged.</exception>
    public async Task CopyAsync(string source, string target, IProgress<double> progress, CancellationToken cancelled)
    {
        var (number, damaged) = (0, "");
        foreach (var (name, hash) in Files)
        {
            var (from, to) = (Path.Combine(source, name), Path.Combine(target, name));
            if (new FileInfo(from).LinkTarget is not null || new DirectoryInfo(Path.GetDirectoryName(from)!).LinkTarget is not null) throw new CommandFailure($"{from} is a symbolic link, which no backup contains: the backup cannot be used.");
            if (!File.Exists(from)) throw new CommandFailure($"{from} is missing: the backup cannot be used.");
            Folders.Make(Path.GetDirectoryName(to)!);
            await Folders.CopyAsync(from, to, cancelled);
            if (await HashAsync(to, cancelled) != hash) damaged = from;
            if (damaged.Length > 0) throw new CommandFailure($"{damaged} is damaged: the backup cannot be used.");
            progress.Report((double)++number / Files.Count);
        }
    }

    /// <summary>What a backup may have in it: a list that somebody else wrote must not bring any other file into the data folder.</summary>
    private static bool IsKnown(string name) =>
        name is DataFolder.FileName or DataFolder.SettingsFile || (name.StartsWith(DataFolder.Keys + "/", StringComparison.Ordinal) && IsPlain(name[(DataFolder.Keys.Length + 1)..]));

    private static bool IsPlain(string name) =>
        name.Length is > 0 and <= 100 && name[0] != '.' && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_');

    private static async Task<string> HashAsync(string path, CancellationToken cancelled)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancelled));
    }
}
