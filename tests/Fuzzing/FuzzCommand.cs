namespace Fuzzing;

/// <summary>The fuzzer by command: for hours, or one saved request again.</summary>
internal static class FuzzCommand
{
    /// <summary>0 when every promise was kept, 1 when one was broken.</summary>
    public static async Task<int> RunAsync(FuzzOptions options)
    {
        if (options.Replay is { } path) return await ReplayAsync(path);
        var failures = await new Fuzzer(options, line => Console.WriteLine($"{DateTimeOffset.UtcNow:HH:mm:ss} {line}")).RunAsync();
        foreach (var failure in failures) Console.WriteLine($"FAILED: {failure.Split('\n')[0]}");
        return failures.Count == 0 ? 0 : 1;
    }

    private static async Task<int> ReplayAsync(string path)
    {
        await using var server = await FuzzServer.StartAsync();
        var scene = new Scene(server.Address);
        await scene.MakeAsync();
        var request = FuzzRequest.Read(path);
        var verdict = await new Probe(server.Address).SendAsync(request, scene.Values);
        var fault = verdict.Fault ?? await scene.FindChangeAsync() ?? await server.StopAndCheckAsync();
        Console.WriteLine($"{System.Text.Encoding.Latin1.GetString(request.Fill(scene.Values))}\n---\n{verdict.Answer?.Status} {verdict.Answer?.Text}\n---");
        foreach (var line in server.Log) Console.WriteLine(line);
        Console.WriteLine(fault is null ? "Every promise is kept." : $"FAILED: {fault}");
        return fault is null ? 0 : 1;
    }
}
