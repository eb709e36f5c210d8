using CalDavServer.Background;
using CalDavServer.Hosting;
using CalDavServer.Mail;
using CalDavServer.Options;
using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Groups;
using Practice.Subscriptions;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>R7: what a practice is written and shown when credits are missing, with a mail server of the test's own.</summary>
public sealed class CreditEmailTests : PageTest
{
    private readonly ManualClock _clock = new() { Now = Instant.FromUtc(2026, 3, 2, 0, 0) };
    private readonly MailStandIn _mail = new();

    private protected override IClock Clock => _clock;

    private protected override bool Billing => true;

    private Billing Books => new(Server.Store, _clock);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task R7_Missing_credits_and_the_end_are_written_to_the_practitioner_and_the_administrator_once()
    {
        await BuyAsync(credits: 5);
        using var sender = Sender();
        await PassAsync(3, 26);
        await Emails(sender).RunAsync();
        var (maya, ruth) = await TwoAsync();
        Assert.Contains("Subject: Calendar synchronisation ends on Thursday 2 April 2026: 20 credits are missing", maya.Head, StringComparison.Ordinal);
        Assert.Contains("20 credits are missing for the renewal of your calendar synchronisation on Thursday 2 April 2026. Without them it ends then.", maya.Text, StringComparison.Ordinal);
        Assert.Equal("https://calendar.riverbend.example/settings/integrations", maya.Link.ToString());
        Assert.Contains("the calendar synchronisation of a practitioner of your practice on Thursday 2 April 2026", ruth.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Maya", ruth.Head + ruth.Text, StringComparison.Ordinal);
        Assert.Contains("The practice has 5 credits; calendar synchronisation costs 25 credits every 30 days.", ruth.Text, StringComparison.Ordinal);
        Assert.Contains("Australia/Melbourne", ruth.Text, StringComparison.Ordinal);
        Assert.Equal("https://calendar.riverbend.example/settings/credits", ruth.Link.ToString());

        // another service, as after a restart
        await PassAsync(3, 27);
        await Emails(sender).RunAsync();
        Assert.Equal(0, _mail.Emails);

        await PassAsync(4, 2);
        await Emails(sender).RunAsync();
        (maya, ruth) = await TwoAsync();
        Assert.Contains("Subject: Calendar synchronisation has ended", maya.Head, StringComparison.Ordinal);
        Assert.Contains("did not have the 25 credits for the 30 days from Thursday 2 April 2026.", ruth.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing is deleted", maya.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R7_An_email_outlives_a_mail_server_that_is_away_and_a_restart_and_is_the_same_to_its_reader()
    {
        await BuyAsync(credits: 5);
        using var sender = Sender();
        using var nobody = new MailSender(_mail.Settings with { Port = 9 }, _clock, NullLogger<MailSender>.Instance);
        await PassAsync(4, 1);
        await Emails(nobody).RunAsync();
        await Emails(sender).RunAsync();
        Assert.Equal(0, _mail.Emails);
        _clock.Now += Duration.FromMinutes(1);
        _mail.Refuse(451);
        await Emails(sender).RunAsync();
        var first = await _mail.NextAsync();
        Assert.Equal(0, _mail.Emails);
        _clock.Now += Duration.FromMinutes(5);
        await Emails(sender).RunAsync();
        var second = await _mail.NextAsync();
        Assert.NotEqual(first.To, second.To);
        Assert.NotEqual(MessageIdOf(first), MessageIdOf(second));
        _clock.Now += Duration.FromHours(5);
        await Emails(sender).RunAsync();
        Assert.Equal(0, _mail.Emails);
    }

    [Fact]
    public async Task R7_An_address_that_is_refused_for_good_is_not_tried_again_and_holds_up_nobody()
    {
        await BuyAsync(credits: 5);
        using var sender = Sender();
        await PassAsync(3, 26);
        _mail.Refuse(550);
        await Emails(sender).RunAsync();
        await _mail.NextAsync();
        _clock.Now += Duration.FromHours(3);
        await Emails(sender).RunAsync();
        Assert.Equal(0, _mail.Emails);
        Assert.Single(_mail.Heard, line => line.StartsWith("DATA", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AUTH", 535)]
    [InlineData("MAIL", 550)]
    public async Task R7_An_email_outlives_wrong_mail_settings(string step, int code)
    {
        await BuyAsync(credits: 5);
        using var sender = new MailSender(_mail.Settings with { User = "calendar", Password = "expired" }, _clock, NullLogger<MailSender>.Instance);
        await PassAsync(3, 26);
        _mail.Refuse(code, step);
        _mail.Refuse(code, step);
        await Emails(sender).RunAsync();
        Assert.Equal(0, _mail.Emails);
        _clock.Now += Duration.FromHours(5);
        await Emails(sender).RunAsync();
        await TwoAsync();
    }

    [Fact]
    public async Task R7_Without_a_mail_server_nothing_is_written_and_renewals_go_on()
    {
        await BuyAsync(credits: 5);
        await PassAsync(3, 26);
        using (var off = new MailSender(null, _clock, NullLogger<MailSender>.Instance)) await Emails(off).RunAsync();
        using (var sender = Sender()) await Emails(sender).RunAsync();
        Assert.Contains("20 credits are missing", (await TwoAsync()).Maya.Head, StringComparison.Ordinal);
        await Books.AddCreditsAsync(Practice.Id, 20, "paid");
        await PassAsync(4, 2);
        Assert.Equal(SubscriptionState.Active, (await Books.FindAsync(Practice.Id))!.Find(Maya.Id)!.State);
    }

    [Fact]
    public async Task R7_The_server_itself_writes_the_emails()
    {
        var first = await TestServer.StartAsync(_clock);
        var directory = new PracticeDirectory(first.Store, _clock);
        var practice = await directory.CreatePracticeAsync("Lakeside", "Australia/Melbourne", billing: true);
        var ada = await directory.CreatePersonAsync("ada", "Ada", "ada@lakeside.example", PrincipalRole.Practitioner, practice.Id);
        var books = new Billing(first.Store, _clock);
        await books.BuyAsync(ada.Id, ada, AuditActor.OnPages(ada, "session"));
        _clock.Now += Duration.FromDays(25);
        await books.RenewAsync(practice.Id);
        await using var again = await first.RestartAsync(hosting: new ServerOptions { Mail = _mail.Settings, PublicAddress = new Uri("https://calendar.riverbend.example/") });
        Assert.Equal("ada@lakeside.example", (await _mail.NextAsync()).To);
    }

    [Fact]
    public async Task R7_Every_page_says_that_credits_are_missing_to_whom_it_concerns()
    {
        await BuyAsync(credits: 5);
        await PassAsync(3, 25);
        using var maya = await SignedInAsync("maya");
        using var tom = await SignedInAsync("tom");
        using var ruth = await SignedInAsync("ruth");
        Assert.DoesNotContain("banner", (await maya.GetAsync("/settings")).Text, StringComparison.Ordinal);
        await PassAsync(3, 26);
        foreach (var page in new[] { "/calendar", "/settings", "/settings/sync", "/settings/integrations/feed", "/settings/nowhere" })
        {
            var text = (await maya.GetAsync(page)).Text;
            Assert.Contains("20 credits are missing for the renewal of your calendar synchronisation on Thursday 2 April 2026. Without them it ends then.", text, StringComparison.Ordinal);
            Assert.Contains("<a href=\"/settings/integrations\">What to do</a>", text, StringComparison.Ordinal);
            Assert.DoesNotContain("banner", (await tom.GetAsync(page)).Text, StringComparison.Ordinal);
        }

        var shown = (await ruth.GetAsync("/settings/people")).Text;
        Assert.Contains("the renewal of the calendar synchronisation of Maya Lindqvist on Thursday 2 April 2026", shown, StringComparison.Ordinal);
        Assert.Contains("<a href=\"/settings/credits\">How to get credits</a>", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("banner", (await maya.GetAsync("/settings/integrations")).Text, StringComparison.Ordinal);
        await Books.AddCreditsAsync(Practice.Id, 20, "paid");
        Assert.DoesNotContain("banner", (await maya.GetAsync("/settings")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R7_Every_page_says_for_two_weeks_that_it_has_ended_unless_it_is_bought_again()
    {
        await BuyAsync(credits: 5);
        await Books.BuyAsync(Tom.Id, Tom, AuditActor.OnPages(Tom, "session"));
        await PassAsync(3, 26);
        using var ruth = await SignedInAsync("ruth");
        Assert.Contains("45 credits are missing for renewals of the calendar synchronisation of 2 practitioners, the first on Thursday 2 April 2026", (await ruth.GetAsync("/settings")).Text, StringComparison.Ordinal);
        await PassAsync(4, 2);
        using var maya = await SignedInAsync("maya");
        Assert.Contains("Your calendar synchronisation has ended: the practice did not have the credits for it.", (await maya.GetAsync("/calendar")).Text, StringComparison.Ordinal);
        Assert.Contains("The calendar synchronisation of 2 practitioners has ended", (await ruth.GetAsync("/settings")).Text, StringComparison.Ordinal);
        await Books.AddCreditsAsync(Practice.Id, 20, "paid");
        await Books.BuyAsync(Maya.Id, Maya, AuditActor.OnPages(Maya, "session"));
        Assert.DoesNotContain("banner", (await maya.GetAsync("/calendar")).Text, StringComparison.Ordinal);
        Assert.Contains("The calendar synchronisation of Tom Okafor has ended", (await ruth.GetAsync("/settings")).Text, StringComparison.Ordinal);
        _clock.Now += Duration.FromDays(16);
        using var later = await SignedInAsync("ruth");
        Assert.DoesNotContain("banner", (await later.GetAsync("/settings")).Text, StringComparison.Ordinal);
    }

    private MailSender Sender() => new(_mail.Settings, _clock, NullLogger<MailSender>.Instance);

    private CreditEmails Emails(MailSender sender) => new(
        new CreditEmailBook(Server.Store, _clock), sender, new ServerOptions { PublicAddress = new Uri("https://calendar.riverbend.example/") }, NullLogger<CreditEmails>.Instance);

    private async Task BuyAsync(int credits)
    {
        await Books.AddCreditsAsync(Practice.Id, credits, "Invoice 7");
        await Books.BuyAsync(Maya.Id, Maya, AuditActor.OnPages(Maya, "session"));
    }

    private async Task PassAsync(int month, int day)
    {
        _clock.Now = new LocalDate(2026, month, day).AtStartOfDayInZone(Practice.Zone()).ToInstant();
        await Books.RenewAsync(Practice.Id);
    }

    private async Task<(ReceivedEmail Maya, ReceivedEmail Ruth)> TwoAsync()
    {
        ReceivedEmail[] emails = [await _mail.NextAsync(), await _mail.NextAsync()];
        return (emails.Single(email => email.To == Maya.Email), emails.Single(email => email.To == Ruth.Email));
    }

    private static string MessageIdOf(ReceivedEmail email) => email.Head.Split('\n').Single(line => line.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase));
}
