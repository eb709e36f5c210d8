using CalDavServer.Tests.Access;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Feeds;
using Practice.People;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>Who changes or resets the password may take away whatever opens the calendar or the account without it.</summary>
public sealed class AccessListTests : PageTest
{
    private const string NewPassword = "another fine password";
    private readonly ManualClock _clock = new() { Now = Instant.FromUtc(2026, 3, 2, 1, 3) };

    private protected override IClock Clock => _clock;

    [Fact]
    public async Task A_changed_password_takes_away_what_is_ticked_and_leaves_the_rest()
    {
        var (old, fresh) = await OpenAsync();
        using var browser = await SignedInAsync("maya");
        using var stolen = await SignedInAsync("maya");
        var page = await browser.GetAsync("/settings/password");
        foreach (var name in new[] { "Old phone", "New phone", "Desk key", "One-way calendar feed" }) Assert.Contains(name, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("checked", page.Text, StringComparison.Ordinal);
        Assert.Contains("When you change it, your other browsers are signed out.", page.Text, StringComparison.Ordinal);
        var changed = await browser.PostAsync("/settings/password", ("current", Password), ("password", NewPassword), ("again", NewPassword), ("end", $"device {fresh}"), ("end", "feed"), ("end", "device of-nobody"));
        Assert.Contains("Your password is changed, and your other browsers are signed out. Access was taken away from: New phone, One-way calendar feed.", changed.Text, StringComparison.Ordinal);
        Assert.Equal([old], await DevicesAsync());
        Assert.Null(await FeedAsync());
        Assert.Single((await AccountAsync()).Passkeys!);
        Assert.StartsWith("/sign-in", (await stolen.GetAsync("/settings")).Path, StringComparison.Ordinal);
        Assert.Contains(AuditAction.AppPasswordRevoked, await AuditAsync());
        Assert.Contains(AuditAction.FeedStopped, await AuditAsync());
    }

    [Fact]
    public async Task What_was_ticked_stays_so_when_the_new_password_is_not_taken()
    {
        var (_, fresh) = await OpenAsync();
        using var browser = await SignedInAsync("maya");
        var refused = await browser.PostAsync("/settings/password", ("current", Password), ("password", "short"), ("again", "short"), ("end", $"device {fresh}"));
        Assert.Matches($"value=\"device {fresh}\" checked", refused.Text);
        Assert.Equal(2, (await DevicesAsync()).Count);
    }

    [Fact]
    public async Task A_reset_password_takes_away_what_is_new_unless_it_is_unticked_and_ends_every_session()
    {
        var (old, fresh) = await OpenAsync();
        using var stolen = await SignedInAsync("maya");
        using var browser = new PageClient(Server);
        var page = await browser.GetAsync(await LinkAsync());
        Assert.Matches($"value=\"device {fresh}\" checked", page.Text);
        Assert.Matches($"value=\"device {old}\">", page.Text);
        var set = await browser.PostAsync(page.Path, page, ("password", NewPassword), ("again", NewPassword), ("end", $"device {fresh}"), ("end", "passkey aWQ"));
        Assert.Contains("Access was taken away from: New phone, Desk key.", set.Text, StringComparison.Ordinal);
        Assert.Equal([old], await DevicesAsync());
        Assert.NotNull(await FeedAsync());
        Assert.Empty((await AccountAsync()).Passkeys!);
        Assert.StartsWith("/sign-in", (await stolen.GetAsync("/settings")).Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_address_that_a_thief_has_asked_for_does_not_count_after_the_password_was_changed_or_reset(bool reset)
    {
        var secret = await new NewAddresses(Server.Store, _clock).AskAsync(Maya.Id, "thief@evil.example");
        using var browser = await SignedInAsync("maya");
        if (reset) await browser.PostAsync(await LinkAsync(), ("password", NewPassword), ("again", NewPassword));
        else await browser.PostAsync("/settings/password", ("current", Password), ("password", NewPassword), ("again", NewPassword));
        using var thief = new PageClient(Server);
        Assert.Contains("no longer works", (await thief.GetAsync($"/address/{Maya.Id}/{secret}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_reads_a_mailbox_cannot_take_the_second_step_away_with_the_passkey_that_is_it()
    {
        await OpenAsync(new SecondFactor("", _clock.Now, 0, []));
        using var browser = new PageClient(Server);
        var page = await browser.GetAsync(await LinkAsync());
        Assert.DoesNotContain("passkey aWQ", page.Text, StringComparison.Ordinal);
        await browser.PostAsync(page.Path, page, ("password", NewPassword), ("again", NewPassword), ("end", "passkey aWQ"));
        var account = await AccountAsync();
        Assert.NotNull(account.SecondFactor);
        Assert.Single(account.Passkeys!);
    }

    // an old device, a new one, a passkey and a feed
    private async Task<(string Old, string Fresh)> OpenAsync(SecondFactor? factor = null)
    {
        var account = await AccountAsync() with { SecondFactor = factor, Passkeys = [new Passkey("aWQ", "a2V5", "Desk key", _clock.Now, 0)] };
        var (old, fresh) = (Device("Old phone", 60), Device("New phone", 2));
        await Server.Store.ApplyAsync(
            StoreBatch.Of(
                account.Put(Maya.Id),
                new PutCredential(old),
                new PutCredential(fresh),
                new PutRecord("feed", Maya.Id, "one-way", "{\"secretHash\":\"00\",\"protectedSecret\":\"\",\"level\":\"Type\",\"changed\":\"2026-01-01T00:00:00Z\"}"u8.ToArray())),
            TestContext.Current.CancellationToken);
        return (old.Id, fresh.Id);

        Credential Device(string label, int days) =>
            new($"{label[..3].ToLowerInvariant()}", Maya.Id, label, SecretKind.Sha256, Secret.HashOf(label), false, "Initials", _clock.Now - Duration.FromDays(days));
    }

    private async Task<string> LinkAsync()
    {
        var (link, secret) = OneTimeLink.Create(LinkPurpose.Reset, _clock.Now);
        await Server.Store.ApplyAsync(StoreBatch.Of(new OneTimeLinks([link]).Put(Maya.Id, 0)), TestContext.Current.CancellationToken);
        return $"/password/{Maya.Id}/{secret}";
    }

    private async Task<IReadOnlyList<string>> DevicesAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return [.. (await snapshot.ListCredentialsAsync(Maya.Id)).Select(device => device.Id)];
    }

    private async Task<Feed?> FeedAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await Feed.FindAsync(snapshot, Maya.Id))?.Feed;
    }

    private async Task<Account> AccountAsync()
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return (await Account.FindAsync(snapshot, Maya.Id))!.Value.Account;
    }
}
