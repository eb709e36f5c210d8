using System.Globalization;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using NodaTime;
using Practice;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Rfc6578;

/// <summary>
/// A reference client over random histories: whatever happens to a home, with pages of any length, tokens of any age and restarts of the server in the midst, after each sync it has what is
/// there, and one ETag has never stood for two texts.
/// </summary>
public sealed class ConvergenceTests
{
    private const string SeedVariable = "CALENDARSYNC_SYNC_SEED";
    private const int Steps = 150;
    private static readonly SqliteStoreOptions Options = new() { TombstoneLifetime = Duration.FromDays(10), HousekeepingInterval = Duration.FromMilliseconds(100) };

    private readonly List<DavClient> _connections = [];

    [Fact(Timeout = 300_000)]
    public Task A_client_converges_on_a_history_that_is_always_the_same() => RunAsync(1_478_951_924, TestContext.Current.CancellationToken);

    /// <summary>The seed is printed; <c>CALENDARSYNC_SYNC_SEED</c> repeats it.</summary>
    [Fact(Timeout = 300_000)]
    public async Task A_client_converges_on_a_history_that_is_always_another()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"{SeedVariable}={seed}");
        await RunAsync(seed, TestContext.Current.CancellationToken);
    }

    private async Task RunAsync(int seed, CancellationToken cancelled)
    {
        var random = new Random(seed);
        var clock = new MovingClock();
        var server = await TestServer.StartAsync(clock, Options);
        try
        {
            var directory = new PracticeDirectory(server.Store, clock);
            var practice = await directory.CreatePracticeAsync("Riverbend", "Australia/Melbourne");
            var maya = await directory.CreatePersonAsync("maya", "Maya", null, PrincipalRole.Practitioner, practice.Id, "maya");
            var writer = await server.AddPasswordAsync(maya);
            var history = new RandomHistory(random, maya);
            var devices = new List<Device>();
            foreach (var level in new[] { PrivacyLevel.FullName, PrivacyLevel.Initials, PrivacyLevel.Busy })
            {
                var person = await server.AddPasswordAsync(maya, level: level);
                foreach (var infinite in new[] { true, false }) devices.Add(new Device(person, new ReferenceClient($"{level}, infinite {infinite}", infinite, random)));
            }

            Connect(server, writer, history, devices);
            for (var step = 0; step < Steps; step++)
            {
                cancelled.ThrowIfCancellationRequested();
                await history.StepAsync();
                if (random.Next(4) == 0) clock.Now += Duration.FromHours(random.Next(1, 72));
                if (random.Next(50) == 0)
                {
                    server = await server.RestartAsync(Options);
                    Connect(server, writer, history, devices);
                }

                if (random.Next(40) == 0) await ChangeLevelAsync(server, devices, random);

                // the first are often there, the last seldom
                for (var number = 0; number < devices.Count; number++)
                {
                    if (random.Next(2 + (number * 6)) > 0) continue;
                    var client = devices[number].Client;
                    if (random.Next(2) == 0) await client.SyncAsync(history.StepAsync);
                    await client.SyncAsync();
                    await client.CheckAsync();
                }
            }

            foreach (var (_, client) in devices)
            {
                await client.SyncAsync();
                await client.CheckAsync();
            }

            Assert.True(devices.Sum(device => device.Client.Objects.Count) > 0, "Nothing is left to compare.");
            var (refused, asked) = (devices.Sum(device => device.Client.Refusals), devices.Sum(device => device.Client.Resumptions));
            TestContext.Current.TestOutputHelper?.WriteLine($"{refused} of {asked} tokens were refused.");
            Assert.True(refused > 0, "No token was refused.");
            Assert.True(refused * 2 < asked, $"{refused} of {asked} tokens were refused.");
            Assert.True(devices.Sum(device => device.Client.Truncations) > 0, "No page was truncated.");
        }
        finally
        {
            foreach (var client in _connections) client.Dispose();
            await server.DisposeAsync();
        }
    }


    private void Connect(TestServer server, Person writer, RandomHistory history, List<Device> devices)
    {
        history.Server = server;
        history.Writer = server.Client(writer);
        _connections.Add(history.Writer);
        foreach (var (person, client) in devices)
        {
            client.Connection = server.Client(person);
            _connections.Add(client.Connection);
        }
    }

    /// <summary>The level of one app password is changed: that its devices notice takes less than a second.</summary>
    private static async Task ChangeLevelAsync(TestServer server, List<Device> devices, Random random)
    {
        var (person, client) = devices[random.Next(devices.Count)];
        var level = (PrivacyLevel)random.Next(5);
        await server.Store.ApplyAsync(StoreBatch.Of(new PutCredential(person.Credential with { LevelName = level.ToString() })), TestContext.Current.CancellationToken);
        var scope = string.Create(CultureInfo.InvariantCulture, $".{(int)level}/");
        while (!(await client.Connection.PropFindAsync(client.Connection.Home, "0", Xml.D + "sync-token")).Property(Xml.D + "sync-token")!.Value.Contains(scope, StringComparison.Ordinal))
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    private sealed record Device(Person Person, ReferenceClient Client);

    private sealed class MovingClock : IClock
    {
        public Instant Now { get; set; } = Instant.FromUtc(2026, 6, 1, 0, 0);

        public Instant GetCurrentInstant() => Now;
    }
}
