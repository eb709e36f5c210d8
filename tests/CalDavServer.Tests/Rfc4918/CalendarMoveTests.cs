using CalDavServer.Tests.Hosting;
using CalDavServer.Tests.Rfc6578;
using Calendaring.Store;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4918;

/// <summary>MOVE of a calendar (RFC 4918 §9.9.2): what is in it goes with it, and every client learns of it.</summary>
public sealed class CalendarMoveTests : SyncTest
{
    private string Old => Client.Calendar("old");

    private string New => Client.Calendar("new");

    [Fact]
    public async Task Members_properties_and_ETags_go_with_the_calendar()
    {
        var etag = await FillAsync();
        await Client.SendAsync("PROPPATCH", Old, Set(new(D + "displayname", "Mine"), new(A + "calendar-color", "#112233")));
        Assert.Equal(201, (await MoveAsync(Old, New)).Status);
        Assert.Equal(404, (await Client.GetAsync(Old + "a.ics")).Status);
        Assert.Equal(404, (await Client.PropFindAsync(Old, "0", D + "displayname")).Status);
        var moved = await Client.GetAsync(New + "a.ics");
        Assert.Equal(Events.Event("a"), moved.Text);
        Assert.Equal(etag, moved.Header("ETag"));
        var described = await Client.PropFindAsync(New, "0", D + "displayname", A + "calendar-color");
        Assert.Equal("Mine", described.Property(D + "displayname")!.Value);
        Assert.Equal("#112233", described.Property(A + "calendar-color")!.Value);
        Assert.Equal([New, New + "a.ics", New + "b.ics"], (await Client.PropFindAsync(New, "1", D + "getetag")).Hrefs);
    }

    [Fact]
    public async Task It_can_be_written_to_and_moved_back_and_the_store_is_whole()
    {
        await FillAsync();
        await MoveAsync(Old, New);
        Assert.Equal(204, (await Client.PutAsync(New + "a.ics", Events.Event("a", "changed"))).Status);
        Assert.Equal(204, (await Client.DeleteAsync(New + "b.ics")).Status);
        Assert.Equal(201, (await MoveAsync(New, Old)).Status);
        Assert.Equal(Events.Event("a", "changed"), (await Client.GetAsync(Old + "a.ics")).Text);
        Assert.Equal(404, (await Client.GetAsync(Old + "b.ics")).Status);
        Assert.Empty(await Server.Store.CheckAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sync_of_the_home_tells_of_the_old_name_and_of_everything_under_the_new(bool infinite)
    {
        await FillAsync();
        var before = await SyncAsync(Client.Home, "", infinite);
        await MoveAsync(Old, New);
        var told = (await SyncAsync(Client.Home, before.Token, infinite)).ToString().Split(' ').Order(StringComparer.Ordinal);
        Assert.Equal(infinite ? ["+new/", "+new/a.ics", "+new/b.ics", "-old/"] : ["+new/", "-old/"], told);
    }

    [Fact]
    public async Task A_token_of_the_old_calendar_is_not_valid_in_the_new()
    {
        await FillAsync();
        var before = await SyncAsync(Old, "");
        await MoveAsync(Old, New);
        var body = $"<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>{before.Token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>";
        Assert.True((await Client.SendAsync("REPORT", New, body, ("Depth", "0"))).HasCondition(D + "valid-sync-token"));
        Assert.Equal("+a.ics +b.ics", (await SyncAsync(New, "")).ToString());
    }

    [Fact]
    public async Task Overwrite_says_what_becomes_of_a_calendar_at_the_destination()
    {
        await FillAsync();
        await MakeAsync("new");
        await Client.PutAsync(New + "c.ics", Events.Event("c"));
        Assert.Equal(412, (await MoveAsync(Old, New, ("Overwrite", "F"))).Status);
        Assert.Equal(200, (await Client.GetAsync(New + "c.ics")).Status);
        Assert.Equal(204, (await MoveAsync(Old, New, ("Overwrite", "T"))).Status);
        Assert.Equal(404, (await Client.GetAsync(New + "c.ics")).Status);
        Assert.Equal(200, (await Client.GetAsync(New + "a.ics")).Status);
    }

    [Theory]
    [InlineData("hx/", 403, true)]
    [InlineData("inbox/", 403, true)]
    [InlineData("old/inner/", 403, true)]
    [InlineData("old/", 403, false)]
    public async Task A_place_where_no_calendar_can_be_is_refused(string to, int status, bool location)
    {
        await FillAsync();
        var answer = await MoveAsync(Old, Client.Home + to);
        Assert.Equal(status, answer.Status);
        Assert.Equal(location, answer.HasCondition(C + "calendar-collection-location-ok"));
        Assert.Equal(200, (await Client.GetAsync(Old + "a.ics")).Status);
    }

    [Fact]
    public async Task Other_homes_read_only_passwords_depth_and_conditions_are_respected()
    {
        await FillAsync();
        Assert.Equal(404, (await MoveAsync(Old, "/dav/calendars/id-bob/new/")).Status);
        Assert.Equal(400, (await MoveAsync(Old, New, ("Depth", "0"))).Status);
        Assert.Equal(412, (await MoveAsync(Old, New, ("If", "(<urn:x:other>)"))).Status);
        using var reader = Server.Client(await Server.AddPasswordAsync(Alice.Principal, readOnly: true));
        Assert.Equal(403, (await reader.SendAsync("MOVE", Old, null, ("Destination", New))).Status);
        Assert.Equal(200, (await Client.GetAsync(Old + "a.ics")).Status);
    }

    private async Task<string> FillAsync()
    {
        await MakeAsync("old");
        var put = await Client.PutAsync(Old + "a.ics", Events.Event("a"));
        await Client.PutAsync(Old + "b.ics", Events.Event("b"));
        return put.Header("ETag")!;
    }

    private Task<DavAnswer> MoveAsync(string from, string to, params (string, string)[] headers) =>
        Client.SendAsync("MOVE", from, null, [("Destination", to), .. headers]);
}
