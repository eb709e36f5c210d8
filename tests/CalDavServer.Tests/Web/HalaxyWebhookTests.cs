using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Links.Halaxy;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Halaxy tells of changes: what is done there is here without being asked for, whatever the shape of what it sends; and whoever is not Halaxy brings nothing about.</summary>
public sealed class HalaxyWebhookTests : HalaxyWebhookTest
{
    private protected override ServerOptions? Hosting => base.Hosting! with
    {
        // once it is told it asks no more by itself
        LinkTimes = new LinkTimes { Poll = TimeSpan.FromHours(1), PollTold = TimeSpan.FromHours(1), Gather = TimeSpan.FromMilliseconds(20) },
    };

    [Fact]
    public async Task What_changes_in_Halaxy_is_told_and_taken_in()
    {
        using var ruth = await SignedInAsync("ruth");
        var hooks = await ConnectedAsync(ruth);
        foreach (var (kind, address) in new[] { ("created", hooks.Created), ("updated", hooks.Updated), ("deleted", hooks.Deleted) })
            await There.DoAsync("hook", new() { ["kind"] = kind, ["address"] = Reach(address).AbsoluteUri, ["secret"] = hooks.Header });
        var id = await There.BookAsync(Now);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "a booking is told");
        await There.DoAsync("comment", new() { ["appointment"] = id, ["comments"] = "Room 2" });
        await UntilAsync(async () => (await HereAsync()).Single().Comments == "Room 2", "a change is told");
        await There.DoAsync("delete", new() { ["appointment"] = id });
        await UntilAsync(async () => !(await HereAsync()).Single().TakesPlace, "a deletion is told");
        var page = (await ruth.GetAsync(Page)).Text;
        Assert.Contains("The last webhook came", page, StringComparison.Ordinal);
        // each address has its own button beside it
        Assert.Equal(4, Regex.Count(page, "<div class=\"together\"><input id=\"hook-[^>]*><button type=\"button\" data-copy=\"hook-"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON at all")]
    [InlineData("{\"entry\":[{\"resource\":{\"notificationEvent\":[{\"focus\":{\"reference\":\"https://x/main/Appointment/ID\"}}]}}]}")]
    [InlineData("{\"a\":\"Appointment/ID\"")]
    [InlineData("[\"Appointment/ID/_history/3\"]")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public async Task A_webhook_of_any_shape_is_a_hint(string body)
    {
        using var ruth = await SignedInAsync("ruth");
        var hooks = await ConnectedAsync(ruth);
        var id = await There.BookAsync(Now);
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(hooks.Updated, body.Replace("ID", id, StringComparison.Ordinal)));
        await UntilAsync(async () => (await HereAsync()).Count == 1, "it is looked for");
    }

    [Fact]
    public async Task A_webhook_of_a_deletion_that_names_nothing_has_all_compared_but_not_each_time()
    {
        using var ruth = await SignedInAsync("ruth");
        var hooks = await ConnectedAsync(ruth);
        var id = await There.BookAsync(Now);
        await SendAsync(hooks.Created, $"[\"Appointment/{id}\"]");
        await UntilAsync(async () => (await HereAsync()).Count == 1, "it is here");
        await There.DoAsync("delete", new() { ["appointment"] = id });
        var before = (await ConnectionAsync())!.LastCompare;
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(hooks.Deleted, "{\"event\":\"deleted\"}"));
        await UntilAsync(async () => !(await HereAsync()).Single().TakesPlace && (await ConnectionAsync())!.LastCompare != before, "it is gone");
        var compared = (await ConnectionAsync())!.LastCompare;
        await SendAsync(hooks.Deleted, "{}");
        var next = await There.BookAsync(Now, days: 3);
        await SendAsync(hooks.Created, $"[\"Appointment/{next}\"]");
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == next), "another is here");
        // the appointment itself is a name
        await There.DoAsync("delete", new() { ["appointment"] = next });
        await SendAsync(hooks.Deleted, $"{{\"resourceType\":\"Appointment\",\"id\":\"{next}\"}}");
        await UntilAsync(async () => !(await HereAsync()).Any(one => one.TakesPlace), "the other is gone");
        Assert.Equal(compared, (await ConnectionAsync())!.LastCompare);
    }

    [Fact]
    public async Task Nothing_that_Halaxy_says_is_in_the_log()
    {
        using var ruth = await SignedInAsync("ruth");
        var hooks = await ConnectedAsync(ruth);
        var log = Server.KeepLog();
        foreach (var body in new[] { """{"title":"zebracomment"}""", "zebracomment", "[\"Appointment/zebracomment\"]", "zebracomment" + new string(' ', 65 * 1024) }) await SendAsync(hooks.Updated, body, header: hooks.Header);
        // an error that repeats what was asked, and one that fails a pass
        await There.UserAsync("faults", new() { ["method"] = "*", ["kind"] = "status", ["status"] = 422, ["reason"] = "zebracomment", ["times"] = 3 });
        await ruth.PostAsync(Page + "/look", await ruth.GetAsync(Page));
        await There.UserAsync("faults", new() { ["method"] = "*", ["kind"] = "status", ["status"] = 500, ["reason"] = "zebracomment", ["times"] = 3 });
        await ruth.PostAsync(Page + "/look", await ruth.GetAsync(Page));
        await There.ClearFaultsAsync();
        var id = await There.BookAsync(Now);
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(hooks.Created, $"[\"Appointment/{id}\"]"));
        await UntilAsync(async () => (await HereAsync()).Count == 1, "it is here");
        var said = string.Join('\n', log);
        Assert.All(["zebracomment", There.Secret, hooks.Header["Bearer ".Length..], hooks.Updated.Split('/')[^2], "Newman"], word => Assert.DoesNotContain(word, said, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Who_does_not_know_the_secret_or_sends_much_brings_nothing_about()
    {
        using var ruth = await SignedInAsync("ruth");
        var hooks = await ConnectedAsync(ruth);
        await There.BookAsync(Now);
        var forged = hooks.Updated.Replace(hooks.Updated.Split('/')[^2], new string('0', 48), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(forged, "[]"));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(hooks.Updated + "x", "[]"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await SendAsync(hooks.Updated, "[]", HttpMethod.Put));
        await ruth.PostAsync(Page + "/header", await ruth.GetAsync(Page), ("asks", "true"));
        await UntilAsync(async () => await SendAsync(hooks.Updated, "[]") == HttpStatusCode.NotFound, "the header is asked for");
        Assert.Contains("without the right Authentication Header and are refused", (await ruth.GetAsync(Page)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await SendAsync(hooks.Updated, new string(' ', 65 * 1024), header: hooks.Header));
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(hooks.Updated, "[]", header: hooks.Header));
        Assert.DoesNotContain("without the right Authentication Header and are refused", (await ruth.GetAsync(Page)).Text, StringComparison.Ordinal);
        // with or without the name of a scheme
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(hooks.Updated, "[]", header: hooks.Header["Bearer ".Length..]));
        // Halaxy may put the scheme before what it was given
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(hooks.Updated, "[]", header: "Bearer " + hooks.Header));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(hooks.Updated, "[]", header: "Bearer "));
        await ruth.PostAsync(Page + "/header", await ruth.GetAsync(Page), ("asks", "false"));
        await UntilAsync(async () => await SendAsync(hooks.Updated, "[]") == HttpStatusCode.Accepted, "it is not asked for any more");
        // the practice that is disconnected is told nothing
        await ruth.PostAsync(Page + "/disconnect", await ruth.GetAsync(Page));
        await UntilAsync(async () => await SendAsync(hooks.Updated, "[]") == HttpStatusCode.NotFound, "its address is nobody's");
        Assert.Null(Server.Services.GetRequiredService<HalaxyRunner>().LastHookOf(Practice.Id));
    }
}
