using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web.Devices;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;
using Practice.People;
using Practice.Subscriptions;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Every audit line names by an id what acted: each way in is gone through here, but those from outside calendars and from Halaxy. What people read of it has no id in it.</summary>
public sealed class AuditOriginTests : PageTest
{
    private const string New = "three blue herons";
    private readonly MailStandIn _mail = new();

    private protected override ServerOptions? Hosting => new() { Mail = _mail.Settings, PublicAddress = new Uri("http://calendar.riverbend.example/"), AllowHttp = true };

    private protected override bool Billing => true;

    private Billing Books => new(Server.Store, Server.Clock);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task Pages_name_the_session_in_whatever_is_done_in_it()
    {
        using var browser = await SignedInAsync("maya");
        var session = await SessionAsync();
        await EnterAsync(session);
        await browser.PostAsync("/settings/integrations/buy", ("state", "None"));
        await browser.PostAsync(DeviceForm.Path, ("form", DeviceForm.IdOn(await browser.GetAsync(DeviceForm.Path))), ("label", "Phone"), ("existing", "true"), ("level", "FullName"));
        await UntilAsync(AuditAction.Published);
        await browser.PostAsync("/settings/integrations/cancel");
        await browser.PostAsync("/settings/integrations/feed?handler=On", ("Level", "Type"));
        await browser.PostAsync("/settings/audit?handler=Download", ("format", "jsonl"));
        var page = await browser.GetAsync("/settings/audit");
        await browser.PostAsync("/sign-out");

        var lines = await LinesAsync();
        Assert.All(lines, line => Assert.Equal((ActorVia.Web, Maya.Id, session), (line.Via, line.PersonId, line.DeviceId)));
        AuditAction[] all =
        [
            AuditAction.SignedIn, AuditAction.Added, AuditAction.SubscriptionBought, AuditAction.SyncSetUp, AuditAction.ExistingIncluded, AuditAction.Published, AuditAction.AppPasswordMade,
            AuditAction.SubscriptionCancelled, AuditAction.FeedMade, AuditAction.AuditExported, AuditAction.SignedOut,
        ];
        Assert.Equal([], all.Except(lines.Select(line => line.Action)));
        Assert.Contains("<td data-label=\"By\">Maya Lindqvist</td>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(session, page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_inclusion_that_is_carried_on_names_the_session_in_which_it_was_begun()
    {
        await EnterAsync("before");
        await SetUpAsync();
        await new Diary(Server.Store, Server.Clock, Maya.Id, AuditActor.OnPages(Maya, "begun-in")).BeginInclusionAsync();
        using var carriedOn = new Inclusions(new PracticeDiaries(Server.Store, Server.Clock), NullLogger<Inclusions>.Instance);
        await carriedOn.StartAsync(TestContext.Current.CancellationToken);
        var published = await UntilAsync(AuditAction.Published);
        await carriedOn.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal((ActorVia.Web, Maya.Id, "begun-in", "Maya Lindqvist"), (published.Via, published.PersonId, published.DeviceId, published.Who));
    }

    [Fact]
    public async Task A_device_and_a_program_name_their_app_password()
    {
        await SetUpAsync();
        var (phone, program) = (await Server.AddPasswordAsync(Maya), await Server.AddPasswordAsync(Maya));
        using (var client = Server.Client(phone))
        {
            Assert.Equal(201, (await client.PutAsync($"{client.Calendar("hx")}a.ics", Events.Event("a"))).Status);
            Assert.Equal(204, (await client.DeleteAsync($"{client.Calendar("hx")}a.ics")).Status);
        }

        using var http = new HttpClient { BaseAddress = Server.Address };
        http.DefaultRequestHeaders.Add("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Maya.Login}:{program.Secret}")));
        var entry = new JsonObject { ["title"] = "Lunch", ["start"] = "2026-03-03T12:00:00+11:00", ["minutes"] = 45 };
        using var body = new StringContent(entry.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/api/appointments/personal", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Equal(201, (int)answer.StatusCode);

        var diary = (await LinesAsync()).Where(line => line.AppointmentId is not null).Select(line => (line.Action, line.Via, line.DeviceId));
        Assert.Equal(
            [
                (AuditAction.Added, ActorVia.AppPassword, phone.Credential.Id), (AuditAction.Deleted, ActorVia.AppPassword, phone.Credential.Id), (AuditAction.Added, ActorVia.Api, program.Credential.Id),
            ],
            diary);
    }

    [Fact]
    public async Task A_one_time_link_is_named_by_its_hash_and_not_by_what_opens_it()
    {
        using var stranger = new PageClient(Server);
        await stranger.PostAsync("/forgotten", ("login", "maya"));
        var reset = (await _mail.NextAsync()).Link.AbsolutePath;
        await stranger.PostAsync(reset, ("password", New), ("again", New));
        await _mail.NextAsync();
        using var browser = new PageClient(Server);
        await browser.SignInAsync("maya", New);
        await browser.PostAsync("/settings/details", ("name", Maya.DisplayName), ("email", "maya@elsewhere.example"), ("password", New));
        var confirm = await LinkToAsync("maya@elsewhere.example");
        await stranger.PostAsync(confirm);

        var lines = await LinesAsync();
        var asked = Assert.Single(lines, line => line.Action == AuditAction.PasswordResetRequested);
        Assert.Equal((ActorVia.Web, null, "anonymous"), (asked.Via, asked.PersonId, asked.DeviceId));
        AssertByLink(Assert.Single(lines, line => line.Action == AuditAction.PasswordReset), reset);
        AssertByLink(Assert.Single(lines, line => line.Action == AuditAction.PersonChanged), confirm);
        var page = await browser.GetAsync("/settings/audit");
        Assert.Contains("<td data-label=\"By\">Maya Lindqvist with a one-time link</td>", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_and_its_commands_name_themselves()
    {
        await new PasswordLinkBook(Server.Store, Server.Clock).MakeAsync(Maya.Id, AuditActor.Command);
        await Books.AddCreditsAsync(Practice.Id, 5, "Invoice 7");
        Assert.All(await LinesAsync(), line => Assert.Equal((ActorVia.Command, "command"), (line.Via, line.DeviceId)));
        Assert.Equal((ActorVia.Server, "server"), (AuditActor.Server.Via, AuditActor.Server.DeviceId));
    }

    private void AssertByLink(AuditEntry line, string link) =>
        Assert.Equal((ActorVia.OneTimeLink, Maya.Id, Secret.HashOf(link.Split('/')[^1])), (line.Via, line.PersonId, line.DeviceId));

    private async Task<string> LinkToAsync(string address)
    {
        while (true)
        {
            if (await _mail.NextAsync() is var email && email.To == address) return email.Link.AbsolutePath;
        }
    }

    private async Task SetUpAsync()
    {
        var by = AuditActor.OnPages(Maya, "set-up-in");
        await Books.BuyAsync(Maya.Id, Maya, by);
        await Books.SetUpAsync(Maya, by);
    }

    private Task<string> EnterAsync(string session) => new Diary(Server.Store, Server.Clock, Maya.Id, AuditActor.OnPages(Maya, session)).AddPersonalAsync(
        new PersonalEntry("Lunch", Server.Clock.GetCurrentInstant().InZone(Practice.Zone()).Date.PlusDays(1) + new LocalTime(12, 0), Duration.FromMinutes(30)));

    private async Task<string> SessionAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return Assert.Single(await Session.ListAsync(snapshot, Maya.Id)).Id;
    }

    /// <summary>The lines of the practice group's log and of the diary's, each oldest first.</summary>
    private async Task<IReadOnlyList<AuditEntry>> LinesAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var lines = await AuditLine.ListAsync(snapshot, PracticeAudit.Log, Practice.Id, 0, 1000);
        return [.. lines.Concat(await AuditLine.ListAsync(snapshot, DiaryAudit.Log, Maya.Id, 0, 1000)).Select(line => line.Entry!)];
    }

    private async Task<AuditEntry> UntilAsync(AuditAction action)
    {
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(50, TestContext.Current.CancellationToken))
        {
            if ((await LinesAsync()).FirstOrDefault(line => line.Action == action) is { } found) return found;
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(40), $"After 40 seconds there was no line of {action}.");
        }
    }
}

