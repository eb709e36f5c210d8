using System.Net;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>An administrator has the practice forget what came from Halaxy, so that another account can be connected.</summary>
public sealed class HalaxyForgetTests : HalaxyPageTest
{
    [Fact]
    public async Task A_practice_that_is_disconnected_forgets_what_was_mirrored_and_keeps_its_diaries()
    {
        var id = await There.BookAsync(Now);
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "the booking is here");
        var connected = WebUtility.HtmlDecode((await ruth.GetAsync(Page)).Text);
        Assert.DoesNotContain("Forget what was mirrored", connected, StringComparison.Ordinal);
        Assert.Contains("Patients whose names no device, link or feed has shown stay as they are here, such as “Client 123”", connected, StringComparison.Ordinal);
        var page = await ruth.PostAsync(Page + "/disconnect", await ruth.GetAsync(Page));
        Assert.Contains("Do you want to forget which appointments came from Halaxy?", page.Text, StringComparison.Ordinal);
        var forgotten = WebUtility.HtmlDecode((await ruth.PostAsync(Page + "/forget", page)).Text);
        Assert.Contains("What was mirrored is forgotten.", forgotten, StringComparison.Ordinal);
        Assert.DoesNotContain("The practice was connected before", forgotten, StringComparison.Ordinal);
        Assert.DoesNotContain("Forget what was mirrored", forgotten, StringComparison.Ordinal);
        Assert.Equal((null, true), (await HereAsync()).Single() is var here ? (here.HalaxyId, here.TakesPlace) : default);
        // a page from before
        Assert.Contains("Nothing was changed", (await ruth.PostAsync(Page + "/forget", page)).Text, StringComparison.Ordinal);
        Assert.Single(await AuditAsync(), action => action == AuditAction.HalaxyForgotten);
        // it is the practice's own: all of it can be changed here
        await Diary.CancelAsync(new AppointmentTarget((await HereAsync()).Single().Id), CancelChoice.Cancel);
        Assert.Contains("Say who each of your practitioners is", (await KeyAsync(ruth)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_which_nobody_can_say_whose_account_it_opens_is_refused_with_a_sentence()
    {
        var id = await There.BookAsync(Now);
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "the booking is here");
        await ruth.PostAsync(Page + "/disconnect", await ruth.GetAsync(Page));
        await UntilAsync(
            async () => (await Server.Store.ApplyAsync(Calendaring.Store.StoreBatch.Of((await ConnectionAsync() is { } known ? known with { Roles = [.. known.Roles.Select(role => role with { Id = $"x{role.Id}" })] } : null)!.Put()), TestContext.Current.CancellationToken)).Succeeded,
            "other practitioners are known");
        Assert.Contains("To change to another account, disconnect first, then open “Forget what was mirrored” on this page.", WebUtility.HtmlDecode((await KeyAsync(ruth)).Text), StringComparison.Ordinal);
    }
}
