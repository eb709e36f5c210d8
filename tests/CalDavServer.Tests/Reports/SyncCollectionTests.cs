using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>sync-collection (RFC 6578).</summary>
public sealed class SyncCollectionTests : ReportTest
{
    private Task<DavAnswer> SyncAsync(string token, int? limit = null, string? depth = "0", string? path = null, string level = "<D:sync-level>1</D:sync-level>", string prop = "<D:getetag/>") =>
        ReportAsync(
            $"<D:sync-collection {CalDav}><D:sync-token>{token}</D:sync-token>{level}{(limit is null ? "" : $"<D:limit><D:nresults>{limit}</D:nresults></D:limit>")}<D:prop>{prop}</D:prop></D:sync-collection>",
            path,
            depth);

    private static string TokenOf(DavAnswer answer) => answer.Root.Element(Xml.D + "sync-token")!.Value;

    /// <summary>Each member with <c>+</c> when it is there and <c>-</c> when it is gone; <c>!</c> for the mark of a truncated answer.</summary>
    private string ChangesOf(DavAnswer answer)
    {
        Assert.Equal(207, answer.Status);
        return string.Join(' ', answer.Root.Elements(Xml.D + "response").Select(response =>
        {
            var href = response.Element(Xml.D + "href")!.Value;
            var status = response.Element(Xml.D + "status")?.Value.Split(' ')[1];
            return href == Home && status == "507" ? "!" : (status == "404" ? "-" : "+") + Path.GetFileNameWithoutExtension(href);
        }));
    }

    [Fact]
    public async Task The_first_sync_lists_all_and_the_next_only_what_changed()
    {
        await PutTextAsync("a", Events.Event("a"));
        await PutTextAsync("b", Events.Event("b"));
        var first = await SyncAsync("");
        Assert.Equal("+a +b", ChangesOf(first));
        Assert.Equal("", ChangesOf(await SyncAsync(TokenOf(first))));

        await PutTextAsync("a", Events.Event("a", "changed"));
        await PutTextAsync("c", Events.Event("c"));
        await Client.DeleteAsync(Home + "b.ics");
        var next = await SyncAsync(TokenOf(first));
        Assert.Equal("+a +c -b", ChangesOf(next));
        Assert.Equal("", ChangesOf(await SyncAsync(TokenOf(next))));
    }

