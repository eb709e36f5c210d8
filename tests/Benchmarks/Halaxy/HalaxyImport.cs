using System.Diagnostics;
using System.Globalization;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using Practice;
using Practice.Groups;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Benchmarks.Halaxy;

/// <summary>
/// How long it takes until a practice that connects to Halaxy has all of its appointments, at the rate that Halaxy allows: <c>halaxy PRACTITIONERS APPOINTMENTS-OF-EACH</c>. The answers are made up as they are asked for, in the shape of
/// those of the stand-in, which would take longer to find them than the product to take them in.
/// </summary>
internal static class HalaxyImport
{
    private const int Allowed = 500;

    public static async Task<int> RunAsync(int practitioners, int each)
    {
        var folder = Directory.CreateTempSubdirectory("halaxy-import-");
        try
        {
            await using var store = await SqliteStore.OpenAsync(Path.Combine(folder.FullName, "store.db"), SystemClock.Instance);
            var directory = new PracticeDirectory(store, SystemClock.Instance);
            var group = (await directory.CreatePracticeAsync("Riverbend", "Australia/Sydney")).Id;
            List<HalaxyMatch> matches = [];
            for (var n = 0; n < practitioners; n++) matches.Add(new HalaxyMatch((await directory.CreatePersonAsync($"p{n}", $"Practitioner {n}", null, PrincipalRole.Practitioner, group)).Id, $"PR-{n}"));
            var connection = new HalaxyConnection(group, HalaxyAnswers.Address, "client", "", SystemClock.Instance.GetCurrentInstant() - Duration.FromDays(31)) { State = HalaxyState.Active, Matches = matches };
            await store.ApplyAsync(StoreBatch.Of(connection.Put()));
            using var answers = new HalaxyAnswers(practitioners, each);
            using var http = new HttpClient(answers);
            using var rate = new HalaxyRateLimit(SystemClock.Instance);
            using var client = new HalaxyClient(http, new HalaxyKey(HalaxyAnswers.Address, "client", "secret"), rate, SystemClock.Instance);
            var names = new HalaxyNames(store, SystemClock.Instance, new EphemeralDataProtectionProvider());
            foreach (var what in new[] { "import", "quiet pass", "quiet pass" })
            {
                var (since, asked) = (Stopwatch.StartNew(), answers.Asked);
                var pass = new HalaxyPass(store, SystemClock.Instance, client, names);
                var result = await pass.RunAsync(group, []);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {result}, {pass.Counts.In} appointments in {since.Elapsed.TotalSeconds:0.0} s, {answers.Asked - asked} requests, {Environment.WorkingSet / 1024 / 1024} MB"));
                if (result != PassResult.Done) return 1;
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"at most {answers.Peak} requests in a minute, of {Allowed} that Halaxy allows"));
            return answers.Peak <= Allowed ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
