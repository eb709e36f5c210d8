using System.Collections.Concurrent;
using System.Diagnostics;
using CalDavServer.Tests.Hosting;
using Fuzzing.Mutations;

namespace Fuzzing;

/// <summary>Sends mutated requests to a real server for as long as it is told, and sees that no answer and no memory gets out of hand, and that what no request names stays as it was.</summary>
internal sealed class Fuzzer(FuzzOptions options, Action<string> print)
{
    private const int Workers = 3;
    private const int TidyEvery = 1_500;
    private const int MaxFailures = 50;

    /// <summary>What the process may make at any time. Six minutes of requests stay below 160 MB.</summary>
    private const long MaxMemory = 220L << 20;

    private static readonly TimeSpan MemoryEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<string> _failures = new();
    private readonly List<long> _memory = [];
    private readonly Dictionary<string, int?> _statuses = [];
    private readonly Corpus _corpus = new(options.Corpus);
    private long _sent;

    /// <summary>Requests sent.</summary>
    public long Sent => _sent;

    /// <summary>Different outcomes seen.</summary>
    public int Outcomes => _corpus.Outcomes;

    /// <summary>What the requests of Seeds/ were answered as they are, by the name of the file; null where there was no answer.</summary>
    public IReadOnlyDictionary<string, int?> Statuses => _statuses;

    /// <summary>Runs; the promises that were broken.</summary>
    public async Task<IReadOnlyCollection<string>> RunAsync()
    {
        print($"seed {options.Seed}, {_corpus.Count} requests to begin with");
        await using var server = await FuzzServer.StartAsync();
        var scene = new Scene(server.Address);
        await scene.MakeAsync();
        var probe = new Probe(server.Address);
        // what others need is made first and removed last
        foreach (var (name, seed) in _corpus.Own.OrderBy(own => own.Value.Method.StartsWith("MK", StringComparison.Ordinal) ? 0 : own.Key == "delete-calendar" ? 2 : 1))
        {
            await scene.RestoreAsync();
            _statuses[name] = (await TryAsync(probe, scene, seed))?.Status;
        }

        foreach (var seed in _corpus.Sessions) await TryAsync(probe, scene, seed);

        var clock = Stopwatch.StartNew();
        var workers = Enumerable.Range(0, Workers).Select(number => WorkAsync(probe, scene, new Random(unchecked(options.Seed + (number * 7919))), clock)).ToList();
        workers.Add(WatchMemoryAsync(server, clock));
        await Task.WhenAll(workers);
        await EndAsync(server, scene);
        print($"{_sent} requests, {_corpus.Outcomes} outcomes, {_corpus.Count} requests in the corpus, {_failures.Count} failures, {_memory[0] >> 20} MB at first, {_memory[^1] >> 20} at last, {_memory.Max() >> 20} at most");
        return _failures;
    }

    private async Task WorkAsync(Probe probe, Scene scene, Random random, Stopwatch clock)
    {
        var mutator = new Mutator(random);
        while (clock.Elapsed < options.Duration && _failures.Count < MaxFailures)
        {
            var request = mutator.Mutate(_corpus.Pick(random), _corpus.Pick(random));
            await TryAsync(probe, scene, request);
            if (Interlocked.Increment(ref _sent) % TidyEvery == 0) await scene.TidyAsync();
        }
    }

    private async Task<DavAnswer?> TryAsync(Probe probe, Scene scene, FuzzRequest request)
    {
        try
        {
            var verdict = await probe.SendAsync(request, scene.Values);
            if (verdict.Fault is { } fault) Fail(request, fault, verdict);
            _corpus.Note(request, verdict.Outcome);
            return verdict.Answer;
        }
        catch (System.Net.Sockets.SocketException refused)
        {
            Fail(request, $"the server takes no connection: {refused.SocketErrorCode}", null);
            return null;
        }
    }

    private void Fail(FuzzRequest request, string fault, Verdict? verdict)
    {
        if (_corpus.NoteFailure(request, fault) is not { } saved) return;
        var text = System.Text.Encoding.Latin1.GetString(request.ToBytes());
        var failure = $"{fault} {saved}\n--- request\n{text[..Math.Min(text.Length, 3_000)]}\n--- answer\n{verdict?.Answer?.Status} {verdict?.Answer?.Text}";
        _failures.Enqueue(failure);
        print(failure);
    }

    private async Task WatchMemoryAsync(FuzzServer server, Stopwatch clock)
    {
        while (clock.Elapsed < options.Duration && _failures.Count < MaxFailures && !server.HasExited)
        {
            _memory.Add(server.Memory);
            var left = options.Duration - clock.Elapsed;
            if (_memory.Count % 300 == 0) print($"{clock.Elapsed:hh\\:mm}: {_sent} requests, {_corpus.Outcomes} outcomes, {_memory[^1] >> 20} MB");
            if (left > TimeSpan.Zero) await Task.Delay(left < MemoryEvery ? left : MemoryEvery);
        }
    }

    private async Task EndAsync(FuzzServer server, Scene scene)
    {
        if (server.HasExited)
        {
            Fail($"the server has ended:\n{string.Join('\n', server.Log.TakeLast(30))}");
            return;
        }

        _memory.Add(server.Memory);
        Fail(MemoryFault());
        Fail(await scene.FindChangeAsync());
        Fail(await server.StopAndCheckAsync());
        if (server.Log.Any(IsFailure)) Fail($"the server has logged failures:\n{string.Join('\n', server.Log.Where(IsFailure).Take(200))}");
    }

    // Kestrel[67]: what came after a refused request is no request, and the connection is closed
    private static bool IsFailure(string line) => !line.Contains("Server.Kestrel[67] ", StringComparison.Ordinal)
        && (line.Contains("failed:", StringComparison.Ordinal)
        || line.Contains("fail:", StringComparison.Ordinal)
        || line.Contains("crit:", StringComparison.Ordinal)
        || line.Contains("unhandled", StringComparison.OrdinalIgnoreCase));

    private void Fail(string? fault)
    {
        if (fault is null) return;
        _failures.Enqueue(fault);
        print(fault);
    }

    // The lowest of a stretch is what stays after collections. The first third fills caches.
    private string? MemoryFault()
    {
        if (_memory.Max() > MaxMemory) return $"the server took {_memory.Max() >> 20} MB";
        if (_memory.Count < 30) return null;
        var third = _memory.Count / 3;
        var second = _memory.Skip(third).Take(third).Min();
        var last = _memory.TakeLast(third).Min();
        return last > (second * 5 / 4) + (16 << 20) ? $"the server grew from {second >> 20} MB to {last >> 20} MB" : null;
    }
}