/// <summary>What is done in an outside calendar names the link.</summary>
public sealed class AuditOriginOfLinksTests : OutsidePageTest
{
    private protected override ServerOptions? Hosting => Side.Register(new ServerOptions()) with { LinkTimes = new LinkTimes { Poll = TimeSpan.FromMilliseconds(300), Gather = TimeSpan.FromMilliseconds(20) } };

    [Fact]
    public async Task What_is_added_in_an_outside_calendar_names_the_link()
    {
        using var browser = await SignedInAsync("maya");
        await LinkAsync(browser);
        var link = Assert.Single(await LinksAsync());
        var start = Server.Clock.GetCurrentInstant().InZone(Practice.Zone()).Date.PlusDays(1);
        await Side.InCalendarAsync("create", new() { ["title"] = "Dentist", ["start"] = $"{start:uuuu-MM-dd}T17:00", ["end"] = $"{start:uuuu-MM-dd}T18:00" });
        AuditEntry? added = null;
        await UntilAsync(
            async () =>
            {
                using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
                if (await AuditLine.ListAsync(snapshot, DiaryAudit.Log, Maya.Id, 0, 10) is [var line, ..]) added = line.Entry;
                return added is not null;
            },
            "what is made outside has a line");
        Assert.Equal((AuditAction.Added, ActorVia.Link, link.Id), (added!.Action, added.Via, added.DeviceId));
    }

    private protected override async Task<OutsideSide> StartSideAsync() => await CalDavSide.StartAsync("icloud");
}

/// <summary>What is done in Halaxy names the practice's connection to it.</summary>
public sealed class AuditOriginOfHalaxyTests : HalaxyPageTest
{
    [Fact]
    public async Task What_is_booked_in_Halaxy_names_the_connection_and_what_is_done_to_it_the_session()
    {
        await There.BookAsync(Now);
        using var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Count == 1, "the booking is here");
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var booked = Assert.Single(await AuditLine.ListAsync(snapshot, DiaryAudit.Log, Maya.Id, 0, 10)).Entry!;
        Assert.Equal((ActorVia.Halaxy, $"halaxy-{Practice.Id}"), (booked.Via, booked.DeviceId));
        var session = Assert.Single(await Session.ListAsync(snapshot, Ruth.Id)).Id;
        Assert.All(await AuditLine.ListAsync(snapshot, PracticeAudit.Log, Practice.Id, 0, 10), line => Assert.Equal((ActorVia.Web, session), (line.Entry!.Via, line.Entry.DeviceId)));
    }
}
