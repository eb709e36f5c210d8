using System.Text.Json.Nodes;
using NodaTime;
using Practice;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Sync;

/// <summary>Each event that stands for a date of a series and is deleted at Microsoft is a deletion: many at once wait for a person.</summary>
public sealed class Many_dates_that_are_deleted_of_a_series_in_parts : MicrosoftPartsTest
{
    private static readonly string[] Twenty = [.. Times, "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,17;COUNT=20"];

    [Fact]
    public async Task Wait_for_a_person_who_may_allow_them()
    {
        await using var link = await StartAsync();
        await DeleteAsync(link, 12);
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal((LinkState.DeletesHeld, 12), await HeldAsync(link));
        Assert.Equal((20, 8), ((await link.HereAsync()).Count, (await link.ThereAsync()).Count));

        // what is deleted after the question was asked is none of what is allowed
        await DeleteAsync(link, 1);
        await link.PutAsync(await link.LinkAsync() with { State = LinkState.Active, AllowedDeletions = 12 });
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal((LinkState.DeletesHeld, 13), await HeldAsync(link));
        await link.PutAsync(await link.LinkAsync() with { State = LinkState.Active, AllowedDeletions = 13 });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(7, (await link.HereAsync()).Count);
        Assert.Equal(13, (await LastAsync(link)).DatesRemovedIn);
        await link.SettleAsync();
    }

    [Fact]
    public async Task Are_put_back_when_nobody_meant_them_and_other_edits_are_taken()
    {
        await using var link = await StartAsync();
        await DeleteAsync(link, 12);
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-12-17 10:00"), ["title"] = "Long visit" });
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        await link.PutAsync((await link.LinkAsync()).Released(putsBack: true)!);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.SettleAsync();
        Assert.Equal(20, (await link.ThereAsync()).Count);
        Assert.Contains("2026-12-17 10:00 to 2026-12-17 10:45 Long visit", await link.HereAsync());
        Assert.Empty(await link.ConflictsAsync());

        // the next deletion is one again
        await DeleteAsync(link, 1);
        await link.SettleAsync();
        Assert.Equal(19, (await link.HereAsync()).Count);
    }

    [Fact]
    public async Task Are_put_back_when_the_pass_has_to_begin_again()
    {
        await using var link = await StartAsync();
        await DeleteAsync(link, 12);
        await link.PassAsync();
        await link.PutAsync((await link.LinkAsync()).Released(putsBack: true)!);
        await link.Scene.FaultAsync(link.Operation("insert"), "reset-after", new JsonObject { ["skip"] = 3, ["times"] = 1 });
        Assert.Equal(PassResult.Later, await link.PassAsync());
        await link.SettleAsync();
        Assert.Equal((20, 20), ((await link.HereAsync()).Count, (await link.ThereAsync()).Count));
    }

    [Fact]
    public async Task Wait_when_they_come_in_portions()
    {
        await using var link = await StartAsync();
        await DeleteAsync(link, 6);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(14, (await link.HereAsync()).Count);
        await DeleteAsync(link, 5);
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal((LinkState.DeletesHeld, 5), await HeldAsync(link));
    }

    private static async Task<OutsideLink> StartAsync()
    {
        var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, Twenty);
        await link.SettleAsync();
        Assert.Equal(20, (await link.ThereAsync()).Count);
        return link;
    }

    private static async Task DeleteAsync(OutsideLink link, int count)
    {
        foreach (var one in (await link.SeenAsync()).Take(count)) await link.PersonAsync("delete", new JsonObject { ["event"] = (string)one["id"]! });
    }

    private static async Task<(LinkState, int)> HeldAsync(OutsideLink link) => await link.LinkAsync() is var held ? (held.State, held.HeldDeletions) : default;

    private static async Task<PassCounts> LastAsync(OutsideLink link)
    {
        using var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await (await link.LinkAsync()).ReadTimelineAsync(snapshot)).Last(one => one.Counts is not null).Counts!;
    }
}
