using System.Net;
using System.Text.Json;
using CalDavServer.Tests.Hosting;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What an administrator does with several practitioners' calendars at once.</summary>
public sealed class CalendarColleagueTests : CalendarTest
{
    private Diary Toms => new(Server.Store, Server.Clock, Tom.Id, new AuditActor("Tom Okafor", ActorVia.Web, null, "session"));

    private PageClient Ruths { get; set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Ruths = await SignedInAsync("ruth");
    }

    [Fact]
    public async Task An_administrator_adds_a_staff_meeting_and_sees_who_is_busy()
    {
        var form = await Ruths.GetAsync($"/calendar/new?kind=personal&who={Maya.Id}&date=2027-03-02");
        AssertSays("A staff meeting? Add it to the calendars of", form);
        await Toms.AddPersonalAsync(new PersonalEntry("Supervision", Tuesday, Duration.FromMinutes(30)));
        var path = $"/calendar/new?who={Maya.Id}";
        var warned = await Ruths.PostAsync(path, Personal("Staff meeting", ("With", Tom.Id)));
        AssertSays("Tom Okafor, Tuesday 2 March 2027, 10:00–10:30: Supervision", warned);
        Assert.Matches($"value=\"{Tom.Id}\" checked", warned.Text);
        Assert.Empty(await ListAsync(Tuesday.Date, 1));
        var added = await Ruths.PostAsync(path, Personal("Staff meeting", ("With", Tom.Id), ("Form.Anyway", "true")));
        AssertSays("The appointment is in the calendars of Maya Lindqvist and Tom Okafor.", added);
        Assert.Equal("Staff meeting", Assert.Single(await ListAsync(Tuesday.Date, 1)).Title);
        Assert.Contains(await OfTomAsync(), appointment => appointment.Title == "Staff meeting");
    }

