using System.Net;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web.Pages.Settings.Halaxy;
using Calendaring.Store;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Before a practice connects to Halaxy again, the page says what of its diaries' changes reaches Halaxy by that.</summary>
public sealed class HalaxyReconnectTests : HalaxyPageTest
{
    private const string Changed = "Halaxy is changed too.";

    [Fact]
    public async Task What_Halaxy_will_be_told_is_said_before_anything_is_sent()
    {
        string[] ids = [await There.BookAsync(Now), await There.BookAsync(Now, days: 3), await There.BookAsync(Now, days: 4)];
        using var ruth = await SignedInAsync("ruth");
        Assert.DoesNotContain(Changed, (await ConnectAsync(ruth)).Text, StringComparison.Ordinal);
        await UntilAsync(async () => (await HereAsync()).Count == ids.Length && (await ConnectionAsync())!.LastPass is not null, "the bookings are here");
        await ruth.PostAsync(Page + "/disconnect", await ruth.GetAsync(Page));
        Assert.DoesNotContain(Changed, await ForecastAsync(ruth), StringComparison.Ordinal);
        await ruth.PostAsync(Page + "/disconnect", await ruth.GetAsync(Page));
        var here = (await HereAsync()).OrderBy(one => one.Start.ToInstant()).ToList();
        await Diary.EditAsync(new AppointmentTarget(here[0].Id), new AppointmentEdit { Start = here[0].Start.LocalDateTime.PlusHours(1), Comments = "Ours" });
        await Diary.CancelAsync(new AppointmentTarget(here[1].Id), CancelChoice.Cancel);
        await Diary.HandOverAsync(new AppointmentTarget(here[2].Id), Tom.Id, new AppointmentEdit());
        var forecast = await ForecastAsync(ruth);
        Assert.Contains(Changed, forecast, StringComparison.Ordinal);
        Assert.Contains($"{Maya.DisplayName}: 1 appointment was moved, 1 was cancelled, 1 had its comments changed.", forecast, StringComparison.Ordinal);
        Assert.Contains($"{Maya.DisplayName}: 1 appointment of Halaxy is no longer in the diary. We cannot tell Halaxy: after connecting, it is listed under", forecast, StringComparison.Ordinal);
        Assert.True((bool)(await There.ShowAsync(ids[1]))["takesPlace"]!);
    }

    [Fact]
    public async Task What_Halaxy_did_not_take_before_is_said_to_be_tried_again()
    {
        var id = await There.BookAsync(Now);
        await There.DoAsync("switch", new() { ["name"] = "ignore-comments" });
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id) && (await ConnectionAsync())!.LastPass is not null, "the booking is here");
        await Diary.EditAsync(new AppointmentTarget((await HereAsync()).Single().Id), new AppointmentEdit { Comments = "Ours" });
        HalaxyTask? task = null;
        await UntilAsync(async () => (task = (await Server.Services.GetRequiredService<HalaxyConnections>().ReportAsync(Practice.Id, TestContext.Current.CancellationToken)).Tasks.SingleOrDefault()) is not null, "Halaxy did not take it");
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await ruth.PostAsync(Page + "/disconnect", await ruth.GetAsync(Page));
        // an hour later
        Assert.True((await Server.Store.ApplyAsync(StoreBatch.Of((task! with { Tried = Now - Duration.FromHours(2) }).Put()), TestContext.Current.CancellationToken)).Succeeded);
        var forecast = await ForecastAsync(ruth);
        Assert.Contains($"{Maya.DisplayName}: 1 appointment changed here before the practice was disconnected is not changed in Halaxy yet, and is tried again as soon as you connect.", forecast, StringComparison.Ordinal);
        Assert.DoesNotContain(Changed, forecast, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "take this practitioner out of the appointment of", "give it to them in Halaxy")]
    [InlineData(true, "It is no longer in this practitioner’s diary", "delete the appointment")]
    public void Nobody_is_told_to_delete_a_patients_booking(bool isPatient, string said, string notSaid)
    {
        var task = new HalaxyTask("g", "7", Maya.Id, "u", HalaxyTaskReason.CannotDelete, Now, Now, Now) { IsPatient = isPatient };
        Assert.Contains(said, HalaxyWords.Of(task, Practice.Zone()), StringComparison.Ordinal);
        Assert.DoesNotContain(notSaid, HalaxyWords.Of(task, Practice.Zone()), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_to_be_given_in_Halaxy_to_a_colleague_who_is_not_there()
    {
        var task = new HalaxyTask("g", "7", Maya.Id, "u", HalaxyTaskReason.CannotDelete, Now, Now, Now) { IsPatient = true };
        Assert.Contains("give it to them in Halaxy", HalaxyWords.Of(task, Practice.Zone()), StringComparison.Ordinal);
        Assert.DoesNotContain("give it to them", HalaxyWords.Of(task with { IsWithUnmatched = true }, Practice.Zone()), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_change_is_said_with_its_number()
    {
        Assert.Null(UnsentWords.Told("Maya", new HalaxyUnsent { ByHand = 3 }));
        Assert.Null(UnsentWords.ByHand("Maya", new HalaxyUnsent { Moved = 3 }));
        Assert.Null(UnsentWords.Again("Maya", new HalaxyUnsent { Moved = 3, ByHand = 3 }));
        Assert.Equal("Maya: 1 appointment changed here before the practice was disconnected is not changed in Halaxy yet, and is tried again as soon as you connect.", UnsentWords.Again("Maya", new HalaxyUnsent { TriedAgain = 1 }));
        Assert.Contains("2 appointments changed here before the practice was disconnected are not changed in Halaxy yet, and are tried again", UnsentWords.Again("Maya", new HalaxyUnsent { TriedAgain = 2 }), StringComparison.Ordinal);
        Assert.Equal("Maya: 2 appointments were cancelled, 1 was put back, 3 were deleted.", UnsentWords.Told("Maya", new HalaxyUnsent { Cancelled = 2, PutBack = 1, Deleted = 3 }));
        Assert.Contains("2 appointments of Halaxy are no longer in the diary", UnsentWords.ByHand("Maya", new HalaxyUnsent { ByHand = 2 }), StringComparison.Ordinal);
    }

    /// <summary>Gives the key again, and has what would come counted.</summary>
    private async Task<string> ForecastAsync(PageClient ruth)
    {
        var counted = await ruth.PostAsync(Page + "/match", await KeyAsync(ruth), ($"match-{Maya.Id}", There.Maya), ($"match-{Tom.Id}", ""));
        return WebUtility.HtmlDecode(counted.Text);
    }
}
