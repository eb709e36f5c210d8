using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Benchmarks.Fairness;

/// <summary>
/// <c>Benchmarks.dll fair</c>: what one person waits for while another attacks the server. It starts the server program with two people in a data folder of its own, and measures the one with and without each
/// attack of the other, which is a process of its own: in turns, and for the same time. Ends with 1 when a 99th percentile is more than twice that of the quiet server.
/// </summary>
internal static class FairnessRun
{
    private const double Most = 2;
    private const int Rounds = 3;

    /// <summary>Measures; the arguments are the seconds of each measurement, and the attacks when not all.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var names = args.Length > 1 ? args[1..] : [.. Attack.All.Keys];
        await using var server = await Scene.StartAsync();
        using var person = new Person(server.Url, Scene.Victim);
        await person.PrepareAsync();
        await person.MeasureAsync(TimeSpan.FromSeconds(3));
        Console.WriteLine("| Attack | p50 quiet | p99 quiet | p50 | p99 | slowest | p99 : quiet |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var worst = 0.0;
        foreach (var name in names)
        {
            var (quiet, during) = await MeasureAsync(person, name, server.Url, TimeSpan.FromSeconds(seconds));
            worst = Math.Max(worst, during.P99 / quiet.P99);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {quiet.P50:0.0} ms | {quiet.P99:0.0} ms | {during.P50:0.0} ms | {during.P99:0.0} ms | {during.Slowest:0} ms | {during.P99 / quiet.P99:0.0} |"));
        }

        return worst > Most ? 1 : 0;
    }

    // what the machine does beside falls on both alike
    private static async Task<(Times Quiet, Times During)> MeasureAsync(Person person, string name, Uri url, TimeSpan length)
    {
        var (quiet, during) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            quiet.AddRange(await person.MeasureAsync(length));
            using var attack = Start(name, url);
            await attack.StandardOutput.ReadLineAsync();
            during.AddRange(await person.MeasureAsync(length));
            attack.Kill();
            await attack.WaitForExitAsync();
            await Task.Delay(TimeSpan.FromSeconds(2));
        }

        return (Times.Of(quiet), Times.Of(during));
    }

    private static Process Start(string name, Uri url)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(FairnessRun).Assembly.Location, "attack", name, url.ToString()]) { RedirectStandardOutput = true };
        var attack = Process.Start(start)!;
        // attackers have processors of their own: here they take those that the server leaves
        attack.PriorityClass = ProcessPriorityClass.Idle;
        return attack;
    }

    /// <summary>The header with which somebody signs in.</summary>
    public static string Login(string login, string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login}:{password}"));
}
