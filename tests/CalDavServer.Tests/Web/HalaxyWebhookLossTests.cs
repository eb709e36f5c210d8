using System.Net;
using CalDavServer.Links.Halaxy;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Webhooks that worked stop coming, and come while Halaxy is away: Halaxy is asked as often as without any, and tried as soon as it tells of something.</summary>
public sealed class HalaxyWebhookLossTests : HalaxyWebhookTest
{
    private protected override ServerOptions? Hosting => base.Hosting! with
    {
        LinkTimes = base.Hosting.LinkTimes with { PollTold = TimeSpan.FromHours(2), FirstPause = TimeSpan.FromHours(2), LongestPause = TimeSpan.FromHours(2) },
    };

    private HalaxyRunner Runner => Server.Services.GetRequiredService<HalaxyRunner>();

    [Fact]
    public async Task What_no_webhook_told_of_has_Halaxy_asked_as_often_as_without_any_until_one_comes()
    {
        using var ruth = await SignedInAsync("ruth");
        var hooks = await ConnectedAsync(ruth);
        foreach (var address in new[] { hooks.Created, hooks.Updated }) Assert.Equal(HttpStatusCode.Accepted, await SendAsync(address, "[]"));
        await UntilAsync(IsLeftAloneAsync, "webhooks are relied on");
        var unheard = await There.BookAsync(Now);
        // something else has the practice looked at
        await Diary.AddPersonalAsync(new PersonalEntry("Lunch", Now.InZone(Practice.Zone()).LocalDateTime.PlusDays(9), Duration.FromMinutes(30)));
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == unheard), "it is found");
        var later = await There.BookAsync(Now, 3);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == later), "the next one is here by itself");
        // what another kind tells of says nothing of that one
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(hooks.Updated, "[]"));
        var third = await There.BookAsync(Now, 4);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == third), "so is the third");
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(hooks.Created, "[]"));
        await UntilAsync(IsLeftAloneAsync, "webhooks are relied on again");
    }

    [Fact]
    public async Task A_webhook_that_names_nothing_tells_of_what_is_found_for_it()
    {
        using var ruth = await SignedInAsync("ruth");
        var hooks = await ConnectedAsync(ruth);
        foreach (var address in new[] { hooks.Created, hooks.Updated }) Assert.Equal(HttpStatusCode.Accepted, await SendAsync(address, "[]"));
        await UntilAsync(IsLeftAloneAsync, "webhooks are relied on");
        var id = await There.BookAsync(Now);
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(hooks.Created, "[]"));
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "it is found");
        await UntilAsync(IsLeftAloneAsync, "webhooks are relied on still");
    }

    [Fact]
    public async Task A_webhook_has_Halaxy_tried_that_did_not_answer()
    {
        using var ruth = await SignedInAsync("ruth");
        var hooks = await ConnectedAsync(ruth);
        await There.UserAsync("faults", new() { ["method"] = "*", ["kind"] = "status", ["status"] = 503, ["times"] = 1000 });
        await UntilAsync(() => Task.FromResult(Runner.FailuresOf(Practice.Id) > 0), "Halaxy does not answer");
        await There.ClearFaultsAsync();
        var id = await There.BookAsync(Now);
        Assert.Equal(HttpStatusCode.Accepted, await SendAsync(hooks.Created, $"[\"Appointment/{id}\"]"));
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "it is here");
    }

    private Task<bool> IsLeftAloneAsync() => Task.FromResult(Runner.NextOf(Practice.Id) > Now + Duration.FromHours(1));
}
