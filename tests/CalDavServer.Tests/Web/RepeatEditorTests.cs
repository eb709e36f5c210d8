using CalDavServer.Tests.Hosting;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>The repeat editor shows the rule that is there, changes it, and stops it.</summary>
public sealed class The_repeat_editor : CalendarTest
{
    // the first Tuesday of March 2027, and the last of its Wednesdays
    private static readonly LocalDateTime LastWednesday = new(2027, 3, 31, 10, 0);

    [Theory]
    [InlineData("month", "nth", "2027-03-09", "FREQ=MONTHLY;BYDAY=2TU", "every month on the 2nd Tuesday")]
    [InlineData("month", "last", "2027-03-31", "FREQ=MONTHLY;BYDAY=-1WE", "every month on the last Wednesday")]
    [InlineData("month", "", "2027-03-09", "FREQ=MONTHLY", "every month")]
    [InlineData("year", "", "2027-03-09", "FREQ=YEARLY", "every year")]
    [InlineData("year", "nth", "2027-03-09", "FREQ=YEARLY;BYMONTH=3;BYDAY=2TU", "every year on the 2nd Tuesday")]
    public async Task Makes_every_repeat_that_it_offers_and_shows_it_again(string unit, string on, string date, string rule, string words)
    {
        await Browser.PostAsync("/calendar/new", Personal("Audit", ("Form.Date", date), ("Form.Repeat", unit), ("Form.MonthDay", on), ("Form.Every", "1")));
        var made = Assert.Single(await ListAsync(Tuesday.Date.PlusDays(-7), 40));
        Assert.Equal(rule, made.Rule);
        var page = await Browser.GetAsync(Address(made.Id, made.Occurrence, "/edit"));
        AssertSays($"Repeat: {words}", page);
        Assert.Matches($"<option value=\"{unit}\" selected=\"selected\">", page.Text);
        if (on.Length > 0) Assert.Matches($"<option value=\"{on}\" data-{on}[^>]* selected=\"selected\">", page.Text);
    }

    [Fact]
    public async Task Shows_units_days_and_end_of_the_rule_that_is_there()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly, 2) { ByDay = [new ByDay(0, IsoDayOfWeek.Tuesday), new ByDay(0, IsoDayOfWeek.Thursday)], Count = 6 } });
        var page = await Browser.GetAsync(Address(id, Tuesday, "/edit"));
        Assert.Contains("<option value=\"week\" selected=\"selected\">", page.Text, StringComparison.Ordinal);
        Assert.Matches("id=\"Every\"[^>]*value=\"2\"", page.Text);
        Assert.Matches("value=\"Thursday\" checked", page.Text);
        Assert.DoesNotMatch("value=\"Friday\" checked", page.Text);
        Assert.Contains("<option value=\"count\" selected=\"selected\">", page.Text, StringComparison.Ordinal);
        Assert.Matches("id=\"Count\"[^>]*value=\"6\"", page.Text);
    }

    [Fact]
    public async Task Leaves_a_rule_alone_that_is_sent_back_as_it_was_shown()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Monthly) { ByDay = [new ByDay(1, IsoDayOfWeek.Tuesday)], Count = 6 } });
        var before = await GetAsync(id, Tuesday);
        (string, string)[] shown = [("Occurrence", "2027-03-02T10:00:00"), ("Scope", "All"), ("Form.Repeat", "month"), ("Form.MonthDay", "nth"), ("Form.Every", "1"), ("Form.Ends", "count"), ("Form.Count", "6"), ("Form.Comments", "Bring shoes")];
        AssertSays("The appointment has been changed.", await Browser.PostAsync(Address(id, Tuesday, "/edit"), Filled(before, shown)));
        var after = await GetAsync(id, Tuesday);
        Assert.Equal((before.Rule, "Bring shoes"), (after.Rule, after.Comments));
    }

    [Theory]
    [InlineData("All", 3)]
    [InlineData("ThisAndFollowing", 3)]
    public async Task Stops_a_series_with_the_one_that_is_edited(string scope, int left)
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) });
        var third = Tuesday.PlusWeeks(2);
        var page = await Browser.GetAsync(Address(id, third, "/edit"));
        AssertSays("Stop repeating: this one is the last", page);
        AssertSays("The appointment has been changed.", await Browser.PostAsync(Address(id, third, "/edit"), Filled(await GetAsync(id, third), ("Scope", scope), ("Form.Repeat", "stop"))));
        Assert.Equal([Tuesday, Tuesday.PlusWeeks(1), third], (await ListAsync(Tuesday.Date, 100)).Select(one => one.Start.LocalDateTime));
        Assert.Equal(left, (await ListAsync(Tuesday.Date, 100)).Count);
    }

    [Fact]
    public async Task Stopped_with_its_first_a_series_is_one_appointment()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) });
        await Browser.PostAsync(Address(id, Tuesday, "/edit"), Filled(await GetAsync(id, Tuesday), ("Scope", "All"), ("Form.Repeat", "stop")));
        var only = Assert.Single(await ListAsync(Tuesday.Date, 100));
        Assert.Equal((null, null), (only.Rule, only.Occurrence));
    }

    [Fact]
    public async Task What_took_place_stays_when_a_series_stops_before_it()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) });
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id, Tuesday.PlusWeeks(4)), "INV-1");
        await Browser.PostAsync(Address(id, Tuesday.PlusWeeks(1), "/edit"), Filled(await GetAsync(id, Tuesday.PlusWeeks(1)), ("Scope", "All"), ("Form.Repeat", "stop")));
        Assert.Equal([Tuesday, Tuesday.PlusWeeks(1), Tuesday.PlusWeeks(4)], (await ListAsync(Tuesday.Date, 100)).Select(one => one.Start.LocalDateTime));
    }

    [Fact]
    public async Task A_day_that_is_not_the_last_of_its_kind_in_the_month_is_refused_with_the_reason()
    {
        AssertSays("not on the last Tuesday", await Browser.PostAsync("/calendar/new", Personal("Audit", ("Form.Repeat", "month"), ("Form.MonthDay", "last"), ("Form.Every", "1"))));
        Assert.Empty(await ListAsync(LastWednesday.Date.PlusDays(-35), 60));
    }

    [Fact]
    public async Task Only_this_one_is_edited_though_what_belongs_to_the_series_is_not_sent()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) });
        (string, string)[] sent = [("Version", (await GetAsync(id, Tuesday)).Version), ("Scope", "ThisOne"), ("Form.Kind", "patient"), ("Form.Date", "2027-03-02"), ("Form.Start", "11:00"), ("Form.Minutes", "45"), ("Form.Location", "Room 5")];
        AssertSays("The appointment has been changed.", await Browser.PostAsync(Address(id, Tuesday, "/edit"), sent));
        var one = await GetAsync(id, Tuesday);
        Assert.Equal(("Room 5", 11, "Brownlow"), (one.Location, one.Start.Hour, Assert.Single(one.Patients).FamilyName));
    }

    [Fact]
    public async Task Without_a_script_only_this_one_says_what_belongs_to_the_series()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) });
        var page = await Browser.PostAsync(Address(id, Tuesday, "/edit"), Filled(await GetAsync(id, Tuesday), ("Scope", "ThisOne"), ("Form.Repeat", "stop")));
        AssertSays("belong to the series", page);
        Assert.Equal("FREQ=WEEKLY", (await GetAsync(id, Tuesday)).Rule);
    }
}
