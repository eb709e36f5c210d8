using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What the pages say of themselves and of the days they show: titles, the offset from UTC, days of leave, what can be chosen, 24 hours.</summary>
public sealed partial class PageWordsTests : CalendarTest
{
    private static readonly string[] OfPatient = ["", "/edit", "/cancel", "/history"];
    private static readonly string[] OfPersonal = ["", "/edit", "/cancel", "/convert"];

    [Fact]
    public async Task Every_page_has_a_title_of_its_own_and_no_title_has_a_patients_name()
    {
        var patient = await Diary.BookAsync(Session);
        var personal = await Diary.AddPersonalAsync(new PersonalEntry("Private lunch", Tuesday.PlusHours(3), Duration.FromHours(1)));
        string[] paths =
        [
            "/calendar?view=day&date=2027-03-02", "/calendar?view=week&date=2027-03-02", "/calendar?view=week&date=2027-03-09", "/calendar?view=month&date=2027-03-02", "/calendar/search?text=lunch",
            "/calendar/new?kind=patient", "/calendar/new?kind=personal",
            .. OfPatient.Select(page => Address(patient, page: page)),
            .. OfPersonal.Select(page => Address(personal, page: page)),
            "/settings", "/settings/details", "/settings/password", "/settings/two-step", "/settings/passkeys", "/settings/security", "/settings/sessions", "/settings/integrations", "/settings/integrations/add", "/settings/integrations/add/apple",
            "/settings/integrations/add/app", "/settings/integrations/add/google", "/settings/integrations/feed", "/settings/sync", "/settings/audit", "/sign-out",
        ];
        Dictionary<string, string> titles = [];
        foreach (var path in paths)
        {
            var page = await Browser.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            var title = WebUtility.HtmlDecode(TitleOf().Match(page.Text).Groups[1].Value);
            Assert.EndsWith(" · CalendarSync", title, StringComparison.Ordinal);
            Assert.False(titles.TryGetValue(title, out var other), $"{path} and {other} are both titled {title}");
            Assert.DoesNotMatch("Brownlow|lunch", title);
            titles[title] = path;
        }
    }

    [Theory]
    [InlineData("view=week&date=2027-03-02", "(UTC+11:00)")]
    [InlineData("view=week&date=2027-07-06", "(UTC+10:00)")]
    [InlineData("view=day&date=2027-07-06", "(UTC+10:00)")]
    [InlineData("view=week&date=2027-04-01", "(UTC+11:00, from Sun 4 Apr UTC+10:00)")]
    [InlineData("view=month&date=2027-10-15", "(UTC+10:00, from Sun 3 Oct UTC+11:00)")]
    public async Task The_offset_is_that_of_the_days_that_are_shown(string query, string offset) =>
        AssertSays($"Times are in Australia/Melbourne {offset}", await Browser.GetAsync($"/calendar?{query}"));

    [Fact]
    public async Task A_day_of_leave_is_shaded_and_no_other()
    {
        await Diary.AddPersonalAsync(new PersonalEntry("Leave", Tuesday.Date.AtMidnight(), Duration.FromDays(2)) { AllDay = true });
        Assert.Equal(2, AwayOf().Count((await Browser.GetAsync("/calendar?view=week&date=2027-03-02")).Text));
        Assert.Equal(2, AwayOf().Count((await Browser.GetAsync("/calendar?view=month&date=2027-03-02")).Text));
        Assert.Equal(1, AwayOf().Count((await Browser.GetAsync("/calendar?view=day&date=2027-03-03")).Text));
        Assert.Equal(0, AwayOf().Count((await Browser.GetAsync("/calendar?view=day&date=2027-03-04")).Text));
    }

    [Theory]
    [InlineData("ThisOne", "Cancel", "The appointment is cancelled.")]
    [InlineData("ThisAndFollowing", "Cancel", "This appointment and all that follow it are cancelled.")]
    [InlineData("All", "Cancel", "All appointments of the series are cancelled.")]
    [InlineData("ThisAndFollowing", "Delete", "This appointment and all that follow it are deleted.")]
    public async Task What_was_cancelled_of_a_series_is_said(string scope, string choice, string sentence)
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 4 } });
        var page = Address(id, Tuesday.PlusWeeks(1), "/cancel");
        Assert.Contains("<button class=\"danger\">Confirm</button>", (await Browser.GetAsync(page)).Text, StringComparison.Ordinal);
        AssertSays(sentence, await Browser.PostAsync(page, ("Choice", choice), ("Scope", scope), ("Version", (await GetAsync(id, Tuesday)).Version)));
    }

    [Fact]
    public async Task An_invoice_is_deleted_only_where_there_is_one()
    {
        const string Choice = "Cancel and delete the invoice";
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 3 } });
        var first = Address(id, Tuesday, "/cancel");
        Assert.DoesNotContain(Choice, (await Browser.GetAsync(first)).Text, StringComparison.Ordinal);
        var version = (await GetAsync(id, Tuesday)).Version;
        AssertSays("The appointment is cancelled.", await Browser.PostAsync(first, ("Choice", "CancelAndDeleteInvoice"), ("Scope", "ThisOne"), ("Version", version)));

        // with any of the series there is one to delete
        await Diary.LinkInvoiceAsync(new AppointmentTarget(id, Tuesday.PlusWeeks(1)), "INV-1");
        Assert.Contains(Choice, (await Browser.GetAsync(Address(id, Tuesday.PlusWeeks(2), "/cancel"))).Text, StringComparison.Ordinal);
        version = (await GetAsync(id, Tuesday)).Version;
        AssertSays("and its invoice is deleted.", await Browser.PostAsync(Address(id, Tuesday.PlusWeeks(1), "/cancel"), ("Choice", "CancelAndDeleteInvoice"), ("Scope", "ThisOne"), ("Version", version)));
    }

    [Fact]
    public async Task Times_are_typed_of_24_hours_as_the_pages_write_them()
    {
        var id = await Diary.BookAsync(Session with { Start = Tuesday.PlusHours(4) });
        foreach (var path in new[] { "/calendar/new?kind=patient", "/calendar/new?kind=personal", Address(id, page: "/edit") })
            Assert.DoesNotContain("type=\"time\"", (await Browser.GetAsync(path)).Text, StringComparison.Ordinal);
        Assert.Contains("name=\"Form.Start\" type=\"text\" value=\"14:00\"", (await Browser.GetAsync(Address(id, page: "/edit"))).Text, StringComparison.Ordinal);
        AssertSays("Write the start as hours and minutes, such as 14:30.", await Browser.PostAsync("/calendar/new?kind=personal", Personal("Lunch", ("Form.Start", "2 pm"))));
    }

    [GeneratedRegex("<title>([^<]*)</title>")]
    private static partial Regex TitleOf();

    [GeneratedRegex("class=\"[^\"]*\\baway\\b")]
    private static partial Regex AwayOf();
}
