using System.Text.Json;
using System.Text.RegularExpressions;
using CalDavServer.Hosting;
using CalDavServer.Options;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.People;
using Practice.Subscriptions;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Every form that is posted has its anti-forgery token, on every page in every state: without it a browser is refused, and nothing happens.</summary>
public sealed partial class FormTokenTests : PageTest
{
    // what a script posts, with the token of the page that it runs in
    private static readonly string[] OfScripts = ["/calendar/{practitioner}/{id}/edit Move"];

    // shown where browsers take passkeys, to who has one: the tests of passkeys look at these, with the same page client
    private static readonly string[] OfPasskeys = ["/settings/passkeys Add", "/settings/passkeys Begin", "/sign-in Passkey", "/sign-in/code Passkey"];

    // shown where the server is registered at a provider: the tests of links look at these, with the same page client
    private static readonly string[] OfLinks =
    [
        "/settings/integrations/accounts/{account}", "/settings/integrations/{provider:regex(^(google|microsoft)$)}/{handler?} Connect", "/settings/integrations/{provider:regex(^(icloud|caldav|exchange)$)}/{handler?} Connect", "/settings/sync/links/{account}/{handler?} Check", "/settings/sync/links/{account}/{handler?} Disconnect",
        "/settings/sync/links/{account}/{handler?} GoOn", "/settings/sync/links/{account}/{handler?} MakeAgain", "/settings/sync/links/{account}/{handler?} Pause", "/settings/sync/links/{account}/{handler?} Remove",
        "/settings/sync/links/{account}/{handler?} Leave", "/settings/sync/links/{account}/{handler?} Level", "/settings/sync/links/{account}/{handler?} LookAgain", "/settings/sync/links/{account}/{handler?} PutBack", "/settings/sync/links/{account}/{handler?} TakeOther", "/settings/sync/links/{account}/{handler?} TryAgain",
    ];

    // shown where a practice is connected to Halaxy: the tests of that look at these, with the same page client
    private static readonly string[] OfHalaxy =
    [
        "/calendar/{practitioner}/{id}/book",
        .. new[] { "Compare", "Connect", "Disconnect", "Forget", "Header", "Key", "Look", "Match", "PutAway", "Remove" }.Select(handler => $"/settings/integrations/halaxy/{{handler?}} {handler}"),
    ];

    private static readonly string[] AppointmentPages = ["", "/edit", "/cancel", "/convert", "/history"];

    private readonly ManualClock _clock = new() { Now = Instant.FromUtc(2026, 3, 2, 1, 3) };
    private readonly MailStandIn _mail = new();
    private readonly HashSet<string> _seen = [];
    private PostHandlers _handlers = null!;

    private protected override IClock Clock => _clock;

    private protected override bool Billing => true;

    private protected override ServerOptions? Hosting => new() { Mail = _mail.Settings, PublicAddress = new Uri("http://calendar.riverbend.example/") };

