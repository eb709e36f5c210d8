using System.Net;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What the calendar shows, and to whom.</summary>
public sealed class CalendarPageTests : CalendarTest
{
    [Theory]
    [InlineData("day")]
    [InlineData("week")]
    [InlineData("month")]
    public async Task Each_view_shows_what_is_in_it_and_says_the_time_zone(string view)
    {
        var id = await Diary.BookAsync(Session);
        await Diary.AddPersonalAsync(new PersonalEntry("Elsewhere", Tuesday.PlusMonths(3), Duration.FromMinutes(30)));
        var page = await Browser.GetAsync($"/calendar?view={view}&date=2027-03-02");
        AssertSays("Jane Brownlow", page);
        AssertSays(Address(id), page);
        AssertSays("Australia/Melbourne", page);
        Assert.DoesNotContain("Elsewhere", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_cancelled_is_said_so_in_words_and_struck_through()
    {
        var id = await Diary.BookAsync(Session);
        await Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Cancel);
        var page = await Browser.GetAsync("/calendar?view=week&date=2027-03-02");
        AssertSays("Patient appointment, cancelled", page);
        Assert.Contains("patient gone", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_overlaps_stands_side_by_side_and_is_said_to_be_double_booked()
    {
        await Diary.BookAsync(Session);
        await Diary.AddPersonalAsync(new PersonalEntry("Supervision", Tuesday.PlusMinutes(15), Duration.FromMinutes(60)));
        var page = await Browser.GetAsync("/calendar?view=day&date=2027-03-02");
        Assert.Contains("lane-0-of-2", page.Text, StringComparison.Ordinal);
        Assert.Contains("lane-1-of-2", page.Text, StringComparison.Ordinal);
        AssertSays("double-booked", page);
    }

    [Fact]
    public async Task An_administrator_sees_the_practitioners_side_by_side()
    {
        await Diary.BookAsync(Session);
        await new Diary(Server.Store, Server.Clock, Tom.Id, new AuditActor("Tom", ActorVia.Web, null, "session")).AddPersonalAsync(new PersonalEntry("Staff lunch", Tuesday, Duration.FromMinutes(30)));
        using var administrator = await SignedInAsync("ruth");
        var both = await administrator.GetAsync("/calendar?view=day&date=2027-03-02");
        AssertSays("Jane Brownlow", both);
        AssertSays("Staff lunch", both);
        var one = await administrator.GetAsync($"/calendar?view=week&date=2027-03-02&who={Tom.Id}");
        AssertSays("Staff lunch", one);
        Assert.DoesNotContain("Jane Brownlow", one.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R9_An_administrator_has_no_calendar_of_their_own_and_books_in_those_of_practitioners()
    {
        using var administrator = await SignedInAsync("ruth");
        Assert.Equal(HttpStatusCode.NotFound, (await administrator.GetAsync($"/calendar?who={Ruth.Id}")).Status);
        var page = await administrator.PostAsync($"/calendar/new?who={Tom.Id}", Personal("Fire drill"));
        AssertSays("The appointment is in the calendar.", page);
        AssertSays("Fire drill", page);
    }

    [Fact]
    public async Task Nobody_sees_the_diary_of_a_colleague_or_of_another_practice()
    {
        var id = await Diary.BookAsync(Session);
        var directory = new PracticeDirectory(Server.Store, Server.Clock);
        var other = await directory.CreatePracticeAsync("Hillside", "Australia/Perth");
        var stranger = await directory.CreatePersonAsync("sam", "Sam", null, PrincipalRole.Administrator, other.Id);
        await PageClient.GivePasswordAsync(Server, stranger.Id, Password);
        foreach (var login in new[] { "tom", "sam" })
        {
            using var browser = await SignedInAsync(login);
            foreach (var path in new[] { $"/calendar?who={Maya.Id}", Address(id), Address(id, page: "/edit"), $"/calendar/new?who={Maya.Id}", $"/calendar/search?who={Maya.Id}&text=Jane", $"/calendar/events?who={Maya.Id}" })
            {
                var page = await browser.GetAsync(path);
                Assert.Equal(HttpStatusCode.NotFound, page.Status);
                Assert.DoesNotContain("Jane", page.Text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        var id = await Diary.BookAsync(Session);
        foreach (var path in new[] { Address("nothing"), Address("nothing", page: "/edit"), $"/calendar/{Maya.Id}/~!!", Address(id, Tuesday.PlusDays(1)), $"{Address(id)}?occurrence=rubbish" })
            Assert.Equal(HttpStatusCode.NotFound, (await Browser.GetAsync(path)).Status);
    }

    [Fact]
    public async Task A_search_finds_by_patient_type_and_title()
    {
        await Diary.AddPersonalAsync(new PersonalEntry("Tax return", Server.Clock.GetCurrentInstant().InUtc().LocalDateTime.PlusDays(5), Duration.FromMinutes(60)));
        AssertSays("Tax return", await Browser.GetAsync("/calendar/search?text=tax"));
        AssertSays("Nothing was found", await Browser.GetAsync("/calendar/search?text=taxi"));
    }

    [Fact]
    public async Task The_places_of_appointments_are_in_a_style_sheet_that_keeps()
    {
        using var stranger = new PageClient(Server);
        var sheet = await stranger.GetAsync(CalDavServer.Web.Calendar.GridStyles.Address);
        Assert.Contains(".from-287{", sheet.Text, StringComparison.Ordinal);
        Assert.Contains("immutable", sheet.Headers["Cache-Control"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_of_sixty_appointments_is_shown_whole()
    {
        for (var number = 0; number < 60; number++)
            await Diary.AddPersonalAsync(new PersonalEntry($"Number {number}.", Tuesday.Date + new LocalTime(6, 0).PlusMinutes(number * 15), Duration.FromMinutes(40)));
        var page = await Browser.GetAsync("/calendar?view=day&date=2027-03-02");
        for (var number = 0; number < 60; number++) AssertSays($"Number {number}.", page);
    }
}
