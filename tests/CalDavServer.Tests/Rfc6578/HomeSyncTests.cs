using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice;
using Practice.Hx;
using Xunit;

namespace CalDavServer.Tests.Rfc6578;

/// <summary>sync-collection on the calendar home.</summary>
public sealed class HomeSyncTests : SyncTest
{
    [Fact]
    public async Task A_home_has_the_report_and_a_token_that_is_its_sync_token_and_its_getctag()
    {
        var properties = await Client.PropFindAsync(Client.Home, "0", Xml.D + "supported-report-set", Xml.D + "sync-token", Xml.CS + "getctag");
        Assert.NotNull(properties.Property(Xml.D + "supported-report-set")!.Descendants(Xml.D + "sync-collection").SingleOrDefault());
        var token = (await SyncAsync(Client.Home, "")).Token;
        Assert.Equal(token, properties.Property(Xml.D + "sync-token")!.Value);
        Assert.Equal(token, properties.Property(Xml.CS + "getctag")!.Value);
        await PutAsync("home/a.ics", "a");
        Assert.NotEqual(token, (await SyncAsync(Client.Home, token)).Token);
    }

    [Fact]
    public async Task Level_1_tells_which_calendars_are_new_changed_within_or_gone()
    {
        var first = await SyncAsync(Client.Home, "");
        Assert.Equal("+home/ +hx/ +inbox/ +outbox/ +tasks/", first.ToString());
        Assert.Equal("", (await SyncAsync(Client.Home, first.Token)).ToString());

        await MakeAsync("new");
        await PutAsync("home/a.ics", "a");
        await Client.DeleteAsync(Client.Calendar("tasks"));
        var next = await SyncAsync(Client.Home, first.Token);
        Assert.Equal("+home/ +new/ -tasks/", next.ToString());

        await Client.SendAsync("PROPPATCH", Client.Calendar("new"), Xml.Set(new System.Xml.Linq.XElement(Xml.D + "displayname", "other")));
        Assert.Equal("+new/", (await SyncAsync(Client.Home, next.Token)).ToString());
        Assert.Equal("+home/ +new/ -tasks/", (await SyncAsync(Client.Home, first.Token)).ToString());
        Assert.Equal("+home/ +hx/ +inbox/ +new/ +outbox/", (await SyncAsync(Client.Home, "")).ToString());
    }