    private Diary Diary => new(Server.Store, Server.Clock, Maya.Id, new AuditActor(Maya.DisplayName, ActorVia.Web, null, "session"));

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _handlers = await PostHandlers.OfAsync(Server);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _mail.DisposeAsync();
    }

    /// <summary>What can be posted is on some page as a form, and each such form has its token: a page that is new is not forgotten here.</summary>
    [Fact]
    public async Task Every_form_of_every_page_in_every_state_has_its_token()
    {
        await SignedOutAsync();
        using var maya = await SignedInAsync("maya");
        using var other = await SignedInAsync("maya");
        using var ruth = await SignedInAsync("ruth");
        await LookAsync(maya, "/settings", "/settings/details", "/settings/password", "/settings/sessions", "/settings/two-step", "/settings/integrations", "/settings/audit", "/sign-out");
        await LookAsync(ruth, "/settings", "/settings/practice", "/settings/people/invite", $"/settings/people/{Maya.Id}", $"/settings/integrations/buy?for={Maya.Id}", "/settings/audit");
        await SubscriptionAsync(maya);
        await FeedAsync(maya);
        await DeviceAsync(maya);
        await LookAsync(other, "/settings/security");
        await AppointmentsAsync(maya);
        await TroubleAsync(maya);
        await PeopleAsync(ruth);
        await SecondFactorAsync();
        await PasskeysAsync();
        Assert.Equal([], _handlers.All.Except(OfScripts).Except(OfPasskeys).Except(OfLinks).Except(OfHalaxy).Except(_seen).Order());
    }

    private async Task SignedOutAsync()
    {
        using var stranger = new PageClient(Server);
        await LookAsync(stranger, "/sign-in", "/forgotten");
        await KeepAsync(stranger.PostAsync("/sign-in", ("login", "maya"), ("password", "wrong")));
        await KeepAsync(stranger.PostAsync("/forgotten", ("login", "maya")));
        await LookAsync(stranger, (await _mail.NextAsync()).Link.PathAndQuery);
        await LookAsync(stranger, $"/address/{Maya.Id}/{await new NewAddresses(Server.Store, _clock).AskAsync(Maya.Id, "m@riverbend.example")}");
    }

    private async Task SubscriptionAsync(PageClient maya)
    {
        await new Billing(Server.Store, _clock).AddCreditsAsync(Practice.Id, 100, "Invoice 7");
        await LookAsync(maya, "/settings/integrations", "/settings/integrations/buy");
        await KeepAsync(maya.PostAsync("/settings/integrations/buy", ("state", "None")));
        await LookAsync(maya, "/settings/integrations", "/settings/integrations/cancel");
    }

    private async Task FeedAsync(PageClient maya)
    {
        const string Page = "/settings/integrations/feed";
        await LookAsync(maya, Page);
        await KeepAsync(maya.PostAsync($"{Page}?handler=On", ("Level", "Type")));
        await KeepAsync(maya.PostAsync($"{Page}?handler=Renew"));
        _clock.Now += Duration.FromMinutes(11);
        await LookAsync(maya, Page);
        await KeepAsync(maya.PostAsync($"{Page}?handler=Show"));
        await maya.SignInAsync("maya", Password);
    }

    private async Task DeviceAsync(PageClient maya)
    {
        const string Add = DeviceForm.Path;
        var form = DeviceForm.IdOn(await LookAsync(maya, Add, "/settings/integrations/add/apple"));
        await KeepAsync(maya.PostAsync(Add, ("form", form), ("label", " ")));
        var added = await KeepAsync(maya.PostAsync(Add, ("form", form), ("label", "My phone"), ("level", "Initials"), ("existing", "true")));
        var id = added.Path.Split('/')[^1].Split('?')[0];

        // opened again, the password is not there any more, and the page offers another
        await LookAsync(maya, $"/settings/integrations/devices/{id}", "/settings/integrations/including", $"/settings/sync/devices/{id}");
        await KeepAsync(maya.PostAsync($"/settings/integrations/devices/{id}", $"/settings/integrations/devices/{id}/password"));
        await KeepAsync(maya.PostAsync($"/settings/sync/devices/{id}", ("label", " "), ("level", "Busy")));
        await KeepAsync(maya.PostAsync($"/settings/sync/devices/{id}", $"/settings/sync/devices/{id}/revoke"));
    }

    private async Task AppointmentsAsync(PageClient maya)
    {
        var patient = await Diary.BookAsync(Session);
        var series = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 5 } });
        var personal = await Diary.AddPersonalAsync(new PersonalEntry("Lunch", Session.Start, Duration.FromHours(1)));
        await LookAsync(maya, "/calendar", "/calendar?view=day", "/calendar?view=month", "/calendar/search?text=lunch", "/calendar/new?kind=patient", "/calendar/new?kind=personal");
        foreach (var id in new[] { patient, series, personal })
            await LookAsync(maya, [.. AppointmentPages.Select(page => $"/calendar/{Maya.Id}/{id}{page}")]);
        await KeepAsync(maya.PostAsync("/calendar/new?kind=personal", ("Form.Kind", "personal")));
        await Diary.CancelAsync(new AppointmentTarget(patient), CancelChoice.Cancel);
        await LookAsync(maya, $"/calendar/{Maya.Id}/{patient}");
        await Diary.CancelAsync(new AppointmentTarget(series), CancelChoice.Cancel);
        await LookAsync(maya, $"/calendar/{Maya.Id}/{series}?occurrence=2026-03-11T10:00:00");
    }

    // what sync health has buttons for: removed by a device, kept or cancelled, written by a device and not taken, an inclusion that has stopped or does not come out even
    private async Task TroubleAsync(PageClient maya)
    {
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var removed = await Diary.BookAsync(Session);
        await Diary.LinkInvoiceAsync(new AppointmentTarget(removed), "INV-1");
        Assert.Equal(204, (await phone.DeleteAsync($"{phone.Calendar("hx")}{removed}.ics")).Status);
        Assert.Equal(204, (await phone.DeleteAsync($"{phone.Calendar("hx")}{await Diary.BookAsync(Session)}.ics")).Status);
        var renamed = $"{phone.Calendar("hx")}{await Diary.BookAsync(Session)}.ics";
        var text = (await phone.GetAsync(renamed)).Text;
        Assert.Equal(204, (await phone.PutAsync(renamed, SummaryLine().Replace(text, "SUMMARY:Somebody else\r\n"))).Status);
        foreach (var inclusion in new object[] { new { begun = "2026-03-02T01:00:00Z", total = 3 }, new { begun = "2026-03-02T01:00:00Z", total = 3, ended = "2026-03-02T01:01:00Z", inDiary = 3, served = 2 } })
        {
            await Server.Store.ApplyAsync(StoreBatch.Of(new PutRecord("inclusion", Maya.Id, "inclusion", JsonSerializer.SerializeToUtf8Bytes(inclusion))));
            Assert.Contains("action=\"/settings/integrations/including\"", (await LookAsync(maya, "/settings/sync", "/settings/integrations/including")).Text, StringComparison.Ordinal);
            await KeepAsync(maya.PostAsync("/settings/sync", "/settings/integrations/including"));
        }
    }

    private async Task PeopleAsync(PageClient ruth)
    {
        await ruth.SignInAsync("ruth", Password);
        var invited = await KeepAsync(ruth.PostAsync("/settings/people/invite", ("name", "Ana"), ("email", "ana@riverbend.example"), ("login", ""), ("role", "Practitioner")));
        Assert.Contains("Invited", invited.Text, StringComparison.Ordinal);
        await LookAsync(ruth, [.. PersonLink().Matches((await ruth.GetAsync("/settings/people")).Text).Select(link => link.Groups[1].Value)]);
        await KeepAsync(ruth.PostAsync($"/settings/people/{Tom.Id}?handler=Deactivate"));
        await LookAsync(ruth, $"/settings/people/{Tom.Id}");
        await KeepAsync(ruth.PostAsync($"/settings/people/{Tom.Id}?handler=Reactivate"));
    }

    private async Task SecondFactorAsync()
    {
        using var tom = await SignedInAsync("tom");
        var page = await tom.GetAsync("/settings/two-step");
        await KeepAsync(tom.PostAsync("/settings/two-step?handler=On", page, ("password", Password), ("code", TwoStepTests.CodeOn(page, _clock.Now))));
        await LookAsync(tom, "/settings/two-step");
        using var again = new PageClient(Server);
        Assert.StartsWith("/sign-in/code", (await KeepAsync(again.PostAsync("/sign-in", ("login", "tom"), ("password", Password)))).Path, StringComparison.Ordinal);
        using var ruth = await SignedInAsync("ruth");
        await LookAsync(ruth, $"/settings/people/{Tom.Id}");
    }

    private async Task PasskeysAsync()
    {
        using var maya = await SignedInAsync("maya");
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            var (account, version) = (await Account.FindAsync(snapshot, Maya.Id))!.Value;
            await Server.Store.ApplyAsync(StoreBatch.Of((account with { Passkeys = [new Passkey("aWQ", "a2V5", "My laptop", _clock.Now, 0)] }).Put(Maya.Id, version)), TestContext.Current.CancellationToken);
        }

        await LookAsync(maya, "/settings/passkeys", "/settings/two-step", "/settings/password");
        _clock.Now += Duration.FromMinutes(11);
        await KeepAsync(maya.PostAsync("/settings/passkeys?handler=Remove", ("id", "aWQ")));
    }

    private static Booking Session => new([new Patient("PT-1", "Ada", "Whitcombe")], "Follow-up", new LocalDateTime(2026, 3, 4, 10, 0), Duration.FromMinutes(30));

    // the page client itself fails on a form without its token
    private async Task<PageAnswer> KeepAsync(Task<PageAnswer> asking)
    {
        var page = await asking;
        foreach (var form in PageForm.ListOf(page).Where(form => form.IsPost))
        {
            foreach (var action in form.Actions)
            {
                var handler = _handlers.Find(action);
                Assert.True(handler is not null, $"This form is sent to nowhere: {form}");
                _seen.Add(handler);
            }
        }

        return page;
    }

    private async Task<PageAnswer> LookAsync(PageClient browser, params string[] paths)
    {
        PageAnswer? first = null;
        foreach (var path in paths)
        {
            var page = await KeepAsync(browser.GetAsync(path));
            first ??= page;
        }

        return first!;
    }

    [GeneratedRegex("href=\"(/settings/people/[0-9a-f]+)\"")]
    private static partial Regex PersonLink();

    [GeneratedRegex("SUMMARY:[^\r\n]*\r\n")]
    private static partial Regex SummaryLine();
}