    [Fact]
    public async Task A_member_is_told_once_as_it_is_now()
    {
        var start = TokenOf(await SyncAsync(""));
        await PutTextAsync("made-and-removed", Events.Event("1"));
        await Client.DeleteAsync(Home + "made-and-removed.ics");
        await PutTextAsync("removed-and-made", Events.Event("2"));
        await Client.DeleteAsync(Home + "removed-and-made.ics");
        await PutTextAsync("removed-and-made", Events.Event("3"));
        for (var i = 0; i < 3; i++) await PutTextAsync("edited", Events.Event("4", $"edit {i}"));
        Assert.Equal("-made-and-removed +removed-and-made +edited", ChangesOf(await SyncAsync(start)));
        Assert.Equal("+removed-and-made +edited", ChangesOf(await SyncAsync("")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_truncated_answer_goes_on_where_it_ended_and_loses_and_repeats_nothing(int limit)
    {
        var before = TokenOf(await SyncAsync(""));
        for (var i = 0; i < 7; i++) await PutTextAsync($"e{i}", Events.Event($"u{i}"));
        await Client.DeleteAsync(Home + "e3.ics");

        foreach (var start in new[] { before, "" })
        {
            var seen = new List<string>();
            var token = start;
            var truncated = true;
            for (var page = 0; truncated; page++)
            {
                Assert.True(page < 10);
                var answer = await SyncAsync(token, limit);
                var changes = ChangesOf(answer).Split(' ', StringSplitOptions.RemoveEmptyEntries);
                truncated = changes.Contains("!");
                Assert.True(changes.Length <= limit + (truncated ? 1 : 0));
                seen.AddRange(changes.Where(change => change != "!"));
                token = TokenOf(answer);
            }

            Assert.Equal(seen.Distinct(), seen);
            Assert.Equal("+e0 +e1 +e2 +e4 +e5 +e6", string.Join(' ', seen.Where(change => change[0] == '+').Order(StringComparer.Ordinal)));
            Assert.Equal("", ChangesOf(await SyncAsync(token)));
        }
    }

    [Fact]
    public async Task What_changes_between_two_pages_is_told_in_a_later_one()
    {
        for (var i = 0; i < 4; i++) await PutTextAsync($"e{i}", Events.Event($"u{i}"));
        var known = new Dictionary<string, string>();
        var token = "";
        for (var page = 0; page < 12; page++)
        {
            var answer = await SyncAsync(token, 1);
            foreach (var response in answer.Root.Elements(Xml.D + "response"))
            {
                var href = response.Element(Xml.D + "href")!.Value;
                if (href == Home) continue;
                if (response.Element(Xml.D + "status") is not null) known.Remove(href);
                else known[href] = answer.Property(Xml.D + "getetag", href)!.Value;
            }

            token = TokenOf(answer);
            if (page == 0) await PutTextAsync("e0", Events.Event("u0", "changed while paging"));
            if (page == 1) await Client.DeleteAsync(Home + "e3.ics");
            if (page == 2) await PutTextAsync("new", Events.Event("new"));
        }

        var truth = await Client.PropFindAsync(Home, "1", Xml.D + "getetag");
        var expected = truth.Hrefs.Where(href => href != Home).ToDictionary(href => href, href => truth.Property(Xml.D + "getetag", href)!.Value);
        Assert.Equal(expected.OrderBy(pair => pair.Key), known.OrderBy(pair => pair.Key));
    }

    [Theory]
    [InlineData("0", "<D:sync-level>1</D:sync-level>", 207)]
    [InlineData("1", "<D:sync-level>1</D:sync-level>", 207)]
    [InlineData("0", "<D:sync-level>infinite</D:sync-level>", 207)]
    [InlineData("1", "", 207)]
    [InlineData(null, "<D:sync-level>1</D:sync-level>", 207)]
    [InlineData("infinity", "<D:sync-level>1</D:sync-level>", 400)]
    [InlineData("0", "<D:sync-level>2</D:sync-level>", 400)]
    public async Task Depth_0_and_1_and_both_levels_are_taken(string? depth, string level, int status) =>
        Assert.Equal(status, (await SyncAsync("", depth: depth, level: level)).Status);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("data:,")]
    [InlineData("data:,other/1")]
    [InlineData("http://example.com/ns/sync/1234")]
    [InlineData("{own}999999")]
    [InlineData("{own}-1")]
    [InlineData("{own}1x")]
    public async Task A_token_that_is_not_of_this_calendar_is_refused(string token)
    {
        var good = TokenOf(await SyncAsync(""));
        var answer = await SyncAsync(token.Replace("{own}", good[..(good.LastIndexOf('/') + 1)], StringComparison.Ordinal));
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(Xml.D + "valid-sync-token"), answer.Text);
    }

    [Fact]
    public async Task The_token_of_a_calendar_that_was_made_anew_is_refused()
    {
        await Client.SendAsync("MKCALENDAR", Client.Calendar("again"), Xml.MkCalendar());
        var old = TokenOf(await SyncAsync("", path: Client.Calendar("again")));
        await Client.DeleteAsync(Client.Calendar("again"));
        await Client.SendAsync("MKCALENDAR", Client.Calendar("again"), Xml.MkCalendar());
        Assert.True((await SyncAsync(old, path: Client.Calendar("again"))).HasCondition(Xml.D + "valid-sync-token"));
    }

    [Theory]
    [InlineData("<D:sync-collection xmlns:D=\"DAV:\"><D:sync-level>1</D:sync-level><D:prop/></D:sync-collection>")]
    [InlineData("<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token/><D:sync-level>1</D:sync-level><D:limit/><D:prop/></D:sync-collection>")]
    [InlineData("<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token/><D:sync-level>1</D:sync-level><D:limit><D:nresults>many</D:nresults></D:limit><D:prop/></D:sync-collection>")]
    public async Task A_request_that_is_not_complete_is_refused(string body) => Assert.Equal(400, (await ReportAsync(body, depth: "0")).Status);

    [Fact]
    public async Task The_token_is_the_calendar_s_sync_token_property()
    {
        await PutTextAsync("a", Events.Event("a"));
        Assert.Equal(TokenOf(await SyncAsync("")), (await Client.PropFindAsync(Home, "0", Xml.D + "sync-token")).Property(Xml.D + "sync-token")!.Value);
    }

    [Fact]
    public async Task Calendar_data_can_be_asked_for_at_once()
    {
        await PutTextAsync("a", Events.Event("a", "text"));
        var answer = await SyncAsync("", prop: "<D:getetag/><C:calendar-data/>");
        Assert.Contains("SUMMARY:text", DataOf(answer));
    }

    [Fact]
    public async Task What_is_kept_in_the_diary_only_was_never_there_at_first_and_is_gone_later()
    {
        var hx = Client.Calendar("hx");
        await Client.PutAsync(hx + "a.ics", Events.Event("a"));
        var token = TokenOf(await SyncAsync("", path: hx));
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            var collection = await snapshot.FindCollectionAsync(Alice.Principal.Id, "hx");
            var stored = await snapshot.FindObjectAsync(collection!.Id, "a.ics");
            await Server.Store.ApplyAsync(StoreBatch.Of(new PutObject(collection.Id, "a.ics", stored!.Bytes, stored.Row.Index, Published: false, Details: stored.Row.Details)));
        }

        Assert.Equal("-a", ChangesOf(await SyncAsync(token, path: hx)));
        Assert.Equal("", ChangesOf(await SyncAsync("", path: hx)));
    }
}
