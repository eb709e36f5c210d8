using System.Text.RegularExpressions;
using Xunit;

namespace EndToEnd;

/// <summary>A vdirsyncer configuration: a folder and a calendar of the server, and a second folder that only ever gets what the server has.</summary>
internal sealed partial class VdirsyncerPair : IDisposable
{
    private const string Calendar = "both-ways";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vdirsyncer-");

    public VdirsyncerPair(Uri server, string login, string password)
    {
        Directory.CreateDirectory(Local);
        File.WriteAllText(Config, $"""
            [general]
            status_path = "{_folder.FullName}/status/"
            [pair main]
            a = "local"
            b = "remote"
            collections = ["{Calendar}"]
            [pair second]
            a = "copy"
            b = "remote"
            collections = ["{Calendar}"]
            [storage local]
            type = "filesystem"
            path = "{_folder.FullName}/local/"
            fileext = ".ics"
            [storage copy]
            type = "filesystem"
            path = "{_folder.FullName}/copy/"
            fileext = ".ics"
            [storage remote]
            type = "caldav"
            url = "{server}"
            username = "{login}"
            password = "{password}"
            """);
    }

    private string Config => Path.Combine(_folder.FullName, "config");

    private string Local => Path.Combine(_folder.FullName, "local", Calendar);

    public string LocalFile(string name) => Path.Combine(Local, name);

    /// <summary>The file in the folder that holds a UID.</summary>
    public string FileOf(string uid) =>
        Directory.EnumerateFiles(Local, "*.ics").Single(file => UidLine().Match(File.ReadAllText(file)).Groups[1].Value == uid);

    /// <summary>Makes the calendar on the server and the folders.</summary>
    public async Task DiscoverAsync() =>
        (await Tool.RunAsync("bash", ["-c", $"yes | vdirsyncer -c '{Config}' discover"], Limit)).Succeeded();

    /// <summary>Where the calendar was made.</summary>
    public async Task<Uri> CalendarUrlAsync()
    {
        var status = await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "status", "main.collections"), TestContext.Current.CancellationToken);
        return new Uri(CalendarUrl().Match(status).Value.TrimEnd('/') + "/");
    }

    public async Task<string> SyncAsync() => (await Tool.RunAsync("vdirsyncer", ["-c", Config, "sync", "main"], Limit)).Succeeded().Output;

    /// <summary>The folder's events: UID → summary.</summary>
    public SortedDictionary<string, string> LocalSummaries() => Summaries(Local);

    /// <summary>The server's events, as a second folder receives them: UID → summary.</summary>
    public async Task<SortedDictionary<string, string>> SecondCopyAsync()
    {
        (await Tool.RunAsync("vdirsyncer", ["-c", Config, "sync", "second"], Limit)).Succeeded();
        return Summaries(Path.Combine(_folder.FullName, "copy", Calendar));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static SortedDictionary<string, string> Summaries(string folder)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*.ics"))
        {
            var text = File.ReadAllText(file);
            found.Add(UidLine().Match(text).Groups[1].Value, SummaryLine().Match(text).Groups[1].Value);
        }

        return found;
    }

    [GeneratedRegex(@"^UID:(.*?)\r?$", RegexOptions.Multiline)]
    private static partial Regex UidLine();

    [GeneratedRegex(@"^SUMMARY:(.*?)\r?$", RegexOptions.Multiline)]
    private static partial Regex SummaryLine();

    [GeneratedRegex(@"http://[^""]+")]
    private static partial Regex CalendarUrl();
}
