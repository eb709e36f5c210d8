using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Fuzzing;

/// <summary>Requests to make others of: the sessions of real clients, those in Seeds/, and what was found to have an outcome of its own. These and the failures are saved when there is a folder.</summary>
internal sealed class Corpus
{
    private const int MaxFound = 20_000;

    private readonly List<FuzzRequest> _requests = [];
    private readonly ConcurrentDictionary<string, bool> _outcomes = new();
    private readonly ConcurrentDictionary<string, bool> _faults = new();
    private readonly string? _folder;

    public Corpus(string? folder)
    {
        _folder = folder;
        var tests = Path.GetDirectoryName(Path.GetDirectoryName(ThisFile()))!;
        Own = FilesIn(Path.Combine(tests, "Fuzzing", "Seeds")).ToDictionary(path => Path.GetFileNameWithoutExtension(path)!, FuzzRequest.Read, StringComparer.Ordinal);
        Sessions = FilesIn(Path.Combine(tests, "CalDavServer.Tests", "ClientQuirks")).Select(FuzzRequest.Read).ToList();
        _requests.AddRange([.. Sessions, .. Own.Values]);
        if (folder is null) return;
        Directory.CreateDirectory(Path.Combine(folder, "failures"));
        foreach (var path in Directory.GetFiles(folder, "*.http").Order(StringComparer.Ordinal)) _requests.Add(FuzzRequest.Read(path));
    }

    /// <summary>The requests of Seeds/, by the name of the file: nothing is mutated in them.</summary>
    public IReadOnlyDictionary<string, FuzzRequest> Own { get; }

    /// <summary>The requests of real clients, as they were sent.</summary>
    public IReadOnlyList<FuzzRequest> Sessions { get; }

    public int Count
    {
        get
        {
            lock (_requests) return _requests.Count;
        }
    }

    public int Outcomes => _outcomes.Count;

    /// <summary>One of them.</summary>
    public FuzzRequest Pick(Random random)
    {
        lock (_requests) return _requests[random.Next(_requests.Count)];
    }

    /// <summary>Keeps a request whose outcome nobody had before.</summary>
    public void Note(FuzzRequest request, string outcome)
    {
        if (_outcomes.Count >= MaxFound || !_outcomes.TryAdd(outcome, true)) return;
        lock (_requests) _requests.Add(request);
        if (_folder is not null) Save(Path.Combine(_folder, NameOf(request)), request);
    }

    /// <summary>Keeps a request that broke a promise; of each kind the first. The path, or null when there is one of its kind.</summary>
    public string? NoteFailure(FuzzRequest request, string fault)
    {
        if (!_faults.TryAdd($"{request.Method} {fault}", true)) return null;
        if (_folder is null) return "";
        var path = Path.Combine(_folder, "failures", NameOf(request));
        Save(path, request);
        File.WriteAllText(Path.ChangeExtension(path, ".txt"), fault + "\n");
        return path;
    }

    private static void Save(string path, FuzzRequest request)
    {
        // whole or not at all: a run may be ended at any moment
        File.WriteAllBytes(path + ".new", request.ToBytes());
        File.Move(path + ".new", path, overwrite: true);
    }

    private static string NameOf(FuzzRequest request) => Convert.ToHexStringLower(SHA256.HashData(request.ToBytes()))[..16] + ".http";

    private static IEnumerable<string> FilesIn(string folder) => Directory.GetFiles(folder, "*.http", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
