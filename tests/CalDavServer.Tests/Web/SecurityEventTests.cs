using CalDavServer.Hosting;
using CalDavServer.Options;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Groups;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Whatever gives lasting access is told to its person: in an e-mail, and on the pages of every other browser of theirs, with a mail server and without.</summary>
public sealed class SecurityEventTests : PageTest
{
    private const string Feed = "/settings/integrations/feed";
    private const string Add = "/settings/integrations/add/app";
    private const string Banner = "See what changed</a>";
    private readonly ManualClock _clock = new() { Now = Instant.FromUtc(2026, 3, 2, 1, 3) };
    private readonly MailStandIn _mail = new();

    private protected override IClock Clock => _clock;

    private protected override ServerOptions? Hosting => new() { Mail = _mail.Settings, PublicAddress = new Uri("http://calendar.riverbend.example/") };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task A_device_and_all_that_opens_it_further_get_an_email_without_a_secret_or_a_foreign_word()
    {
        using var browser = await SignedInAsync("maya");
        var id = await AddDeviceAsync(browser, "Buy pills at evil.example");
        await AssertEmailAsync("maya", "A device was added to your calendar");
        await browser.PostAsync($"/settings/sync/devices/{id}", ("label", "Phone"), ("Level", "FullName"));
        await AssertEmailAsync("maya", "A device of yours may see or do more");
        await browser.PostAsync($"/settings/sync/devices/{id}", ("label", "Phone"), ("Level", "Busy"));
        // the first look shows the password; from then on the page offers another
        await browser.GetAsync($"/settings/integrations/devices/{id}");
        await browser.PostAsync($"/settings/integrations/devices/{id}", $"/settings/integrations/devices/{id}/password");
        await AssertEmailAsync("maya", "A device of yours has a new password");
    }

    [Fact]
    public async Task A_feed_that_is_on_new_or_shows_more_gets_an_email()
    {
        using var browser = await SignedInAsync("maya");
        await browser.PostAsync($"{Feed}?handler=On", ("Level", "Busy"));
        await AssertEmailAsync("maya", "A calendar feed was switched on");
        await browser.PostAsync($"{Feed}?handler=Level", ("Level", "FullName"));
        await AssertEmailAsync("maya", "Your calendar feed shows more");
        await browser.PostAsync($"{Feed}?handler=Renew");
        await AssertEmailAsync("maya", "A calendar feed was switched on");
    }