    [Fact]
    public async Task Level_1_answers_the_properties_asked_for_as_a_propfind_does()
    {
        var answer = (await SyncAsync(Client.Home, "", prop: "<D:sync-token/><D:resourcetype/>")).Answer;
        var told = await Client.PropFindAsync(Client.Home, "1", Xml.D + "sync-token", Xml.D + "resourcetype");
        foreach (var href in answer.Hrefs)
            Assert.Equal(told.Response(href).ToString(), answer.Response(href).ToString());
        Assert.Equal(told.Hrefs.Where(href => href != Client.Home).Order(StringComparer.Ordinal), answer.Hrefs.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Level_infinite_tells_members_and_calendars_each_for_itself_and_a_child_without_the_report_once_with_403()
    {
        await PutAsync("home/a.ics", "a");
        await PutAsync("home/b.ics", "b");
        var first = await SyncAsync(Client.Home, "", infinite: true);
        Assert.Equal("+home/ +home/a.ics +home/b.ics +hx/ +tasks/ 403inbox/ 403outbox/", first.ToString());
        Assert.NotNull(first.Answer.Response(Client.Calendar("inbox")).Element(Xml.D + "error")!.Element(Xml.D + "supported-report"));

        await PutAsync("home/a.ics", "a", "changed");
        await Client.DeleteAsync(Client.Calendar("home") + "b.ics");
        Assert.Equal("+home/a.ics -home/b.ics", (await SyncAsync(Client.Home, first.Token, infinite: true)).ToString());
        Assert.Equal("+home/", (await SyncAsync(Client.Home, first.Token)).ToString());
    }

    [Fact]
    public async Task A_move_between_calendars_is_one_answer()
    {
        await MakeAsync("other");
        await PutAsync("home/a.ics", "a");
        var before = await SyncAsync(Client.Home, "", infinite: true);
        await MoveAsync("home/a.ics", "other/b.ics");
        Assert.Equal("+other/b.ics -home/a.ics", (await SyncAsync(Client.Home, before.Token, infinite: true)).ToString());
        Assert.Equal("+home/ +other/", (await SyncAsync(Client.Home, before.Token)).ToString());
    }

    [Fact]
    public async Task A_calendar_that_is_gone_is_told_without_its_members()
    {
        await MakeAsync("other");
        await PutAsync("other/a.ics", "a");
        await PutAsync("other/b.ics", "b");
        var before = await SyncAsync(Client.Home, "", infinite: true);
        await Client.DeleteAsync(Client.Calendar("other") + "b.ics");
        await Client.DeleteAsync(Client.Calendar("other"));
        Assert.Equal("-other/", (await SyncAsync(Client.Home, before.Token, infinite: true)).ToString());
    }

    [Fact]
    public async Task A_calendar_that_was_there_between_two_syncs_only_is_told_as_gone()
    {
        var before = await SyncAsync(Client.Home, "");
        await MakeAsync("short");
        await PutAsync("short/a.ics", "a");
        await Client.DeleteAsync(Client.Calendar("short"));
        Assert.Equal("-short/", (await SyncAsync(Client.Home, before.Token)).ToString());
        Assert.Equal("-short/", (await SyncAsync(Client.Home, before.Token, infinite: true)).ToString());
        Assert.DoesNotContain("short", (await SyncAsync(Client.Home, "")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_calendar_made_anew_is_changed_at_level_1_and_level_infinite_begins_again()
    {
        await MakeAsync("again");
        await PutAsync("again/old.ics", "old");
        var before = await SyncAsync(Client.Home, "", infinite: true);
        await Client.DeleteAsync(Client.Calendar("again"));
        var between = await SyncAsync(Client.Home, before.Token, infinite: true);
        await MakeAsync("again");
        await PutAsync("again/new.ics", "new");
        Assert.Equal("+again/", (await SyncAsync(Client.Home, before.Token)).ToString());
        Assert.True((await SyncAsync(Client.Home, before.Token, infinite: true)).IsRefused);

        // who was told of the removal can go on
        Assert.Equal("+again/ +again/new.ics", (await SyncAsync(Client.Home, between.Token, infinite: true)).ToString());
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    public async Task Pages_of_any_length_come_to_the_whole_while_things_change_between_them(bool infinite, int limit)
    {
        for (var i = 0; i < 4; i++) await PutAsync($"home/e{i}.ics", $"u{i}");
        await MakeAsync("other");
        var known = new HashSet<string>();
        // what may be told once more: changed, and not told since
        var changed = new HashSet<string>();
        var token = "";
        for (var page = 0; page < 40; page++)
        {
            var answer = await SyncAsync(Client.Home, token, infinite, limit);
            Assert.InRange(answer.Entries.Count, 0, limit);
            foreach (var entry in answer.Entries)
            {
                if (entry[0] == '-') known.RemoveWhere(href => href.StartsWith(entry[1..], StringComparison.Ordinal));
                else Assert.True(known.Add(entry[(entry[0] == '+' ? 1 : 3)..]) | changed.Remove(entry[(entry[0] == '+' ? 1 : 3)..]), $"{entry} is told again.");
            }

            token = answer.Token;
            switch (page)
            {
                case 0:
                    await PutAsync("home/e0.ics", "u0", "changed while paging");
                    changed.UnionWith(["home/", "home/e0.ics"]);
                    break;
                case 1:
                    await Client.DeleteAsync(Client.Calendar("home") + "e3.ics");
                    changed.Add("home/");
                    break;
                case 2:
                    await Client.DeleteAsync(Client.Calendar("tasks"));
                    break;
                case 3:
                    await MakeAsync("late");
                    break;
                case 4:
                    await MoveAsync("home/e1.ics", "late/moved.ics");
                    changed.UnionWith(["home/", "late/"]);
                    break;
            }

            if (page > 4 && !answer.Truncated) break;
        }

        var truth = new List<string> { "home/", "hx/", "inbox/", "late/", "other/", "outbox/" };
        if (infinite) truth.AddRange(["home/e0.ics", "home/e2.ics", "late/moved.ics"]);
        Assert.Equal(truth.Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
        Assert.Equal("", (await SyncAsync(Client.Home, token, infinite)).ToString());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{own}-2")]
    [InlineData("{own}--1")]
    [InlineData("{own}999999")]
    [InlineData("{calendar}")]
    [InlineData("{bob}")]
    public async Task A_token_that_is_not_of_this_home_is_refused(string token)
    {
        var own = (await SyncAsync(Client.Home, "")).Token;
        using var bob = Server.Client(await Server.AddPersonAsync("bob@example.com"));
        var foreign = (await bob.PropFindAsync(bob.Home, "0", Xml.D + "sync-token")).Property(Xml.D + "sync-token")!.Value;
        token = token.Replace("{own}", own[..(own.LastIndexOf('/') + 1)], StringComparison.Ordinal)
            .Replace("{calendar}", (await SyncAsync(Client.Calendar("home"), "")).Token, StringComparison.Ordinal)
            .Replace("{bob}", foreign, StringComparison.Ordinal);
        Assert.True((await SyncAsync(Client.Home, token)).IsRefused);
        Assert.True((await SyncAsync(Client.Home, token, infinite: true)).IsRefused);
    }

    [Fact]
    public async Task A_home_token_in_If_holds_until_anything_in_the_home_changes()
    {
        var token = (await SyncAsync(Client.Home, "")).Token;
        var condition = ("If", $"<{Client.Home}> (<{token}>)");
        Assert.Equal(201, (await Client.PutAsync(Client.Calendar("home") + "a.ics", Events.Event("a"), condition)).Status);
        Assert.Equal(412, (await Client.PutAsync(Client.Calendar("home") + "b.ics", Events.Event("b"), condition)).Status);
    }

    /// <summary>What a device was told of are other ETags than it would get now (RFC 6578 §3.5.1), so nothing may be left out of the next answer.</summary>
    [Fact(Timeout = 30_000)]
    public async Task A_device_whose_privacy_level_is_changed_begins_again()
    {
        var device = await Server.AddPasswordAsync(Alice.Principal, level: PrivacyLevel.Initials);
        using var client = Server.Client(device);
        var paths = new[] { client.Calendar("home"), client.Calendar("hx"), client.Home };
        var tokens = new List<string>();
        foreach (var path in paths) tokens.Add((await SyncAsync(path, "", client: client)).Token);
        await Server.Store.ApplyAsync(StoreBatch.Of(new PutCredential(device.Credential with { LevelName = nameof(PrivacyLevel.Busy) })));

        // a device is recognised without a look at the store for less than a second
        while (!(await SyncAsync(paths[1], tokens[1], client: client)).IsRefused) await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.True((await SyncAsync(paths[0], tokens[0], client: client)).IsRefused);
        Assert.True((await SyncAsync(paths[2], tokens[2], client: client)).IsRefused);
        var tags = await client.PropFindAsync(paths[1], "0", Xml.CS + "getctag");
        Assert.NotEqual(tokens[1], tags.Property(Xml.CS + "getctag")!.Value);
    }

    [Fact]
    public async Task A_subscription_that_lapses_hides_nothing_and_so_removes_nothing()
    {
        await Client.PutAsync(Client.Calendar("hx") + "a.ics", Events.Event("a"));
        var before = await SyncAsync(Client.Home, "", infinite: true);
        await Server.Store.ApplyAsync(StoreBatch.Of(new HxAccess(HxState.Lapsed).Put(Alice.Principal.Id)));
        Assert.Equal("", (await SyncAsync(Client.Home, before.Token, infinite: true)).ToString());
        Assert.Contains("+hx/a.ics", (await SyncAsync(Client.Home, "", infinite: true)).ToString(), StringComparison.Ordinal);
    }
}
