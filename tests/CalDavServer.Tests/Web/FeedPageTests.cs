using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Feeds;
using Practice.Hx;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Settings > Integrations > One-way calendar feed (R12): the page, and what the address then answers.</summary>
public sealed class FeedPageTests : PageTest
{
    private const string Page = "/settings/integrations/feed";

    [Fact]
    public async Task R12_A_practitioner_switches_the_feed_on_sees_its_address_again_and_an_app_reads_it_without_signing_in()
    {
        using var browser = await SignedInAsync("maya");
        Assert.Contains("Switch the feed on", (await browser.GetAsync(Page)).Text, StringComparison.Ordinal);
        var on = await browser.PostAsync($"{Page}?handler=On", ("Level", "FirstName"));
        Assert.Contains("Your calendar feed is on", on.Text, StringComparison.Ordinal);
        var address = AddressIn(on);
        Assert.StartsWith(Server.Address + "feeds/", address, StringComparison.Ordinal);
        Assert.Equal(address, AddressIn(await browser.GetAsync(Page)));

        await BookAsync();
        using var app = Server.Anonymous();
        var feed = await app.GetAsync(address);
        Assert.Equal(200, feed.Status);
        Assert.Contains("SUMMARY:Massage · Wilhelmina\r\n", feed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Quartz", feed.Text, StringComparison.Ordinal);

        await browser.PostAsync($"{Page}?handler=Level", ("Level", "Busy"));
        Assert.Contains("SUMMARY:Busy\r\n", (await app.GetAsync(address)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R12_Once_regenerated_or_switched_off_the_old_addresses_answer_410_with_a_sentence_forever()
    {
        using var browser = await SignedInAsync("maya");
        var first = AddressIn(await browser.PostAsync($"{Page}?handler=On", ("Level", "Type")));
        var renewed = await browser.PostAsync($"{Page}?handler=Renew");
        Assert.Contains("The old one has stopped working", renewed.Text, StringComparison.Ordinal);
        var second = AddressIn(renewed);
        Assert.NotEqual(first, second);
        using var app = Server.Anonymous();
        await AssertGoneAsync(app, first);
        Assert.Equal(200, (await app.GetAsync(second)).Status);

        var off = await browser.PostAsync($"{Page}?handler=Off");
        Assert.Contains("Switch the feed on", off.Text, StringComparison.Ordinal);
        var third = AddressIn(await browser.PostAsync($"{Page}?handler=On", ("Level", "Type")));
        await AssertGoneAsync(app, first);
        await AssertGoneAsync(app, second);
        Assert.Equal(200, (await app.GetAsync(third)).Status);
    }

    [Fact]
    public async Task Sent_twice_the_form_makes_one_feed_and_each_step_is_a_line_of_the_audit_log_without_the_secret()
    {
        using var browser = await SignedInAsync("maya");
        var address = AddressIn(await browser.PostAsync($"{Page}?handler=On", ("Level", "Type")));
        Assert.Equal(address, AddressIn(await browser.ForgeAsync($"{Page}?handler=On", ("Level", "FullName"))));
        await browser.PostAsync($"{Page}?handler=Level", ("Level", "Initials"));
        await browser.PostAsync($"{Page}?handler=Level", ("Level", "Initials"));
        await browser.PostAsync($"{Page}?handler=Renew");
        await browser.PostAsync($"{Page}?handler=Off");
        await browser.ForgeAsync($"{Page}?handler=Off");
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var lines = (await AuditLine.ListAsync(snapshot, PracticeAudit.Log, Practice.Id, 0, 100, Maya.Id)).Where(line => line.Entry!.Action.ToString().StartsWith("Feed", StringComparison.Ordinal)).ToList();
        Assert.Equal([AuditAction.FeedMade, AuditAction.FeedChanged, AuditAction.FeedRegenerated, AuditAction.FeedStopped], lines.Select(line => line.Entry!.Action));
        Assert.All(lines, line => Assert.DoesNotContain(SecretOf(address), System.Text.Encoding.UTF8.GetString(line.Stored.Document.Span), StringComparison.Ordinal));
    }

    [Fact]
    public async Task R12_The_secret_is_not_in_the_database_in_the_clear()
    {
        using var browser = await SignedInAsync("maya");
        var address = AddressIn(await browser.PostAsync($"{Page}?handler=On", ("Level", "Type")));
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        foreach (var (kind, owner) in ((string, string)[])[("feed", Maya.Id), ("feed-address", "feeds")])
        {
            var record = Assert.Single(await snapshot.ListRecordsAsync(kind, owner));
            Assert.DoesNotContain(SecretOf(address), System.Text.Encoding.UTF8.GetString(record.Document.Span), StringComparison.Ordinal);
            Assert.NotEqual(SecretOf(address), record.Id);
        }

        Assert.True(SecretOf(address).Length * 4 >= 128);
    }

    [Fact]
    public async Task R9_R12_Only_practitioners_have_a_feed_and_each_has_their_own()
    {
        using (var ruth = await SignedInAsync("ruth")) Assert.Contains("does not have access to this page", (await ruth.GetAsync(Page)).Text, StringComparison.Ordinal);
        using var maya = await SignedInAsync("maya");
        using var tom = await SignedInAsync("tom");
        var first = AddressIn(await maya.PostAsync($"{Page}?handler=On", ("Level", "Type")));
        Assert.Contains("Switch the feed on", (await tom.GetAsync(Page)).Text, StringComparison.Ordinal);
        Assert.NotEqual(first, AddressIn(await tom.PostAsync($"{Page}?handler=On", ("Level", "Type"))));
    }

    [Fact]
    public async Task R12_The_feed_is_free_a_lapsed_subscription_does_not_close_it()
    {
        using var browser = await SignedInAsync("maya");
        var address = AddressIn(await browser.PostAsync($"{Page}?handler=On", ("Level", "Type")));
        Assert.True((await Server.Store.ApplyAsync(StoreBatch.Of(new HxAccess(HxState.Lapsed).Put(Maya.Id)), TestContext.Current.CancellationToken)).Succeeded);
        await BookAsync();
        using var app = Server.Anonymous();
        Assert.Contains("SUMMARY:Massage", (await app.GetAsync(address)).Text, StringComparison.Ordinal);
    }

    private async Task BookAsync() => await new Diary(Server.Store, Server.Clock, Maya.Id, new AuditActor("reception", ActorVia.Web, null, "session")).BookAsync(
        new Booking([new Patient("P-1", "Wilhelmina", "Quartz")], "Massage", new LocalDateTime(2026, 6, 1, 9, 0), Duration.FromMinutes(30)));

    private static async Task AssertGoneAsync(DavClient app, string address)
    {
        var answer = await app.GetAsync(address);
        Assert.Equal(410, answer.Status);
        Assert.Contains("has been replaced or switched off", answer.Text, StringComparison.Ordinal);
    }

    private static string AddressIn(PageAnswer page)
    {
        var found = System.Text.RegularExpressions.Regex.Match(page.Text, "value=\"(http[^\"]+\\.ics)\"");
        Assert.True(found.Success, page.Text);
        return found.Groups[1].Value;
    }

    private static string SecretOf(string address) => address.Split('/')[^1].Replace(".ics", "", StringComparison.Ordinal);
}
