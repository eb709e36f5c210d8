using CalDavServer.Hosting;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Practice.Audit;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>The address of a one-way feed is sent to its practitioner by e-mail (R12).</summary>
public sealed class FeedEmailTests : PageTest
{
    private const string Page = "/settings/integrations/feed";

    private readonly MailStandIn _mail = new();

    private protected override ServerOptions? Hosting => new() { Mail = _mail.Settings, PublicAddress = new Uri("http://calendar.riverbend.example/") };

    [Fact]
    public async Task R12_The_address_is_sent_to_the_practitioner_and_works()
    {
        using var browser = await SignedInAsync("maya");
        var off = await browser.ForgeAsync($"{Page}?handler=Send");
        Assert.Contains("could not be sent", off.Text, StringComparison.Ordinal);
        await browser.PostAsync($"{Page}?handler=On", ("Level", "Type"));
        var sent = await browser.PostAsync($"{Page}?handler=Send");
        Assert.Contains("on its way to maya@riverbend.example", sent.Text, StringComparison.Ordinal);

        // the other one says that the feed was switched on, without the address
        var emails = new[] { await _mail.NextAsync(), await _mail.NextAsync() };
        var email = Assert.Single(emails, email => email.Text.Contains(".ics", StringComparison.Ordinal));
        Assert.Equal("maya@riverbend.example", email.To);
        var address = email.Text.Split('\n').Select(line => line.Trim()).Single(line => line.EndsWith(".ics", StringComparison.Ordinal));
        Assert.StartsWith("http://calendar.riverbend.example/feeds/", address, StringComparison.Ordinal);
        Assert.Contains($"value=\"{address}\"", sent.Text, StringComparison.Ordinal);
        using var app = Server.Anonymous();
        Assert.Equal(200, (await app.GetAsync(new Uri(address).AbsolutePath)).Status);

        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var lines = await AuditLine.ListLastAsync(snapshot, PracticeAudit.Log, Practice.Id, long.MaxValue, 1, Maya.Id);
        Assert.Equal(AuditAction.FeedSent, lines[0].Entry!.Action);
    }
}
