using System.Diagnostics;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web.Calendar;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Events that repeat each second, put by a device: every page and listing is answered soon, bounded, and says what it leaves out.</summary>
public sealed class CrowdedDiaryTests : CalendarTest
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private async Task<(DavClient Device, string Id)> CrowdAsync(int count)
    {
        var id = await Diary.BookAsync(Session);
        var device = Server.Client(await Server.AddPasswordAsync(Maya));
        for (var n = 0; n < count; n++)
        {
            var text = Events.Component("VEVENT", $"often{n}", "DTSTART:20270301T000000Z", "DURATION:PT1M", "RRULE:FREQ=SECONDLY", $"SUMMARY:Often {n}", "DESCRIPTION:" + new string('d', 2_000));
            Assert.Equal(201, (await device.PutAsync(device.Calendar("hx") + $"often{n}.ics", text)).Status);
        }

        return (device, id);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(60)]
    public async Task Pages_are_answered_soon_and_say_that_something_is_left_out(int count)
    {
        var (device, _) = await CrowdAsync(count);
        using var _ = device;
        var since = Stopwatch.StartNew();
        foreach (var address in (string[])["/calendar?view=week&date=2027-03-02", "/calendar?view=month&date=2027-03-02", "/calendar?view=day&date=2027-03-02"])
        {
            var page = await Browser.GetAsync(address);
            Assert.Equal(System.Net.HttpStatusCode.OK, page.Status);
            Assert.True(page.Text.Contains("There are more appointments here than can be shown", StringComparison.Ordinal), $"{address}: {page.Text.Length}");
            Assert.True(page.Text.Length < 20_000_000, $"{page.Text.Length}");
        }

        Assert.Contains("Brownlow", (await Browser.GetAsync("/calendar?view=day&date=2027-03-02")).Text, StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await Browser.GetAsync("/calendar/search?text=Brownlow")).Status);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await Browser.GetAsync("/calendar/new?date=2027-03-02")).Status);
        Assert.True(since.Elapsed < Soon * 3, $"It took {since.Elapsed}.");
    }

    [Fact]
    public async Task The_diary_lists_all_or_refuses_with_a_sentence_and_finds_what_is_looked_for()
    {
        var (device, _) = await CrowdAsync(5);
        using var _ = device;
        var (from, until) = (Instant.FromUtc(2027, 3, 1, 0, 0), Instant.FromUtc(2027, 4, 1, 0, 0));
        var refused = await Assert.ThrowsAsync<DiaryException>(() => Diary.ListAsync(from, until, TestContext.Current.CancellationToken));
        Assert.Equal((DiaryFault.TooMuch, true), (refused.Fault, refused.Message.Contains("shorter time", StringComparison.Ordinal)));
        var page = DiaryBudget.OfPage(TestContext.Current.CancellationToken);
        var shown = await Diary.ListAsync(from, until, page);
        Assert.True(page.Exceeded);
        Assert.InRange(shown.Count, 1_000, 5_000);
        Assert.True(shown.Count(appointment => appointment.Title == "Often 4") > 100);
        Assert.Contains(shown, appointment => appointment.Kind == AppointmentKind.Patient);
        Assert.Equal(50, (await Diary.SearchAsync("often", from, until, 50)).Count);
        var searched = DiaryBudget.OfPage(TestContext.Current.CancellationToken);
        Assert.Single(await Diary.SearchAsync("brownlow", from, until, 50, budget: searched));
        Assert.False(searched.Exceeded);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Diary.ListAsync(from, until, DiaryBudget.OfPage(gone.Token)));
    }

    [Fact]
    public async Task What_is_booked_over_them_is_compared_soon()
    {
        var (device, _) = await CrowdAsync(3);
        using var _ = device;
        var since = Stopwatch.StartNew();
        var asked = await Browser.PostAsync("/calendar/new", Personal("Lunch"));
        Assert.Contains("There is something else at this time", asked.Text, StringComparison.Ordinal);
        Assert.True(since.Elapsed < Soon, $"It took {since.Elapsed}.");
    }

    [Fact]
    public void Double_bookings_found_in_one_pass_are_those_of_all_pairs()
    {
        var random = new Random(5);
        for (var round = 0; round < 500; round++)
        {
            List<Appointment> all = [.. Enumerable.Range(0, random.Next(12)).Select(n => Make(n, random.Next(0, 20), random.Next(0, 6), random.Next(5) == 0))];
            var expected = all.Where(one => one.TakesTime && all.Exists(other => !ReferenceEquals(one, other) && other.TakesTime
                && one.Start.ToInstant() < other.End.ToInstant() && other.Start.ToInstant() < one.End.ToInstant()));
            Assert.Equal(expected.Select(one => one.Id).Order(), DoubleBooking.Of(all).Select(one => one.Id).Order());
            var spans = new Spans(all.Select(one => (one.Start.ToInstant(), one.End.ToInstant())));
            var asked = Make(-1, random.Next(0, 20), random.Next(0, 6), false);
            Assert.Equal(
                all.Exists(other => other.Start.ToInstant() < asked.End.ToInstant() && asked.Start.ToInstant() < other.End.ToInstant()),
                spans.Meet(asked.Start.ToInstant(), asked.End.ToInstant()));
        }
    }

    [Fact]
    public void Lanes_of_thousands_at_the_same_time_are_laid_at_once()
    {
        var since = Stopwatch.StartNew();
        Lanes.Lay([.. Enumerable.Range(0, 100_000).Select(n => new Stretch(n % 1_000, 1_440))]);
        Assert.True(since.Elapsed < Soon, $"It took {since.Elapsed}.");
    }

    private static Appointment Make(int id, int from, int length, bool cancelled)
    {
        var start = Instant.FromUtc(2027, 3, 2, 0, 0).Plus(Duration.FromMinutes(from)).InUtc();
        return new Appointment($"{id}", null, start, start.Plus(Duration.FromMinutes(length)))
        {
            Kind = AppointmentKind.Personal,
            Status = cancelled ? AppointmentStatus.Cancelled : AppointmentStatus.Booked,
            Title = "x",
        };
    }
}
