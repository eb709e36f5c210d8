using CalDavServer.Tests.Hosting;
using Calendaring.ICalendar;
using Calendaring.Store;
using Xunit;

namespace CalDavServer.Tests.Concurrency;

/// <summary>An answer sees one moment: what happened together is seen together, or not yet.</summary>
public sealed class OneMomentTests : ServerTest
{
    private const int Objects = 8;
    private const int Moves = 12;

    [Fact]
    public async Task A_move_never_shows_both_places_or_none_to_a_sync_of_the_home()
    {
        await Client.SendAsync("MKCALENDAR", Client.Calendar("other"), Xml.MkCalendar());
        await WhileMovingAsync(
            (number, there) => there ? $"home/m{number}.ics" : $"other/m{number}.ics",
            async client =>
            {
                var hrefs = (await client.SendAsync("REPORT", client.Home, Sync("infinite"), ("Depth", "0"))).Hrefs;
                for (var number = 0; number < Objects; number++) Assert.Single(hrefs, href => href.EndsWith($"/m{number}.ics", StringComparison.Ordinal));
            });
    }

    [Theory]
    [InlineData("PROPFIND")]
    [InlineData("sync-collection")]
    [InlineData("calendar-query")]
    [InlineData("calendar-multiget")]
    public async Task A_new_name_never_shows_both_names_or_none_to_a_listing(string listing) => await WhileMovingAsync(
        (number, there) => $"home/{(there ? "a" : "b")}{number}.ics",
        async client =>
        {
            var answer = await ListAsync(client, listing);
            for (var number = 0; number < Objects; number++)
                Assert.Single(answer.Hrefs, href => href.EndsWith($"{number}.ics", StringComparison.Ordinal) && answer.PropertyStatus(Xml.D + "getetag", href) == 200);
        });

    [Theory]
    [InlineData("calendar-query")]
    [InlineData("calendar-multiget")]
    [InlineData("sync-collection")]
    public async Task Two_objects_that_are_changed_together_are_read_together(string listing)
    {
        using var stop = new CancellationTokenSource();
        var collection = await FindHomeAsync();
        await PutPairAsync(collection, 0);
        var reading = Enumerable.Range(0, 6).Select(_ => ReadUntilAsync(async client =>
        {
            var answer = await ListAsync(client, listing, "a0", "b0");
            var texts = answer.Root.Descendants(Xml.C + "calendar-data").Select(data => data.Value.Split("SUMMARY:")[1].Split('\n')[0]).ToList();
            Assert.Equal(2, texts.Count);
            Assert.Equal(texts[0], texts[1]);
        }, stop.Token)).ToList();
        for (var number = 1; number < 120; number++) await PutPairAsync(collection, number);
        await stop.CancelAsync();
        Assert.True((await Task.WhenAll(reading)).Sum() > 6);
    }

    // moves all objects to and fro while others look, each at least a few times
    private async Task WhileMovingAsync(Func<int, bool, string> place, Func<DavClient, Task> look)
    {
        for (var number = 0; number < Objects; number++) Assert.Equal(201, (await Client.PutAsync(Client.Home + place(number, true), Events.Event($"u{number}"))).Status);
        using var stop = new CancellationTokenSource();
        var looking = Enumerable.Range(0, 6).Select(_ => ReadUntilAsync(look, stop.Token)).ToList();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Objects).Select(async number =>
            {
                using var client = Server.Client(Alice);
                for (var move = 0; move < Moves; move++)
                {
                    var to = new Uri(Server.Address, client.Home + place(number, move % 2 == 1)).ToString();
                    var answer = await client.SendAsync("MOVE", client.Home + place(number, move % 2 == 0), null, ("Destination", to));
                    Assert.True(answer.Status == 201, $"{answer.Status} {answer.Text}");
                }
            }));
        }
        finally
        {
            await stop.CancelAsync();
        }

        Assert.True((await Task.WhenAll(looking)).Sum() > 6);
    }

    private async Task<int> ReadUntilAsync(Func<DavClient, Task> look, CancellationToken stop)
    {
        using var client = Server.Client(Alice);
        var looks = 0;
        do
        {
            await look(client);
            looks++;
        }
        while (!stop.IsCancellationRequested || looks < 2);
        return looks;
    }

    private static string Sync(string level) =>
        $"<D:sync-collection xmlns:D=\"DAV:\" xmlns:C=\"{Xml.C}\"><D:sync-token/><D:sync-level>{level}</D:sync-level><D:prop><D:getetag/><C:calendar-data/></D:prop></D:sync-collection>";

    private static Task<DavAnswer> ListAsync(DavClient client, string listing, params string[] names)
    {
        var home = client.Calendar("home");
        const string prop = "<D:prop><D:getetag/><C:calendar-data/></D:prop>";
        if (names.Length == 0) names = [.. Enumerable.Range(0, Objects).SelectMany(number => new[] { $"a{number}", $"b{number}" })];
        return listing switch
        {
            "PROPFIND" => client.PropFindAsync(home, "1", Xml.D + "getetag"),
            "sync-collection" => client.SendAsync("REPORT", home, Sync("1"), ("Depth", "0")),
            "calendar-query" => client.SendAsync(
                "REPORT",
                home,
                $"<C:calendar-query xmlns:D=\"DAV:\" xmlns:C=\"{Xml.C}\">{prop}<C:filter><C:comp-filter name=\"VCALENDAR\"/></C:filter></C:calendar-query>",
                ("Depth", "1")),
            _ => client.SendAsync(
                "REPORT",
                home,
                $"<C:calendar-multiget xmlns:D=\"DAV:\" xmlns:C=\"{Xml.C}\">{prop}{string.Concat(names.Select(name => $"<D:href>{home}{name}.ics</D:href>"))}</C:calendar-multiget>",
                ("Depth", "1")),
        };
    }

    private async Task<long> FindHomeAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await snapshot.FindCollectionAsync(Alice.Principal.Id, "home"))!.Id;
    }

    // as the diary changes two appointments in one batch
    private async Task PutPairAsync(long collection, int number)
    {
        var outcome = await Server.Store.ApplyAsync(StoreBatch.Of(Put("a0"), Put("b0")), TestContext.Current.CancellationToken);
        Assert.Null(outcome.Failure);

        PutObject Put(string name)
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(Events.Event(name, $"{number}"));
            return new PutObject(collection, name + ".ics", bytes, ObjectIndexer.Index(CalendarObject.Parse(bytes)));
        }
    }
}
