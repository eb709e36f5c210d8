using System.Net;
using System.Net.Http.Headers;
using CalDavServer.Tests.Hosting;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>The calendar's pages and a device of the same practitioner.</summary>
public sealed class CalendarSyncTests : CalendarTest
{
    private const string Dentist = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:dentist\r\nDTSTAMP:20270101T000000Z\r\n"
        + "DTSTART:20270302T030000Z\r\nDTEND:20270302T040000Z\r\nSUMMARY:Dentist\r\nCOLOR:crimson\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    [Fact]
    public async Task R1_What_a_device_adds_is_on_the_page_and_what_the_page_changes_is_on_the_device()
    {
        using var device = Server.Client(await Server.AddPasswordAsync(Maya));
        var path = device.Calendar("hx") + "dentist.ics";
        Assert.Equal(201, (int)(await device.PutAsync(path, Dentist)).Status);
        var page = await Browser.GetAsync("/calendar?view=week&date=2027-03-02");
        AssertSays("Dentist", page);
        AssertSays("tint-crimson", page);
        AssertSays("Added from test", await Browser.GetAsync(Address("dentist")));
        await Browser.PostAsync(Address("dentist", page: "/edit"), Filled(await GetAsync("dentist"), ("Form.Title", "Dental hygienist"), ("Form.Colour", "teal")));
        var served = (await device.GetAsync(path)).Text;
        Assert.Contains("SUMMARY:Dental hygienist", served, StringComparison.Ordinal);
        Assert.Contains("COLOR:teal", served, StringComparison.Ordinal);
        await Browser.PostAsync(Address("dentist", page: "/cancel"), ("Choice", "Delete"));
        Assert.Equal(404, (int)(await device.GetAsync(path)).Status);
    }

    [Theory]
    [InlineData(PrivacyLevel.Busy, "SUMMARY:Busy", "Jane")]
    [InlineData(PrivacyLevel.Initials, "JB", "Jane")]
    [InlineData(PrivacyLevel.FullName, "Jane Brownlow", "\0")]
    public async Task R1_What_the_page_books_is_on_the_device_at_its_privacy_level(PrivacyLevel level, string shown, string hidden)
    {
        using var device = Server.Client(await Server.AddPasswordAsync(Maya, level: level));
        (string, string)[] fields =
        [
            ("Form.Kind", "patient"), ("Form.Date", "2027-03-02"), ("Form.Start", "10:00"), ("Form.Minutes", "45"), ("Form.Type", "Follow-up"),
            ("Form.Patients[0].GivenName", "Jane"), ("Form.Patients[0].FamilyName", "Brownlow"), ("Form.Patients[0].Reference", "PT-1"),
        ];
        await Browser.PostAsync("/calendar/new", fields);
        var booked = Assert.Single(await ListAsync(Tuesday.Date, 1));
        var served = await device.GetAsync($"{device.Calendar("hx")}{booked.Id}.ics");
        Assert.Contains(shown, served.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(hidden, served.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R4_What_a_device_adds_is_personal_until_the_page_turns_it_into_a_patient_appointment()
    {
        using var device = Server.Client(await Server.AddPasswordAsync(Maya));
        await device.PutAsync(device.Calendar("hx") + "dentist.ics", Dentist);
        Assert.Equal(AppointmentKind.Personal, (await GetAsync("dentist")).Kind);
        AssertSays("needs a patient", await Browser.PostAsync(Address("dentist", page: "/convert")));
        var page = await Browser.PostAsync(
            Address("dentist", page: "/convert"),
            ("Form.Type", "Follow-up"), ("Form.Patients[0].GivenName", "Jane"), ("Form.Patients[0].FamilyName", "Brownlow"), ("Form.Patients[0].Reference", "PT-1"));
        AssertSays("It is now a patient appointment.", page);
        Assert.Equal(AppointmentKind.Patient, (await GetAsync("dentist")).Kind);
    }

    [Fact]
    public async Task R11_What_a_device_does_reaches_an_open_page_within_two_seconds()
    {
        using var device = Server.Client(await Server.AddPasswordAsync(Maya));
        using var page = await FollowAsync($"/calendar/events?who={Maya.Id}");
        using var within = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Assert.Equal("retry: 3000", await page.ReadLineAsync(within.Token));
        Assert.Equal(201, (int)(await device.PutAsync(device.Calendar("hx") + "dentist.ics", Dentist)).Status);
        within.CancelAfter(TimeSpan.FromSeconds(2));
        Assert.Equal("", await page.ReadLineAsync(within.Token));
        Assert.Equal("event: changed", await page.ReadLineAsync(within.Token));
        Assert.Equal("data:", await page.ReadLineAsync(within.Token));
    }

    [Fact]
    public async Task What_changed_before_the_page_listened_is_told_at_once()
    {
        await Diary.BookAsync(Session);
        using var page = await FollowAsync($"/calendar/events?who={Maya.Id}&since=1");
        await page.ReadLineAsync(TestContext.Current.CancellationToken);
        await page.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.Equal("event: changed", await page.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_stream_ends_soon_after_the_sign_out()
    {
        using var page = await FollowAsync($"/calendar/events?who={Maya.Id}");
        await Browser.PostAsync("/sign-out");
        using var within = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        within.CancelAfter(TimeSpan.FromSeconds(10));
        while (await page.ReadLineAsync(within.Token) is { } line) Assert.NotEqual("event: changed", line);
    }

    [Fact]
    public async Task A_person_has_so_many_streams_and_no_more()
    {
        List<StreamReader> pages = [];
        for (var number = 0; number < 10; number++) pages.Add(await FollowAsync($"/calendar/events?who={Maya.Id}"));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await Browser.GetAsync($"/calendar/events?who={Maya.Id}")).Status);
        pages.ForEach(page => page.Dispose());
    }

    private async Task<StreamReader> FollowAsync(string path)
    {
        var http = new HttpClient(new SocketsHttpHandler { CookieContainer = Browser.Cookies }) { BaseAddress = Server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.ToString());
        return new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }
}
