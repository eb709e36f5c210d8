using System.Net;
using CalDavServer.Links.Halaxy;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>An administrator has the practice forget what came from Halaxy, so that another account can be connected.</summary>
public sealed class HalaxyForgetTests : HalaxyPageTest
{
    private protected override ServerOptions? Hosting => base.Hosting! with { LinkTimes = base.Hosting.LinkTimes with { FirstPause = TimeSpan.FromMilliseconds(500) } };

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
    public async Task One_that_was_cut_short_is_finished_when_the_server_is_started_again()
    {
        using var ruth = await SignedInAsync("ruth");
        await BeginAsync(ruth);
        await RestartAsync();
        await UntilAsync(async () => (await ConnectionAsync())!.IsBlank, "it is finished");
        Assert.Equal((null, true), (await HereAsync()).Single() is var here ? (here.HalaxyId, here.TakesPlace) : default);
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            var line = (await AuditLine.ListAsync(snapshot, PracticeAudit.Log, Practice.Id, 0, 1000)).Single(one => one.Entry!.Action == AuditAction.HalaxyForgotten).Entry!;
            Assert.Equal(ActorVia.Server, line.Via);
        }

        using var again = await SignedInAsync("ruth");
        Assert.Contains("Say who each of your practitioners is", (await KeyAsync(again)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_cannot_be_finished_is_logged_and_tried_again()
    {
        using var ruth = await SignedInAsync("ruth");
        await BeginAsync(ruth);
        var odd = new PutRecord("halaxy-item", Practice.Id, "zzz", "zebra"u8.ToArray());
        Assert.True((await Server.Store.ApplyAsync(StoreBatch.Of(odd), TestContext.Current.CancellationToken)).Succeeded);
        await RestartAsync();
        var log = Server.KeepLog();
        await UntilAsync(() => Task.FromResult(log.Count(line => line.Contains("A connection to Halaxy could not be run", StringComparison.Ordinal)) >= 2), "it is logged, and tried again");
        Assert.True((await ConnectionAsync())!.IsForgetting);
        Assert.DoesNotContain("zebra", string.Join('\n', log), StringComparison.OrdinalIgnoreCase);
        Assert.True((await Server.Store.ApplyAsync(StoreBatch.Of(new DeleteRecord(odd.Kind, odd.Owner, odd.Id)), TestContext.Current.CancellationToken)).Succeeded);
        await UntilAsync(async () => (await ConnectionAsync())!.IsBlank, "it is finished");
    }

    [Fact]
    public async Task Until_it_is_finished_the_page_says_so_and_finishes_it_at_once_where_somebody_asks()
    {
        using var ruth = await SignedInAsync("ruth");
        await BeginAsync(ruth);
        var page = await ruth.GetAsync(Page);
        Assert.Contains("It finishes by itself, usually within a quarter of an hour. To have it done at once, press “Finish forgetting”.", WebUtility.HtmlDecode(page.Text), StringComparison.Ordinal);
        Assert.DoesNotContain("Test the key", page.Text, StringComparison.Ordinal);
        Assert.Contains("What was mirrored is forgotten.", WebUtility.HtmlDecode((await ruth.PostAsync(Page + "/forget", page)).Text), StringComparison.Ordinal);
        Assert.True((await ConnectionAsync())!.IsBlank);
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
            async () => (await Server.Store.ApplyAsync(StoreBatch.Of((await ConnectionAsync() is { } known ? known with { Roles = [.. known.Roles.Select(role => role with { Id = $"x{role.Id}" })] } : null)!.Put()), TestContext.Current.CancellationToken)).Succeeded,
            "other practitioners are known");
        Assert.Contains("To change to another account, disconnect first, then open “Forget what was mirrored” on this page.", WebUtility.HtmlDecode((await KeyAsync(ruth)).Text), StringComparison.Ordinal);
    }

    /// <summary>Has forgetting begun, as a server that was ended then leaves it: the runner has looked after the disconnection, and looks again in minutes only.</summary>
    private async Task BeginAsync(PageClient ruth)
    {
        var id = await There.BookAsync(Now);
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "the booking is here");
        await ruth.PostAsync(Page + "/disconnect", await ruth.GetAsync(Page));
        var runner = Server.Services.GetRequiredService<HalaxyRunner>();
        await UntilAsync(() => Task.FromResult(!runner.IsAsked(Practice.Id) && runner.NextOf(Practice.Id) > Now + Duration.FromMinutes(1)), "the runner is idle");
        Assert.True((await Server.Store.ApplyAsync(StoreBatch.Of(((await ConnectionAsync())! with { IsForgetting = true, Account = 1 }).Put()), TestContext.Current.CancellationToken)).Succeeded);
    }
}
