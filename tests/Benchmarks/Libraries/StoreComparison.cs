using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Libraries;

/// <summary>LiteDB and our store, one of them in a process: commits (whose fsyncs are counted from outside), and three readers beside a writer.</summary>
internal static class StoreComparison
{
    private const int Documents = 1000;
    private const int Readers = 3;

    // some take several pages
    private static readonly string[] Padding = [.. Enumerable.Range(0, 8).Select(size => new string('x', 200 << size))];

    /// <summary><c>commits litedb|own FOLDER N</c>.</summary>
    public static async Task<int> CommitAsync(string store, string folder, int count)
    {
        var documents = await OpenAsync(store, folder);
        var spent = Stopwatch.StartNew();
        for (var number = 0; number < count; number++) await documents.WriteAsync(number, TextOf(number, 0));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{store}: {count} commits in {spent.Elapsed.TotalSeconds:F2} s"));
        // as when the power goes: closing would write what is not on the disk yet
        Process.GetCurrentProcess().Kill();
        return 1;
    }

    /// <summary><c>readers litedb|own FOLDER SECONDS</c>.</summary>
    public static async Task<int> ReadAsync(string store, string folder, int seconds)
    {
        await using var documents = await OpenAsync(store, folder);
        for (var number = 0; number < Documents; number++) await documents.WriteAsync(number, TextOf(number, 0));
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var counts = new Counts();
        var writing = Task.Run(() => WriteAsync(documents, counts, end.Token));
        await Task.WhenAll([writing, .. Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(documents, counts, end.Token)))]);
        Console.WriteLine($"{store}: {counts.Reads} reads by {Readers} readers, {counts.Writes} writes by 1 writer in {seconds} s; {counts.Wrong} reads got another document than the one asked for or a broken one, {counts.Failed} failed{counts.Failure}");
        return 0;
    }

    private static async Task WriteAsync(IDocuments documents, Counts counts, CancellationToken end)
    {
        for (var version = 1; !end.IsCancellationRequested; version++)
        {
            var number = Random.Shared.Next(Documents);
            await documents.WriteAsync(number, TextOf(number, version));
            counts.Writes++;
        }
    }

    private static async Task ReadAsync(IDocuments documents, Counts counts, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var number = Random.Shared.Next(Documents);
            try
            {
                var text = await documents.ReadAsync(number);
                if (text is null || !IsWhole(text, number)) Interlocked.Increment(ref counts.Wrong);
            }
            catch (Exception failure)
            {
                Interlocked.Increment(ref counts.Failed);
                counts.Failure ??= $" ({failure.GetType().Name})";
            }

            Interlocked.Increment(ref counts.Reads);
        }
    }

    private static async Task<IDocuments> OpenAsync(string store, string folder) => store == "litedb" ? new LiteDbDocuments(folder) : await OwnDocuments.OpenAsync(folder);

    private static string TextOf(int number, int version) => $"{number}|{version}|{Padding[(number + version) % Padding.Length]}|{number}";

    private static bool IsWhole(string text, int number)
    {
        var parts = text.Split('|');
        return parts.Length == 4 && parts[0] == parts[3] && parts[0] == number.ToString(CultureInfo.InvariantCulture)
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var version) && parts[2].Length == Padding[(number + version) % Padding.Length].Length;
    }

    private sealed class Counts
    {
        public long Reads;
        public long Writes;
        public long Wrong;
        public long Failed;
        public string? Failure;
    }
}
