using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Concurrency;

/// <summary>32 clients at once, each on a connection of its own.</summary>
public sealed class ConcurrencyTests : ServerTest
{
    private const int Clients = 32;
    private int _made;

    [Fact]
    public async Task Of_all_who_write_on_one_ETag_exactly_one_wins()
    {
        var path = Client.Calendar("home") + "a.ics";
        var etag = (await Client.PutAsync(path, Events.Event("a"))).Header("ETag")!;
        await WithClientsAsync(async clients =>
        {
            for (var round = 0; round < 6; round++)
            {
                var answers = await Task.WhenAll(clients.Select((client, number) => client.PutAsync(path, Events.Event("a", $"{round} {number}"), ("If-Match", etag))));
                var winner = Array.FindIndex(answers, answer => answer.Status == 204);
                Assert.Equal(Clients - 1, answers.Count(answer => answer.Status == 412));
                etag = answers[winner].Header("ETag")!;
                var read = await Client.GetAsync(path);
                Assert.Equal(etag, read.Header("ETag"));
                Assert.Contains($"SUMMARY:{round} {winner}\r\n", read.Text, StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public async Task Of_all_who_make_one_name_exactly_one_does() => await WithClientsAsync(async clients =>
    {
        for (var round = 0; round < 4; round++)
        {
            var path = Client.Calendar("home") + $"new{round}.ics";
            var answers = await Task.WhenAll(clients.Select((client, number) => client.PutAsync(path, Events.Event($"u{round} {number}"), ("If-None-Match", "*"))));
            Assert.Equal(1, answers.Count(answer => answer.Status == 201));
            Assert.Equal(Clients - 1, answers.Count(answer => answer.Status == 412));
        }
    });

    [Fact]
    public async Task All_who_write_one_object_without_a_condition_go_through()
    {
        var path = Client.Calendar("home") + "a.ics";
        await Client.PutAsync(path, Events.Event("a"));
        await WithClientsAsync(clients => Task.WhenAll(clients.Select(async client =>
        {
            for (var i = 0; i < 8; i++) Assert.Equal(204, (await client.PutAsync(path, Events.Event("a", $"{Interlocked.Increment(ref _made)}"))).Status);
        })));
    }

    [Fact]
    public async Task Properties_of_a_calendar_are_set_by_many_while_many_put_into_it_and_none_is_lost()
    {
        var calendar = Client.Calendar("home");
        await WithClientsAsync(clients => Task.WhenAll(clients.Select(async (client, number) =>
        {
            for (var i = 0; i < 6; i++)
            {
                var answer = number % 2 == 0
                    ? await client.SendAsync("PROPPATCH", calendar, Xml.Set(new XElement(XName.Get($"p{number}", "urn:x"), i)))
                    : await client.PutAsync(calendar + $"o{number}.ics", Events.Event($"u{number}", $"{i}"));
                Assert.True(answer.Status is 207 or 201 or 204, $"{answer.Status} {answer.Text}");
            }
        })));
        var names = Enumerable.Range(0, Clients).Where(number => number % 2 == 0).Select(number => XName.Get($"p{number}", "urn:x")).ToArray();
        var stored = await Client.PropFindAsync(calendar, "0", names);
        Assert.All(names, name => Assert.Equal("5", stored.Property(name)!.Value));
    }

    /// <summary>Every answer in the recorded history is right in one order of all calls to a resource that keeps to their time, and the sync tokens read meanwhile follow the same time.</summary>
    [Fact]
    public async Task What_many_are_answered_is_what_they_would_be_one_after_the_other()
    {
        string[] paths = [.. Enumerable.Range(0, 3).Select(number => Client.Calendar("home") + $"o{number}.ics")];
        var calls = paths.ToDictionary(path => path, _ => new ConcurrentBag<Call>());
        var tokens = new ConcurrentBag<(long Invoked, long Returned, long Change)>();
        await WithClientsAsync(clients => Task.WhenAll(clients.Select(async (client, number) =>
        {
            var random = new Random(number);
            var known = new Dictionary<string, string?>();
            for (var i = 0; i < 16; i++)
            {
                if (number % 8 == 0)
                {
                    tokens.Add(await ReadTokenAsync(client));
                    continue;
                }

                var path = paths[random.Next(paths.Length)];
                var call = await CallAsync(client, path, random.Next(10), known.GetValueOrDefault(path));
                known[path] = call.ETag ?? known.GetValueOrDefault(path);
                calls[path].Add(call);
            }
        })));

        foreach (var history in calls.Values) Assert.Null(Linearizability.Refute([.. history], null));
        var changes = calls.Values.Sum(history => history.Count(call => call.Changes));
        Assert.True(changes > 40, $"{changes} changes are too few.");
        Assert.Contains(calls.Values.SelectMany(history => history), call => call.Status == 412);
        CheckTokens([.. tokens], calls.Values.SelectMany(history => history).Where(call => call.Changes));
    }

    private async Task<Call> CallAsync(DavClient client, string path, int choice, string? etag)
    {
        var text = Events.Event(path, $"text {Interlocked.Increment(ref _made)}");
        var kind = choice < 3 ? CallKind.Get : choice < 4 ? CallKind.Create : choice < 9 || etag is null ? CallKind.Put : CallKind.Delete;
        var expected = kind is CallKind.Delete || (kind is CallKind.Put && choice > 5) ? etag : null;
        var invoked = Stopwatch.GetTimestamp();
        var answer = kind switch
        {
            CallKind.Get => await client.GetAsync(path),
            CallKind.Create => await client.PutAsync(path, text, ("If-None-Match", "*")),
            CallKind.Put => expected is null ? await client.PutAsync(path, text) : await client.PutAsync(path, text, ("If-Match", expected)),
            _ => await client.DeleteAsync(path, ("If-Match", expected!)),
        };
        return new Call(invoked, Stopwatch.GetTimestamp(), kind, expected, answer.Status, answer.Status is 200 or 201 or 204 ? answer.Header("ETag") : null);
    }

    private static async Task<(long Invoked, long Returned, long Change)> ReadTokenAsync(DavClient client)
    {
        var invoked = Stopwatch.GetTimestamp();
        var token = (await client.PropFindAsync(client.Calendar("home"), "0", Xml.D + "sync-token")).Property(Xml.D + "sync-token")!.Value;
        return (invoked, Stopwatch.GetTimestamp(), long.Parse(token[(token.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture));
    }

    private static void CheckTokens(IReadOnlyList<(long Invoked, long Returned, long Change)> tokens, IEnumerable<Call> changes)
    {
        Assert.NotEmpty(tokens);
        foreach (var (_, returned, change) in tokens) Assert.All(tokens.Where(later => later.Invoked > returned), later => Assert.True(later.Change >= change));
        foreach (var call in changes)
        {
            var before = tokens.Where(token => token.Returned < call.Invoked).Select(token => token.Change).DefaultIfEmpty(0).Max();
            Assert.All(tokens.Where(token => token.Invoked > call.Returned), token => Assert.True(token.Change > before));
        }
    }

    private async Task WithClientsAsync(Func<DavClient[], Task> run)
    {
        var clients = Enumerable.Range(0, Clients).Select(_ => Server.Client(Alice)).ToArray();
        try
        {
            await run(clients);
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }
}
