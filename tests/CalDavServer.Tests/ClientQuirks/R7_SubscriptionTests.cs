using System.Xml.Linq;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Subscriptions;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.ClientQuirks;

/// <summary>A subscription as a calendar client meets it.</summary>
public sealed class R7_SubscriptionTests : IAsyncLifetime
{
    private static readonly Instant Start = Instant.FromUtc(2026, 3, 2, 0, 0);
    private readonly ManualClock _clock = new() { Now = Start };
    private TestServer _server = null!;
    private PracticeGroup _practice = null!;
    private Person _maya = null!;
    private DavClient _client = null!;

    private Billing Billing => new(_server.Store, _clock);

    private string Hx => _client.Calendar("hx");

    private string Path => Hx + "a.ics";

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(_clock);
        var directory = new PracticeDirectory(_server.Store, _clock);
        _practice = await directory.CreatePracticeAsync("Riverbend", "Australia/Melbourne", billing: true);
        var maya = await directory.CreatePersonAsync("maya", "Maya", null, PrincipalRole.Practitioner, _practice.Id);
        _maya = await _server.AddPasswordAsync(maya);
        _client = _server.Client(_maya);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task R7_Before_it_is_set_up_the_calendar_is_not_there()
    {
        var booked = await new Diary(_server.Store, _clock, _maya.Principal.Id, new AuditActor("Maya", ActorVia.Web, null, "session")).AddPersonalAsync(
            new PersonalEntry("Supervision", new LocalDateTime(2026, 3, 3, 9, 0), Duration.FromHours(1)));
        var first = await SyncAsync(_client.Home, null);
        foreach (var bought in new[] { false, true })
        {
            if (bought) await Billing.BuyAsync(_maya.Principal.Id, _maya.Principal, AuditActor.OnPages(_maya.Principal, "session"));
            Assert.DoesNotContain(Hx, (await _client.PropFindAsync(_client.Home, "1", D + "displayname")).Hrefs);
            Assert.DoesNotContain((await SyncAsync(_client.Home, null, infinite: true)).Hrefs, href => href.StartsWith(Hx, StringComparison.Ordinal));
            Assert.Equal(404, (await _client.SendAsync("PROPFIND", Hx)).Status);
            Assert.Equal(404, (await _client.GetAsync($"{Hx}{booked}.ics")).Status);
            Assert.InRange((await _client.PutAsync(Path, Events.Event("a"))).Status, 400, 499);
            Assert.InRange((await _client.SendAsync("MKCALENDAR", Hx)).Status, 400, 499);
            Assert.DoesNotContain("/hx/", (await _client.PropFindAsync(_client.Home + "inbox/", "0", C + "schedule-default-calendar-URL")).Text, StringComparison.Ordinal);
        }

        await Billing.SetUpAsync(_maya.Principal, AuditActor.OnPages(_maya.Principal, "session"));
        Assert.Contains(Hx, (await _client.PropFindAsync(_client.Home, "1", D + "displayname")).Hrefs);
        Assert.Contains(Hx, (await SyncAsync(_client.Home, Token(first))).Hrefs);
        Assert.DoesNotContain("hidden", (await _client.SendAsync("PROPFIND", Hx)).Text, StringComparison.Ordinal);
        Assert.Equal(201, (await _client.PutAsync(Path, Events.Event("a"))).Status);

        // what was booked before is in the diary only (R5)
        Assert.Equal(404, (await _client.GetAsync($"{Hx}{booked}.ics")).Status);
    }

    [Fact]
    public async Task R7_When_it_has_lapsed_the_calendar_is_read_refuses_changes_and_catches_up_when_it_is_bought_again()
    {
        await SetUpAsync();
        await _client.PutAsync(Path, Events.Event("a"));
        await _client.PutAsync(_client.Calendar("tasks") + "t.ics", Events.Task("t"));
        var before = await SyncAsync(Hx, null);

        // nothing runs at the end of the period, and access ends all the same
        _clock.Now = new LocalDate(2026, 4, 2).AtStartOfDayInZone(_practice.Zone()).ToInstant();
        Assert.Equal(200, (await _client.GetAsync(Path)).Status);
        Assert.Contains(Hx, (await _client.PropFindAsync(_client.Home, "1", D + "displayname")).Hrefs);
        (string Method, string Path, string? Body, string Destination)[] refused =
        [
            ("PUT", Path, Events.Event("a", "Two"), ""), ("PUT", Hx + "new.ics", Events.Event("new"), ""), ("DELETE", Path, null, ""),
            ("MOVE", Path, null, Hx + "b.ics"), ("MOVE", Path, null, _client.Calendar("tasks") + "a.ics"),
            ("PROPPATCH", Hx, Set(new XElement(A + "calendar-color", "#112233")), ""),
        ];
        foreach (var (method, path, body, destination) in refused)
        {
            var answer = await _client.SendAsync(method, path, body, ("Destination", destination));
            Assert.Equal(403, answer.Status);
            Assert.Contains("subscription of this calendar has ended", answer.Text, StringComparison.Ordinal);
        }

        Assert.Equal(204, (await _client.PutAsync(_client.Calendar("tasks") + "t.ics", Events.Task("t", "Other"))).Status);
        var booked = await new Diary(_server.Store, _clock, _maya.Principal.Id, new AuditActor("Maya", ActorVia.Web, null, "session")).AddPersonalAsync(
            new PersonalEntry("Meanwhile", new LocalDateTime(2026, 4, 3, 9, 0), Duration.FromHours(1)));

        await Billing.AddCreditsAsync(_practice.Id, 25, "paid");
        await Billing.BuyAsync(_maya.Principal.Id, _maya.Principal, AuditActor.OnPages(_maya.Principal, "session"));
        Assert.Single((await SyncAsync(Hx, Token(before))).Hrefs, href => href.Contains(booked, StringComparison.Ordinal));
        Assert.Equal(204, (await _client.PutAsync(Path, Events.Event("a", "Two"))).Status);
        Assert.Equal(204, (await _client.DeleteAsync(Path)).Status);
    }

    [Fact]
    public async Task R7_A_server_that_was_down_at_the_end_of_a_period_catches_up_when_it_starts_and_charges_once()
    {
        await SetUpAsync();
        await Billing.AddCreditsAsync(_practice.Id, 100, "paid");
        _clock.Now += Duration.FromDays(45);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            _server = await _server.RestartAsync();
            _client.Dispose();
            _client = _server.Client(_maya);
            await WaitAsync(async () => (await Billing.FindAsync(_practice.Id))!.Find(_maya.Principal.Id)!.State == SubscriptionState.Active);
            Assert.Equal(75, (await Billing.FindAsync(_practice.Id))!.Balance);
        }

        Assert.Equal(201, (await _client.PutAsync(Path, Events.Event("a"))).Status);
    }

    private async Task SetUpAsync()
    {
        await Billing.BuyAsync(_maya.Principal.Id, _maya.Principal, AuditActor.OnPages(_maya.Principal, "session"));
        await Billing.SetUpAsync(_maya.Principal, AuditActor.OnPages(_maya.Principal, "session"));
    }

    private Task<DavAnswer> SyncAsync(string path, string? token, bool infinite = false) => _client.SendAsync("REPORT", path, new XElement(
        D + "sync-collection",
        new XElement(D + "sync-token", token),
        new XElement(D + "sync-level", infinite ? "infinite" : "1"),
        new XElement(D + "prop", new XElement(D + "getetag"))).ToString());

    private static string Token(DavAnswer answer) => answer.Root.Element(D + "sync-token")!.Value;

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (!await condition()) await Task.Delay(20, limit.Token);
    }
}