    [Fact]
    public async Task Every_administrator_is_told_of_another_one_and_nobody_of_a_practitioner()
    {
        await AddAdministratorAsync("olga");
        using var browser = await SignedInAsync("ruth");
        await InviteAsync(browser, "Anastasia <b>Evil</b>", "Practitioner");
        Assert.Contains("Your access to CalendarSync", (await _mail.NextAsync()).Message, StringComparison.Ordinal);
        _clock.Now += Duration.FromSeconds(1);
        await InviteAsync(browser, "Bea evil.example", "Administrator");
        var emails = new[] { await _mail.NextAsync(), await _mail.NextAsync(), await _mail.NextAsync() };
        var told = emails.Where(email => email.Message.Contains("Your practice has another administrator", StringComparison.Ordinal)).ToList();
        Assert.Equal(["olga@riverbend.example", "ruth@riverbend.example"], told.Select(email => email.To).Order());
        Assert.All(told, email => Assert.DoesNotContain("evil", email.Text, StringComparison.OrdinalIgnoreCase));
        using var olga = await SignedInAsync("olga");
        Assert.Contains("Your practice has another administrator: Bea evil.example was invited as an administrator", (await olga.GetAsync("/settings")).Text, StringComparison.Ordinal);
        Assert.Contains("Bea evil.example was invited as an administrator", (await olga.GetAsync("/settings/security")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Anastasia", (await olga.GetAsync("/settings/security")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Emails_that_somebody_has_sent_to_themselves_do_not_keep_a_warning_away()
    {
        using var browser = await SignedInAsync("maya");
        await browser.PostAsync($"{Feed}?handler=On", ("Level", "Busy"));
        await AssertEmailAsync("maya", "A calendar feed was switched on");
        for (var sent = 0; sent < 12; sent++) await browser.PostAsync($"{Feed}?handler=Send");
        for (var sent = 0; sent < 3; sent++) await AssertEmailAsync("maya", "Your calendar feed", secret: true);
        await AddDeviceAsync(browser, "Phone");
        await AssertEmailAsync("maya", "A device was added to your calendar");
    }

    [Fact]
    public async Task What_was_done_in_another_browser_stands_on_every_page_until_it_was_looked_at_here()
    {
        using var mine = await SignedInAsync("maya");
        using var stolen = await SignedInAsync("maya");
        _clock.Now += Duration.FromSeconds(1);
        await AddDeviceAsync(stolen, "Phone <b>");
        Assert.DoesNotContain(Banner, (await stolen.GetAsync("/settings")).Text, StringComparison.Ordinal);
        var page = (await mine.GetAsync("/settings")).Text;
        Assert.Contains(Banner, page, StringComparison.Ordinal);
        Assert.Contains("App password made (Phone &lt;b&gt;)", page, StringComparison.Ordinal);
        // who has the stolen session cannot click it away here
        await stolen.ForgeAsync("/settings/security", "/settings/security");
        Assert.Contains(Banner, (await mine.GetAsync("/calendar")).Text, StringComparison.Ordinal);
        _clock.Now += Duration.FromSeconds(1);
        await mine.PostAsync("/settings/security");
        Assert.DoesNotContain(Banner, (await mine.GetAsync("/settings")).Text, StringComparison.Ordinal);
        Assert.Contains("Phone &lt;b&gt;", (await mine.GetAsync("/settings/security")).Text, StringComparison.Ordinal);
        using var tom = await SignedInAsync("tom");
        Assert.DoesNotContain(Banner, (await tom.GetAsync("/settings")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_done_since_the_last_sign_in_is_told_at_the_next_also_without_a_mail_server()
    {
        await using var server = await TestServer.StartAsync(_clock);
        var directory = new PracticeDirectory(server.Store, server.Clock);
        var practice = await directory.CreatePracticeAsync("Riverbend", "Australia/Melbourne", billing: false);
        var maya = await directory.CreatePersonAsync("maya", "Maya", null, PrincipalRole.Practitioner, practice.Id);
        await PageClient.GivePasswordAsync(server, maya.Id, Password);
        using (var browser = new PageClient(server))
        {
            await browser.SignInAsync("maya", Password);
            _clock.Now += Duration.FromMinutes(1);
            await browser.PostAsync($"{Feed}?handler=On", ("Level", "Busy"));
            await AddDeviceAsync(browser, "Phone");
        }

        _clock.Now += Duration.FromDays(1);
        using var again = new PageClient(server);
        await again.SignInAsync("maya", Password);
        Assert.Contains("Your account has changed 2 times", (await again.GetAsync("/settings")).Text, StringComparison.Ordinal);
        using var third = new PageClient(server);
        _clock.Now += Duration.FromDays(1);
        await third.SignInAsync("maya", Password);
        Assert.DoesNotContain(Banner, (await third.GetAsync("/settings")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_told_is_kept_for_180_days_and_a_hundred_at_most()
    {
        await Server.Store.ApplyAsync(new StoreBatch([.. Enumerable.Range(0, 150).SelectMany(day => SecurityEvent.Note(Maya.Id, _clock.Now - Duration.FromDays(2 * day), AuditActor.Server, AuditAction.FeedMade))]), TestContext.Current.CancellationToken);
        IReadOnlyList<StoreOperation> steps;
        using (var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken)) steps = await SecurityEvent.ForgetOldAsync(snapshot, Maya.Id, _clock.Now);
        await Server.Store.ApplyAsync(new StoreBatch(steps), TestContext.Current.CancellationToken);
        using var after = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Equal(91, (await SecurityEvent.ListAsync(after, Maya.Id, Instant.MinValue)).Count);
    }

    private async Task AssertEmailAsync(string to, string subject, bool secret = false)
    {
        var email = await _mail.NextAsync();
        Assert.Equal($"{to}@riverbend.example", email.To);
        Assert.Contains($"Subject: {subject}", email.Head, StringComparison.Ordinal);
        if (secret) return;
        Assert.DoesNotContain("/feeds/", email.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", email.Text, StringComparison.Ordinal);
        Assert.Contains("change your password", email.Text, StringComparison.Ordinal);
    }

    private static async Task<string> AddDeviceAsync(PageClient browser, string label)
    {
        var form = PageForm.ListOf(await browser.GetAsync(Add)).First(form => form.PostsTo(Add)).Hidden("form")!;
        var made = await browser.PostAsync(Add, ("form", form), ("label", label), ("Level", "Initials"));
        return made.Path.Split('/')[^1].Split('?')[0];
    }

    private static Task<PageAnswer> InviteAsync(PageClient browser, string name, string role) =>
        browser.PostAsync("/settings/people/invite", ("name", name), ("email", $"{role.ToLowerInvariant()}@riverbend.example"), ("login", ""), ("role", role));

    private async Task AddAdministratorAsync(string login)
    {
        var person = await new PracticeDirectory(Server.Store, Server.Clock).CreatePersonAsync(login, login, $"{login}@riverbend.example", PrincipalRole.Administrator, Practice.Id);
        await PageClient.GivePasswordAsync(Server, person.Id, Password);
        using var browser = await SignedInAsync(login);
    }
}
