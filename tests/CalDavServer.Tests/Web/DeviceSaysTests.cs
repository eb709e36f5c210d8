using System.Net;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What a device says of an appointment in a word is heard on the pages, and can be changed there.</summary>
public sealed class DeviceSaysTests : CalendarTest
{
    private const string Secret = "Oncologist";

    private DavClient _phone = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _phone = Server.Client(await Server.AddPasswordAsync(Maya));
    }

    public override async ValueTask DisposeAsync()
    {
        _phone.Dispose();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData("PRIVATE")]
    [InlineData("CONFIDENTIAL")]
    public async Task A_private_appointment_is_Private_to_an_administrator_on_every_page(string kind)
    {
        await PutAsync("own", $"SUMMARY:{Secret}", $"LOCATION:{Secret} ward", $"DESCRIPTION:{Secret} letter", $"CLASS:{kind}");
        var ruth = await SignedInAsync("ruth");
        string[] pages =
        [
            $"/calendar?date=2027-03-02&who={Maya.Id}", $"/calendar?view=day&date=2027-03-02&who={Maya.Id}&who={Tom.Id}", $"/calendar?view=month&date=2027-03-02&who={Maya.Id}",
            Address("own"), Address("own", page: "/edit"), Address("own", page: "/cancel"), Address("own", page: "/convert"), Address("own", page: "/history"), "/settings/audit",
        ];
        foreach (var page in pages) Assert.DoesNotContain(Secret, (await ruth.GetAsync(page)).Text, StringComparison.OrdinalIgnoreCase);
        foreach (var page in pages.Take(4)) AssertSays("Private", await ruth.GetAsync(page));
        AssertSays("There is something else at this time", await ruth.PostAsync($"/calendar/new?who={Maya.Id}", Personal("Meeting")));
        Assert.DoesNotContain(Secret, (await ruth.PostAsync($"/calendar/new?who={Maya.Id}", Personal("Meeting"))).Text, StringComparison.Ordinal);
        AssertSays(Secret, await Browser.GetAsync(Address("own")));
        AssertSays("Private: only Maya Lindqvist sees what it says.", await Browser.GetAsync(Address("own")));
    }

    [Fact]
    public async Task An_administrator_who_moves_a_private_appointment_leaves_what_it_says_as_it_is()
    {
        await PutAsync("own", $"SUMMARY:{Secret}", "LOCATION:Ward 7", "CLASS:PRIVATE");
        var ruth = await SignedInAsync("ruth");
        var seen = (await GetAsync("own")) with { Title = "Private", Location = null, Comments = null };
        await ruth.PostAsync(Address("own", page: "/edit"), Filled(seen, ("Form.Start", "15:00")));
        Assert.Equal((Secret, "Ward 7", 15), ((await GetAsync("own")).Title, (await GetAsync("own")).Location, (await GetAsync("own")).Start.Hour));
        var version = (await GetAsync("own")).Version;
        AssertSays("It is private", await ruth.PostAsync(Address("own", page: "/edit"), Filled(seen with { Version = version }, ("Form.Start", "15:00"), ("Form.Title", "Overwritten"))));
        Assert.Equal(Secret, (await GetAsync("own")).Title);
    }

    [Fact]
    public async Task What_is_free_warns_nobody_of_double_booking()
    {
        await PutAsync("free", "SUMMARY:Reading", "TRANSP:TRANSPARENT");
        await Browser.PostAsync("/calendar/new", Personal("Call"));
        Assert.Equal(2, (await ListAsync(Tuesday.Date, 1)).Count);
        Assert.DoesNotContain("double-booked", (await Browser.GetAsync($"/calendar?date=2027-03-02&who={Maya.Id}")).Text, StringComparison.Ordinal);
        await PutAsync("busy", "SUMMARY:Reading");
        Assert.Contains("double-booked", (await Browser.GetAsync($"/calendar?date=2027-03-02&who={Maya.Id}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_device_cancelled_is_gone_from_the_day()
    {
        await PutAsync("gone", $"SUMMARY:{Secret}", "STATUS:CANCELLED");
        Assert.DoesNotContain(Secret, (await Browser.GetAsync($"/calendar?date=2027-03-02&who={Maya.Id}")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, (await Browser.GetAsync($"/calendar/search?q={Secret}")).Text.Replace($"value=\"{Secret}\"", "", StringComparison.Ordinal).Replace($"“{Secret}”", "", StringComparison.Ordinal), StringComparison.Ordinal);
        await Browser.PostAsync("/calendar/new", Personal("Call"));
        Assert.Equal("Call", Assert.Single(await ListAsync(Tuesday.Date, 1)).Title);
    }

    [Theory]
    [InlineData(PrivacyLevel.FullName)]
    [InlineData(PrivacyLevel.Initials)]
    public async Task A_patient_appointment_that_a_device_made_all_day_is_put_back_by_the_form(PrivacyLevel level)
    {
        var id = await Diary.BookAsync(Session);
        using var device = Server.Client(await Server.AddPasswordAsync(Maya, level: level));
        var path = $"{device.Calendar("hx")}{id}.ics";
        var text = (await device.GetAsync(path)).Text;
        text = System.Text.RegularExpressions.Regex.Replace(text, "DTSTART;TZID[^\r]*", "DTSTART;VALUE=DATE:20270302");
        await device.PutAsync(path, System.Text.RegularExpressions.Regex.Replace(text, "DTEND;TZID[^\r]*", "DTEND;VALUE=DATE:20270303"));
        var flipped = await GetAsync(id);
        Assert.True(flipped.AllDay);
        var form = await Browser.GetAsync(Address(id, page: "/edit"));
        Assert.Contains("<input type=\"checkbox\" name=\"Form.AllDay\" value=\"true\" checked", form.Text, StringComparison.Ordinal);
        AssertSays("Write the start as hours and minutes", await Browser.PostAsync(Address(id, page: "/edit"), Filled(flipped, ("Form.AllDay", "false"), ("Form.Start", ""))));
        await Browser.PostAsync(Address(id, page: "/edit"), Filled(flipped, ("Form.AllDay", "false"), ("Form.Start", "10:00"), ("Form.Minutes", "45")));
        var back = await GetAsync(id);
        Assert.Equal((false, Tuesday, Duration.FromMinutes(45)), (back.AllDay, back.Start.LocalDateTime, back.End.ToInstant() - back.Start.ToInstant()));
        Assert.Contains("DTSTART;TZID=Australia/Melbourne:20270302T100000", (await device.GetAsync(path)).Text, StringComparison.Ordinal);
        await Browser.PostAsync(Address(id, page: "/edit"), Filled(back, ("Form.AllDay", "true"), ("Form.LastDay", "2027-03-03")));
        var allDay = await GetAsync(id);
        Assert.Equal((true, new LocalDate(2027, 3, 2), new LocalDate(2027, 3, 4)), (allDay.AllDay, allDay.Start.Date, allDay.End.Date));
        await Browser.PostAsync(Address(id, page: "/edit"), Filled(allDay, ("Form.Comments", "Nothing about the time")));
        Assert.Equal((true, "Nothing about the time"), ((await GetAsync(id)).AllDay, (await GetAsync(id)).Comments));
    }

    [Theory]
    [InlineData("UNTIL=20270316T225959Z;COUNT=30", 3)]
    [InlineData("COUNT=2;UNTIL=20290101", 2)]
    public async Task A_rule_with_COUNT_and_UNTIL_is_taken_as_its_shorter_half(string ends, int times)
    {
        Assert.Equal(201, (await PutAsync("both", "SUMMARY:Gym", $"RRULE:FREQ=WEEKLY;{ends}")).Status);
        Assert.Equal(times, (await ListAsync(Tuesday.Date, 365)).Count);
    }

    private Task<DavAnswer> PutAsync(string uid, params string[] lines) => _phone.PutAsync(
        $"{_phone.Calendar("hx")}{uid}.ics",
        Events.Component("VEVENT", uid, ["DTSTART;TZID=Australia/Melbourne:20270302T100000", "DTEND;TZID=Australia/Melbourne:20270302T110000", .. lines]));
}
