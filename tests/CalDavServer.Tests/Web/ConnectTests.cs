using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using CalDavServer.Operations;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Groups;
using Practice.Subscriptions;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Add Calendar Synchronisation (R10): what is asked, what comes of it, and what goes wrong.</summary>
public sealed partial class ConnectTests : PageTest
{
    private const string AddApp = "/settings/integrations/add/app";

    [Fact]
    public async Task R10_every_service_can_be_chosen_and_leads_to_a_page()
    {
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/integrations/add");
        foreach (var service in new[] { "iCloud / Apple Calendar", "Google", "Outlook.com", "Office 365", "Exchange" })
            Assert.Contains($"<b>{service}</b>", page.Text, StringComparison.Ordinal);
        var ways = WayOf().Matches(page.Text).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(6, ways.Count);
        foreach (var way in ways) Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(way)).Status);
    }

    [Fact]
    public async Task An_account_that_cannot_be_connected_yet_is_said_to_be_so_with_what_works()
    {
        using var browser = await SignedInAsync("maya");
        foreach (var service in new[] { "icloud", "google", "outlook", "office365", "exchange" })
        {
            var page = await browser.GetAsync($"/settings/integrations/add/{service}");
            Assert.Contains("is not available on this server yet", page.Text, StringComparison.Ordinal);
            Assert.Contains("Nothing is charged for it", page.Text, StringComparison.Ordinal);
            Assert.Contains("What works today", page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task R10_a_device_is_added_and_finds_the_HX_calendar_with_what_the_page_shows()
    {
        using var browser = await SignedInAsync("maya");
        var page = await AddAsync(browser, ("label", "My laptop"));
        Assert.Contains(Server.Address.AbsoluteUri, TextOf(page, "url"), StringComparison.Ordinal);
        Assert.Equal("maya", TextOf(page, "login"));
        using var device = DeviceOf(page);
        var home = await device.PropFindAsync(device.Home, "1", Xml.D + "displayname");
        Assert.Equal("HX_Riverbend (Maya Lindqvist)", home.Property(Xml.D + "displayname", device.Calendar("hx"))!.Value);
        Assert.Contains("HX_Riverbend (Maya Lindqvist)", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R2_a_practitioner_alone_in_the_practice_gets_the_practice_name()
    {
        var directory = new PracticeDirectory(Server.Store, Server.Clock);
        var solo = await directory.CreatePracticeAsync("Solo & Co", "Australia/Perth");
        var person = await directory.CreatePersonAsync("sol", "Sol Adeyemi", null, PrincipalRole.Practitioner, solo.Id);
        await PageClient.GivePasswordAsync(Server, person.Id, Password);
        using var browser = await SignedInAsync("sol");
        var page = await browser.GetAsync(AddApp);
        Assert.Contains("HX_Solo &amp; Co</b>", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R3_two_practitioners_of_a_practice_get_names_that_tell_apart()
    {
        using var maya = await SignedInAsync("maya");
        using var tom = await SignedInAsync("tom");
        Assert.Contains("HX_Riverbend (Maya Lindqvist)", (await AddAsync(maya)).Text, StringComparison.Ordinal);
        Assert.Contains("HX_Riverbend (Tom Okafor)", (await AddAsync(tom)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_is_shown_once()
    {
        using var browser = await SignedInAsync("maya");
        var page = await AddAsync(browser);
        var password = TextOf(page, "password");
        var again = await browser.GetAsync(page.Path);
        Assert.DoesNotContain(password, again.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg viewBox", again.Text, StringComparison.Ordinal);
        Assert.Contains("cannot be shown again", again.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_browser_of_the_same_person_is_not_shown_the_password()
    {
        using var browser = await SignedInAsync("maya");
        using var other = await SignedInAsync("maya");
        var form = await FormOfAsync(browser);
        var path = $"/settings/integrations/devices/{(await DevicesOfAsync(Maya)).Count}";
        await browser.PostAsync(AddApp, Fields(form));
        path = $"/settings/integrations/devices/{Assert.Single(await DevicesOfAsync(Maya)).Id}";
        Assert.Contains("cannot be shown again", (await other.GetAsync(path)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_can_be_made_and_the_old_one_opens_nothing()
    {
        using var browser = await SignedInAsync("maya");
        var page = await AddAsync(browser);
        using var old = DeviceOf(page);
        var id = Assert.Single(await DevicesOfAsync(Maya)).Id;
        var renewed = await browser.PostAsync($"/settings/integrations/devices/{id}", $"/settings/integrations/devices/{id}/password");
        using var device = DeviceOf(renewed);
        Assert.Equal(207, (await device.PropFindAsync(device.Home, "0", Xml.D + "displayname")).Status);
        Assert.Equal(401, (await old.PropFindAsync(old.Home, "0", Xml.D + "displayname")).Status);
        Assert.Single(await DevicesOfAsync(Maya));
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_makes_one_device()
    {
        using var browser = await SignedInAsync("maya");
        var form = await FormOfAsync(browser);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => browser.PostAsync(AddApp, Fields(form))));
        Assert.Single(await DevicesOfAsync(Maya));
        Assert.All(answers, answer => Assert.StartsWith("/settings/integrations/devices/", answer.Path, StringComparison.Ordinal));
        Assert.Equal(1, answers.Count(answer => answer.Text.Contains("id=\"password\"", StringComparison.Ordinal)));
        Assert.Equal(3, answers.Count(answer => answer.Text.Contains("cannot be shown again", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_device_without_a_name_is_refused_at_the_field_and_what_was_chosen_stays()
    {
        using var browser = await SignedInAsync("maya");
        var page = await browser.PostAsync(AddApp, Fields(await FormOfAsync(browser), ("label", "  "), ("level", "Busy"), ("readOnly", "true")));
        Assert.Contains("Give the device a name", page.Text, StringComparison.Ordinal);
        Assert.Matches("value=\"Busy\" checked", page.Text);
        Assert.Empty(await DevicesOfAsync(Maya));
    }

    [Fact]
    public async Task A_level_that_is_none_makes_no_device()
    {
        using var browser = await SignedInAsync("maya");
        var page = await browser.PostAsync(AddApp, Fields(await FormOfAsync(browser), ("level", "77")));
        Assert.Equal(AddApp, page.Path);
        Assert.Empty(await DevicesOfAsync(Maya));
    }

    [Fact]
    public async Task A_read_only_device_may_look_and_not_change()
    {
        using var browser = await SignedInAsync("maya");
        using var device = DeviceOf(await AddAsync(browser, ("readOnly", "true")));
        Assert.Equal(207, (await device.PropFindAsync(device.Calendar("hx"), "1", Xml.D + "getetag")).Status);
        Assert.Equal(403, (await device.PutAsync(device.Calendar("hx") + "new.ics", Events.Event("new"))).Status);
    }

    [Fact]
    public async Task R5_from_now_on_leaves_out_what_was_there_and_serves_what_comes()
    {
        var sol = await AddSoloAsync(bought: true);
        var diary = DiaryOf(sol);
        await diary.AddPersonalAsync(Entry("Before"));
        using var browser = await SignedInAsync("sol");
        var page = await AddAsync(browser);
        await diary.AddPersonalAsync(Entry("After"));
        using var device = DeviceOf(page, sol);
        Assert.Equal(["After"], await TitlesAsync(device));
    }

    [Fact]
    public async Task R5_existing_appointments_are_counted_before_and_after_and_then_served()
    {
        var sol = await AddSoloAsync(bought: true);
        var diary = DiaryOf(sol);
        for (var number = 0; number < 120; number++) await diary.AddPersonalAsync(Entry($"Before {number}", number));
        using var browser = await SignedInAsync("sol");
        Assert.Contains("120 appointments in your diary are not in the calendar yet", (await browser.GetAsync(AddApp)).Text, StringComparison.Ordinal);
        var page = await AddAsync(browser, ("existing", "true"));
        using var device = DeviceOf(page, sol);
        var counted = await UntilAsync(() => browser.GetAsync("/settings/integrations/including"), answer => answer.Text.Contains("data-settled", StringComparison.Ordinal));
        Assert.Contains("your diary has 120 appointments, and the calendar shows all 120 of them", counted.Text, StringComparison.Ordinal);
        Assert.Equal(120, (await TitlesAsync(device)).Count);
    }

    [Fact]
    public async Task R5_a_device_can_write_while_existing_appointments_are_included()
    {
        var sol = await AddSoloAsync(bought: true);
        var diary = DiaryOf(sol);
        for (var number = 0; number < 150; number++) await diary.AddPersonalAsync(Entry($"Before {number}", number));
        using var browser = await SignedInAsync("sol");
        using var device = DeviceOf(await AddAsync(browser, ("existing", "true")), sol);
        for (var number = 0; number < 30; number++)
            Assert.Equal(201, (await device.PutAsync($"{device.Calendar("hx")}new-{number}.ics", Events.Event($"new-{number}", $"New {number}"))).Status);
        var counted = await UntilAsync(() => browser.GetAsync("/settings/integrations/including"), answer => answer.Text.Contains("data-settled", StringComparison.Ordinal));
        Assert.Contains("Existing appointments are included", counted.Text, StringComparison.Ordinal);
        Assert.Equal(180, (await TitlesAsync(device)).Count);
    }

    [Fact]
    public async Task Without_a_subscription_one_is_sent_to_buy_it()
    {
        await AddSoloAsync(bought: false);
        using var browser = await SignedInAsync("sol");
        foreach (var path in new[] { "/settings/integrations/add", AddApp, "/settings/integrations/add/apple", "/settings/integrations/add/google" })
        {
            var page = await browser.GetAsync(path);
            Assert.Equal("/settings/integrations", page.Path);
        }
    }

    [Fact]
    public async Task R9_an_administrator_is_told_that_only_the_practitioner_sets_up()
    {
        using var browser = await SignedInAsync("ruth");
        var page = await browser.GetAsync(AddApp);
        Assert.Equal("/settings/integrations", page.Path);
    }

    [Fact]
    public async Task The_device_of_somebody_else_is_not_there()
    {
        using var maya = await SignedInAsync("maya");
        await AddAsync(maya);
        var id = Assert.Single(await DevicesOfAsync(Maya)).Id;
        using var tom = await SignedInAsync("tom");
        foreach (var path in new[] { $"/settings/integrations/devices/{id}", $"/settings/integrations/devices/{id}/profile", $"/settings/integrations/devices/{id}/status", $"/settings/sync/devices/{id}" })
            Assert.Equal(HttpStatusCode.NotFound, (await tom.GetAsync(path)).Status);
        await tom.ForgeAsync("/settings", $"/settings/sync/devices/{id}/revoke", ("sure", "true"));
        await tom.ForgeAsync("/settings", $"/settings/integrations/devices/{id}/password");
        Assert.Single(await DevicesOfAsync(Maya));
    }

    [Fact]
    public async Task The_page_waits_for_the_device_and_says_who_came()
    {
        using var browser = await SignedInAsync("maya");
        var page = await AddAsync(browser);
        Assert.Contains("Waiting for your device", page.Text, StringComparison.Ordinal);
        using var device = DeviceOf(page);
        await device.SendAsync("PROPFIND", device.Home, null, ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.1"), ("Depth", "0"));
        var id = Assert.Single(await DevicesOfAsync(Maya)).Id;
        var status = await browser.GetAsync($"/settings/integrations/devices/{id}/status");
        Assert.Contains("Connected</span> Thunderbird, ", status.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<html", status.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_shows_each_level_nothing_of_what_it_hides()
    {
        await DiaryOf(Maya).BookAsync(new Booking([new Patient("PT-9", "Marguerite", "Oyelaran", "03 5550 7788")], "Standard consultation", Tomorrow, Duration.FromMinutes(45))
        {
            Location = "Room 7",
            Comments = "Ankle, second visit",
        });
        using var browser = await SignedInAsync("maya");
        var page = await browser.GetAsync(AddApp);
        Assert.Contains("This is your next patient appointment", page.Text, StringComparison.Ordinal);
        Assert.Equal("<b>Busy</b>", PreviewOf(page, "Busy"));
        Assert.Equal("<b>Standard consultation</b><small>Room 7</small>", PreviewOf(page, "Type"));
        Assert.DoesNotContain("Marguerite", PreviewOf(page, "Initials"), StringComparison.Ordinal);
        Assert.Contains("Marguerite", PreviewOf(page, "FirstName"), StringComparison.Ordinal);
        foreach (var level in new[] { "Initials", "FirstName" })
        {
            Assert.DoesNotContain("Oyelaran", PreviewOf(page, level), StringComparison.Ordinal);
            Assert.DoesNotContain("Ankle", PreviewOf(page, level), StringComparison.Ordinal);
        }

        Assert.Contains("Marguerite Oyelaran", PreviewOf(page, "FullName"), StringComparison.Ordinal);
        Assert.Contains("Ankle, second visit", PreviewOf(page, "FullName"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_choice_of_a_level_previews_the_coming_occurrence_as_it_is_itself()
    {
        var booking = new Booking([new Patient("PT-9", "Marguerite", "Oyelaran")], "Standard consultation", Tomorrow, Duration.FromMinutes(45))
        {
            Location = "Room 7",
            Comments = "Ankle",
            Repeat = new Repeat(RepeatUnit.Week) { Count = 4 },
        };
        var id = await DiaryOf(Maya).BookAsync(booking);
        var own = new AppointmentEdit { Location = "Gymnasium", Comments = "Bring trainers" };
        await DiaryOf(Maya).EditAsync(new AppointmentTarget(id, Tomorrow), own, SeriesScope.ThisOne);
        await DiaryOf(Maya).EditAsync(new AppointmentTarget(id, Tomorrow.PlusWeeks(2)), new AppointmentEdit { Location = "Pool" }, SeriesScope.ThisOne);
        using var browser = await SignedInAsync("maya");
        await AddAsync(browser);
        var device = Assert.Single(await DevicesOfAsync(Maya)).Id;
        var feed = await browser.GetAsync("/settings/integrations/feed");
        await browser.PostAsync("/settings/integrations/feed?handler=On", ("Level", "Type"));
        var feedOn = await browser.GetAsync("/settings/integrations/feed");
        foreach (var page in new[] { await browser.GetAsync(AddApp), await browser.GetAsync($"/settings/sync/devices/{device}"), feed, feedOn })
        {
            Assert.Contains("This is your next patient appointment", page.Text, StringComparison.Ordinal);
            Assert.Equal("<b>Busy</b>", PreviewOf(page, "Busy"));
            Assert.Equal("<b>Standard consultation</b><small>Gymnasium</small>", PreviewOf(page, "Type"));
            Assert.Contains("Bring trainers", PreviewOf(page, "FullName"), StringComparison.Ordinal);
        }

        Assert.Matches("value=\"Type\" checked", feedOn.Text);
        await DiaryOf(Maya).CancelAsync(new AppointmentTarget(id, Tomorrow), CancelChoice.Cancel, SeriesScope.ThisOne);
        Assert.Equal("<b>Standard consultation</b><small>Room 7</small>", PreviewOf(await browser.GetAsync(AddApp), "Type"));
    }

    [Fact]
    public async Task Without_an_appointment_the_preview_shows_an_invented_one()
    {
        using var browser = await SignedInAsync("tom");
        foreach (var path in new[] { AddApp, "/settings/integrations/feed" })
            Assert.Contains("so this shows an invented one", (await browser.GetAsync(path)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_form_of_a_device_still_previews_the_level_that_was_chosen()
    {
        using var browser = await SignedInAsync("maya");
        await AddAsync(browser);
        var page = await browser.PostAsync($"/settings/sync/devices/{Assert.Single(await DevicesOfAsync(Maya)).Id}", ("label", ""), ("level", "FirstName"));
        Assert.Contains("Give the device a name", page.Text, StringComparison.Ordinal);
        Assert.Matches("value=\"FirstName\" checked", page.Text);
        Assert.Equal("<b>Standard consultation · Alex</b><small>Room 1</small>", PreviewOf(page, "FirstName"));
    }

    [Fact]
    public async Task A_profile_for_Apple_devices_names_the_host_behind_a_proxy_and_is_given_once()
    {
        await using var server = await TestServer.StartAsync(hosting: new ServerOptions { Proxies = [System.Net.IPNetwork.Parse("127.0.0.0/8")] });
        var directory = new PracticeDirectory(server.Store, server.Clock);
        var practice = await directory.CreatePracticeAsync("Näher & Ümlaut", "Europe/Berlin");
        var person = await directory.CreatePersonAsync("ida@näher.example", "Ida", null, PrincipalRole.Practitioner, practice.Id);
        await PageClient.GivePasswordAsync(server, person.Id, Password);
        using var browser = new PageClient(server);
        await browser.SignInAsync(person.Login, Password);
        var page = await browser.PostAsync("/settings/integrations/add/apple", Fields(await FormOfAsync(browser)));
        var password = TextOf(page, "password");
        var path = page.Path.Split('?')[0] + "/profile";

        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = browser.Cookies, AllowAutoRedirect = false }) { BaseAddress = server.Address };
        async Task<HttpResponseMessage> AskAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = "calendar.example.org";
            request.Headers.Add("X-Forwarded-Proto", "https");
            request.Headers.Add("X-Forwarded-For", "203.0.113.9");
            return await http.SendAsync(request, TestContext.Current.CancellationToken);
        }

        using var answer = await AskAsync();
        Assert.Equal("application/x-apple-aspen-config", answer.Content.Headers.ContentType!.ToString());
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var payload = PayloadOf(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("com.apple.caldav.account", payload["PayloadType"].Value);
        Assert.Equal("calendar.example.org", payload["CalDAVHostName"].Value);
        Assert.Equal("443", payload["CalDAVPort"].Value);
        Assert.Equal("true", payload["CalDAVUseSSL"].Name.LocalName);
        Assert.Equal($"/dav/principals/{person.Id}/", payload["CalDAVPrincipalURL"].Value);
        Assert.Equal("ida@näher.example", payload["CalDAVUsername"].Value);
        Assert.Equal(password, payload["CalDAVPassword"].Value);
        Assert.Equal("HX_Näher & Ümlaut", payload["CalDAVAccountDescription"].Value);
        Assert.True(Guid.TryParse(payload["PayloadUUID"].Value, out _));
        using var again = await AskAsync();
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
    }

    private static async Task<PageAnswer> AddAsync(PageClient browser, params (string Name, string Value)[] fields) =>
        await browser.PostAsync(AddApp, Fields(await FormOfAsync(browser), fields));

    private static (string Name, string Value)[] Fields(string form, params (string Name, string Value)[] fields) =>
    [
        .. new (string Name, string Value)[] { ("form", form), ("label", "Test device"), ("existing", "false"), ("level", "FullName") }
            .Where(usual => fields.All(field => field.Name != usual.Name)),
        .. fields,
    ];

    private static async Task<string> FormOfAsync(PageClient browser) => FormName().Match((await browser.GetAsync(AddApp)).Text).Groups[1].Value;

    private async Task<Principal> AddSoloAsync(bool bought)
    {
        var directory = new PracticeDirectory(Server.Store, Server.Clock);
        var practice = await directory.CreatePracticeAsync("Solo", "Australia/Melbourne", billing: true);
        var sol = await directory.CreatePersonAsync("sol", "Sol Adeyemi", null, PrincipalRole.Practitioner, practice.Id);
        await PageClient.GivePasswordAsync(Server, sol.Id, Password);
        if (bought) await new Billing(Server.Store, Server.Clock).BuyAsync(sol.Id, sol);
        return sol;
    }

    private LocalDateTime Tomorrow => Server.Clock.GetCurrentInstant().InZone(Practice.Zone()).Date.PlusDays(1) + new LocalTime(10, 0);

    private PersonalEntry Entry(string title, int hours = 0) => new(title, Tomorrow.PlusHours(hours), Duration.FromMinutes(30));

    private Diary DiaryOf(Principal practitioner) => new(Server.Store, Server.Clock, practitioner.Id, practitioner.DisplayName);

    private DavClient DeviceOf(PageAnswer page, Principal? person = null)
    {
        var credentials = $"{TextOf(page, "login")}:{TextOf(page, "password")}";
        return new DavClient(Server.Address, "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)), (person ?? Maya).Id);
    }

    private async Task<IReadOnlyList<Credential>> DevicesOfAsync(Principal person)
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync();
        return await snapshot.ListCredentialsAsync(person.Id);
    }

    private static async Task<IReadOnlyList<string>> TitlesAsync(DavClient device)
    {
        const string query = "<C:calendar-query xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:prop><C:calendar-data/></D:prop>"
            + "<C:filter><C:comp-filter name=\"VCALENDAR\"/></C:filter></C:calendar-query>";
        var answer = await device.SendAsync("REPORT", device.Calendar("hx"), query, ("Depth", "1"));
        return [.. SummaryOf().Matches(answer.Text).Select(match => match.Groups[1].Value)];
    }

    private static async Task<PageAnswer> UntilAsync(Func<Task<PageAnswer>> ask, Func<PageAnswer, bool> isIt)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            var answer = await ask();
            if (isIt(answer)) return answer;
        }
    }

    private static Dictionary<string, XElement> PayloadOf(string plist)
    {
        using var reader = XmlReader.Create(new StringReader(plist), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        var profile = Dictionary(XDocument.Load(reader).Root!.Element("dict")!);
        Assert.Equal("Configuration", profile["PayloadType"].Value);
        return Dictionary(profile["PayloadContent"].Element("dict")!);
    }

    private static Dictionary<string, XElement> Dictionary(XElement dict) =>
        dict.Elements("key").ToDictionary(key => key.Value, key => key.ElementsAfterSelf().First());

    private static string TextOf(PageAnswer page, string id)
    {
        var match = Regex.Match(page.Text, $"<code id=\"{id}\">([^<]*)</code>");
        Assert.True(match.Success, $"There is no {id} on {page.Path}.");
        return WebUtility.HtmlDecode(match.Groups[1].Value);
    }

    private static string PreviewOf(PageAnswer page, string level)
    {
        var match = Regex.Match(page.Text, $"data-level=\"{level}\">(.*?)</span>", RegexOptions.Singleline);
        Assert.True(match.Success, $"There is no preview of {level}.");
        return WebUtility.HtmlDecode(match.Groups[1].Value);
    }

    [GeneratedRegex("href=\"(/settings/integrations/add/[^\"]+)\"")]
    private static partial Regex WayOf();

    [GeneratedRegex("name=\"form\" value=\"([0-9a-f]+)\"")]
    private static partial Regex FormName();

    [GeneratedRegex("SUMMARY:([^\r\n&]*)")]
    private static partial Regex SummaryOf();
}
