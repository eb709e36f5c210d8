using CalDavServer.Options;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What has changed in the diary and is not outside yet, as after a restart, is not called agreement.</summary>
public sealed class CatchingUpTests : OutsidePageTest
{
    private const string Behind = "Your diary has changed since both calendars were last compared. They will be compared again in a moment.";

    private protected override ServerOptions? Hosting => Side.Register(new ServerOptions()) with { LinkTimes = new LinkTimes { Gather = TimeSpan.FromSeconds(5) } };

    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("google");

    [Fact]
    public async Task A_change_that_has_not_been_compared_is_said_until_it_has()
    {
        using var browser = await SignedInAsync("maya");
        var link = await LinkAsync(browser);
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("Both calendars agree", StringComparison.Ordinal), "both agree");
        await new Diary(Server.Store, Server.Clock, Maya.Id, AuditActor.OnPages(Maya, "session")).AddPersonalAsync(new PersonalEntry("Lunch", Server.Clock.GetCurrentInstant().InUtc().Date.PlusDays(3).At(new LocalTime(9, 0)), Duration.FromMinutes(30)));
        var page = (await browser.GetAsync(link.Path)).Text;
        Assert.Contains(Behind, page, StringComparison.Ordinal);
        Assert.DoesNotContain("Both calendars agree", page, StringComparison.Ordinal);
        Assert.Contains(Behind, (await browser.GetAsync("/settings/sync")).Text, StringComparison.Ordinal);
        await UntilAsync(async () => (await browser.GetAsync(link.Path)).Text.Contains("Both calendars agree: 1 appointment.", StringComparison.Ordinal), "it has been compared");
    }
}