    [Fact]
    public async Task Nothing_is_given_to_somebody_whose_access_was_taken_away()
    {
        var id = await Diary.BookAsync(Session);
        await Server.Store.ApplyAsync(StoreBatch.Of(new SetDeactivated(Tom.Id, Server.Clock.GetCurrentInstant())), TestContext.Current.CancellationToken);
        Assert.DoesNotContain($"value=\"{Tom.Id}\"", (await Ruths.GetAsync(Address(id, page: "/edit"))).Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"value=\"{Tom.Id}\"", (await Ruths.GetAsync($"/calendar/new?kind=personal&who={Maya.Id}")).Text, StringComparison.Ordinal);
        var refused = await MoveAsync($"{Address(id, page: "/edit")}?handler=Move", "11:00", Tom.Id, await GetAsync(id), HttpStatusCode.Conflict);
        Assert.Contains("Tom Okafor no longer has access", refused.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        AssertSays("Tom Okafor no longer has access", await Ruths.PostAsync($"/calendar/new?who={Maya.Id}", Personal("Staff meeting", ("With", Tom.Id), ("Form.Anyway", "true"))));
        Assert.Empty(await OfTomAsync());
    }

    [Fact]
    public async Task A_practitioner_gives_colleagues_nothing()
    {
        Assert.DoesNotContain("staff meeting", (await Browser.GetAsync("/calendar/new?kind=personal")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Browser.PostAsync("/calendar/new", Personal("Staff meeting", ("With", Tom.Id)))).Status);
        var id = await Diary.BookAsync(Session);
        var move = $"{Address(id, page: "/edit")}?handler=Move";
        Assert.Equal(HttpStatusCode.NotFound, (await Browser.ForgeAsync(move, ("date", "2027-03-02"), ("start", "10:00"), ("minutes", "45"), ("to", Tom.Id))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Browser.PostAsync(Address(id, page: "/edit"), Filled(await GetAsync(id), ("To", Tom.Id)))).Status);
        Assert.Empty(await OfTomAsync());
    }

    [Fact]
    public async Task Dragged_to_a_colleague_an_appointment_is_theirs_and_can_be_put_back()
    {
        await Toms.AddPersonalAsync(new PersonalEntry("Supervision", Tuesday.PlusHours(1), Duration.FromMinutes(30)));
        var id = await Diary.BookAsync(Session);
        var answer = await MoveAsync($"{Address(id, page: "/edit")}?handler=Move", "11:00", Tom.Id, await GetAsync(id));
        Assert.Equal("Moved to Tom Okafor, Tue 2 Mar, 11:00. It is double-booked with Supervision.", answer.GetProperty("sentence").GetString());
        Assert.Empty(await ListAsync(Tuesday.Date, 1));
        var there = Assert.Single(await OfTomAsync(), appointment => appointment.Patients.Count == 1);
        AssertSays("Moved to the calendar of Tom Okafor by Ruth", await Ruths.GetAsync(Address(id, page: "/history")));
        AssertSays("Moved here from the calendar of Maya Lindqvist by Ruth", await Ruths.GetAsync($"/calendar/{Tom.Id}/{there.Id}/history"));
        var back = answer.GetProperty("from");
        Assert.Equal(answer.GetProperty("version").GetString(), there.Version);
        await MoveAsync(answer.GetProperty("move").GetString()!, back.GetProperty("start").GetString()!, back.GetProperty("to").GetString()!, there);
        Assert.Equal(Tuesday, Assert.Single(await ListAsync(Tuesday.Date, 1)).Start.LocalDateTime);
    }

    [Fact]
    public async Task What_apps_have_added_is_lost_by_a_hand_over_which_is_said_and_not_undone()
    {
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var text = Events.Component("VEVENT", "walk", "DTSTART:20270301T230000Z", "DTEND:20270301T234500Z", "SUMMARY:Walk", "URL:https://example.com/walk");
        Assert.Equal(201, (await phone.PutAsync(phone.Calendar("hx") + "walk.ics", text)).Status);
        AssertSays("What calendar apps have added to it", await Ruths.GetAsync(Address("walk", page: "/edit")));
        var answer = await MoveAsync($"{Address("walk", page: "/edit")}?handler=Move", "11:00", Tom.Id, await GetAsync("walk"));
        Assert.EndsWith("was not carried over and is lost.", answer.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("from").ValueKind);
    }

    [Fact]
    public async Task By_the_form_an_appointment_is_given_to_a_colleague_after_a_warning()
    {
        await Toms.AddPersonalAsync(new PersonalEntry("Supervision", Tuesday, Duration.FromMinutes(30)));
        var id = await Diary.BookAsync(Session);
        AssertSays("In the calendar of", await Ruths.GetAsync(Address(id, page: "/edit")));
        var fields = Filled(await GetAsync(id), ("To", Tom.Id));
        AssertSays("Tom Okafor, Tuesday 2 March 2027, 10:00–10:30: Supervision", await Ruths.PostAsync(Address(id, page: "/edit"), fields));
        var page = await Ruths.PostAsync(Address(id, page: "/edit"), [.. fields, ("Form.Anyway", "true")]);
        AssertSays("The appointment is now in the calendar of Tom Okafor.", page);
        AssertSays("Jane Brownlow", page);
        Assert.Equal(2, (await OfTomAsync()).Count);
    }

    [Fact]
    public async Task What_has_an_invoice_is_not_given_to_a_colleague_and_a_sentence_says_why()
    {
        var id = await Diary.BookAsync(Session);
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id), "INV-1");
        var refused = await MoveAsync($"{Address(id, page: "/edit")}?handler=Move", "11:00", Tom.Id, await GetAsync(id), HttpStatusCode.Conflict);
        Assert.Contains("the appointment stays where it is", refused.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_dates_without_a_rule_one_is_moved_when_one_is_meant()
    {
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var text = Events.Component("VEVENT", "dates", "DTSTART:20270301T230000Z", "DTEND:20270301T234500Z", "SUMMARY:Walk", "RDATE:20270308T230000Z,20270315T230000Z");
        Assert.Equal(201, (await phone.PutAsync(phone.Calendar("hx") + "dates.ics", text)).Status);
        var second = (await ListAsync(Tuesday.Date, 15))[1];
        var key = second.Occurrence!.Value;
        AssertSays("This appointment repeats. Which ones?", await Browser.GetAsync(Address("dates", key, "/edit")));
        Assert.Matches("class=\"appointment [^\"]* repeats", (await Browser.GetAsync("/calendar?date=2027-03-09")).Text);
        var path = $"{Address("dates", page: "/edit")}?handler=Move";
        var fields = new[] { ("date", "2027-03-09"), ("start", "11:00"), ("minutes", "45"), ("Version", second.Version), ("Occurrence", key.ToString("uuuu-MM-dd'T'HH:mm:ss", null)) };
        Assert.Equal(HttpStatusCode.Conflict, (await Browser.ForgeAsync(path, fields)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Browser.ForgeAsync(path, [.. fields, ("Scope", "ThisOne")])).Status);
        Assert.Equal([Tuesday, Tuesday.PlusWeeks(1).PlusHours(1), Tuesday.PlusWeeks(2)], (await ListAsync(Tuesday.Date, 15)).Select(appointment => appointment.Start.LocalDateTime));
    }

    [Theory]
    [InlineData("ThisOne", "Moved to Tue 9 Mar, 11:00.")]
    [InlineData("ThisAndFollowing", "Moved to Tue 9 Mar, 11:00. One appointment of the series is double-booked: Tue 16 Mar with Third.")]
    [InlineData("All", "Moved to Tue 9 Mar, 11:00. 2 appointments of the series are double-booked, the first Tue 2 Mar with First.")]
    public async Task Dragging_compares_every_date_that_is_moved(string scope, string sentence)
    {
        await Diary.AddPersonalAsync(new PersonalEntry("First", Tuesday.PlusHours(1), Duration.FromMinutes(30)));
        await Diary.AddPersonalAsync(new PersonalEntry("Third", Tuesday.PlusWeeks(2).PlusHours(1), Duration.FromMinutes(30)));
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 4 } });
        var second = await GetAsync(id, Tuesday.PlusWeeks(1));
        var answer = await Browser.ForgeAsync(
            $"{Address(id, page: "/edit")}?handler=Move",
            ("date", "2027-03-09"), ("start", "11:00"), ("minutes", "45"), ("Version", second.Version), ("Scope", scope), ("Occurrence", "2027-03-09T10:00:00"));
        Assert.Equal(sentence, JsonDocument.Parse(answer.Text).RootElement.GetProperty("sentence").GetString());
    }

    [Fact]
    public async Task Made_longer_by_dragging_an_appointment_stays_in_the_second_of_two_hours()
    {
        var night = await Diary.BookAsync(Session with { Start = new LocalDateTime(2027, 4, 4, 2, 30), Later = true });
        var before = await GetAsync(night);
        var answer = await Browser.ForgeAsync($"{Address(night, page: "/edit")}?handler=Move", ("date", "2027-04-04"), ("start", "02:30"), ("minutes", "60"), ("Version", before.Version));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal((before.Start.ToInstant(), Duration.FromMinutes(60)), ((await GetAsync(night)).Start.ToInstant(), (await GetAsync(night)).End - (await GetAsync(night)).Start));
    }

    [Fact]
    public async Task Put_back_an_appointment_is_in_the_second_of_two_hours_again()
    {
        var night = await Diary.BookAsync(Session with { Start = new LocalDateTime(2027, 4, 4, 2, 30), Later = true });
        var before = await GetAsync(night);
        var path = $"{Address(night, page: "/edit")}?handler=Move";
        var moved = await Browser.ForgeAsync(path, ("date", "2027-04-04"), ("start", "10:00"), ("minutes", "45"), ("Version", before.Version));
        var answer = JsonDocument.Parse(moved.Text).RootElement;
        var back = answer.GetProperty("from").EnumerateObject().Select(field => (field.Name, field.Value.ToString()));
        var put = await Browser.ForgeAsync(path, [.. back, ("Version", answer.GetProperty("version").GetString()!)]);
        Assert.Equal(HttpStatusCode.OK, put.Status);
        Assert.Equal(before.Start.ToInstant(), (await GetAsync(night)).Start.ToInstant());
    }

    private async Task<IReadOnlyList<Appointment>> OfTomAsync()
    {
        var start = Practice.Zone().AtStartOfDay(Tuesday.Date).ToInstant();
        return await Toms.ListAsync(start, start + Duration.FromDays(1));
    }

    private async Task<JsonElement> MoveAsync(string path, string start, string to, Appointment appointment, HttpStatusCode status = HttpStatusCode.OK)
    {
        var answer = await Ruths.ForgeAsync(path, ("date", "2027-03-02"), ("start", start), ("minutes", "45"), ("to", to), ("Version", appointment.Version));
        Assert.Equal(status, answer.Status);
        return JsonDocument.Parse(answer.Text).RootElement;
    }
}
