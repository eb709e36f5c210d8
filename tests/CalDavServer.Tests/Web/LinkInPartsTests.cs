using System.Net;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A series for which Microsoft has no pattern is there as single events, and the page of the link says of which series that is so and what it means.</summary>
public sealed class LinkInPartsTests : OutsidePageTest
{
    private protected override ServerOptions? Hosting => Side.Register(new ServerOptions()) with
    {
        LinkTimes = new LinkTimes { Poll = TimeSpan.FromMilliseconds(300), Gather = TimeSpan.FromMilliseconds(20) },
    };

    private Diary Diary => new(Server.Store, Server.Clock, Maya.Id, AuditActor.OnPages(Maya, "session"));

    private protected override Task<OutsideSide> StartSideAsync() => VendorSide.StartAsync("microsoft");

    [Fact]
    public async Task Series_that_are_there_as_single_events_are_named_with_what_that_means()
    {
        using var browser = await SignedInAsync("maya");
        var start = new LocalDate(Server.Clock.GetCurrentInstant().InUtc().Year, 12, 31).At(new LocalTime(9, 0));
        var id = await Diary.AddPersonalAsync(new PersonalEntry("Month's end <b>", start, Duration.FromHours(1)) { Repeat = new RecurrenceRule(Frequency.Monthly) { Count = 4 } });
        await Diary.AddPersonalAsync(new PersonalEntry("Every week", start, Duration.FromHours(1)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 4 } });
        var link = await LinkAsync(browser, existing: true);
        var page = "";
        await UntilAsync(async () => (page = (await browser.GetAsync(link.Path)).Text).Contains("Shown there as single events", StringComparison.Ordinal), "the page says so");
        var section = page[page.IndexOf("id=\"in-parts\"", StringComparison.Ordinal)..];
        section = WebUtility.HtmlDecode(section[..section.IndexOf("</section>", StringComparison.Ordinal)]);
        Assert.Contains("Month's end <b>", section, StringComparison.Ordinal);
        Assert.DoesNotContain("Every week", section, StringComparison.Ordinal);
        Assert.Contains("a month back to a year and a half ahead, 400 at most", section, StringComparison.Ordinal);

        // one that has a pattern there is one series again
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Delete, SeriesScope.All);
        await UntilAsync(async () => !(await browser.GetAsync(link.Path)).Text.Contains("Shown there as single events", StringComparison.Ordinal), "the page does not say so any more");
    }
}
