using System.Net;
using CalDavServer.Tests.Hosting;
using EndToEnd.Browser;
using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Rules;

/// <summary>R12: a secret address that an app reads without a password, and that can be replaced.</summary>
public sealed class FeedTests(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    [Fact]
    public async Task R12_The_feed_is_shown_and_read_and_its_old_address_stops_working_when_there_is_a_new_one()
    {
        // Tom has bought nothing: it is free
        var visitor = await SignInAsync(server.Url, DemoAccount.Practitioners(server.Process.Output)[1]);
        var calendar = new CalendarPages(visitor);
        await calendar.AddPersonalAsync("Bank", CalendarPages.FreeDay.At(new LocalTime(9, 0)));
        await visitor.OpenAsync("/settings/integrations/feed");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Switch the feed on" }).ClickAsync();
        var address = visitor.Page.GetByLabel("Address of your feed");
        await Expect(address).ToBeVisibleAsync();
        await visitor.LookAsync("feed-on");
        var old = new Uri(await address.InputValueAsync());
        using var app = new HttpClient();
        var text = await app.GetStringAsync(old, TestContext.Current.CancellationToken);
        Assert.StartsWith("BEGIN:VCALENDAR", text, StringComparison.Ordinal);
        Assert.Contains("SUMMARY:Bank", text, StringComparison.Ordinal);

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Make a new address" }).ClickAsync();
        await Expect(address).Not.ToHaveValueAsync(old.ToString());
        using var gone = await app.GetAsync(old, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Gone, gone.StatusCode);
        Assert.Contains("SUMMARY:Bank", await app.GetStringAsync(new Uri(await address.InputValueAsync()), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task R12_The_address_is_copied_by_a_button()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        await visitor.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await visitor.OpenAsync("/settings/integrations/feed");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Switch the feed on" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Copy the address" }).ClickAsync();
        await Expect(visitor.Page.Locator("[data-copied]")).ToHaveTextAsync("Copied");
        var address = await visitor.Page.GetByLabel("Address of your feed").InputValueAsync();
        Assert.Equal(address, await visitor.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()"));
        using var app = new HttpClient();
        Assert.StartsWith("BEGIN:VCALENDAR", await app.GetStringAsync(new Uri(address), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task R12_The_address_is_sent_by_e_mail_and_an_app_reads_what_the_email_says()
    {
        await using var mail = new MailStandIn();
        var sending = await ServeAsync(ClockedServer.StartAsync(mail.Settings));
        var visitor = await SignInAsync(sending.Url, sending.Maya);
        await visitor.OpenAsync("/settings/integrations/feed");
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Switch the feed on" }).ClickAsync();
        var address = await visitor.Page.GetByLabel("Address of your feed").InputValueAsync();
        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "E-mail it to me" }).ClickAsync();
        await Expect(visitor.Page.Locator(".notice[role=status]")).ToContainTextAsync("on its way to maya@riverbend.example");
        // two connections deliver e-mails: either may be first
        ReceivedEmail[] emails = [await mail.NextAsync(), await mail.NextAsync()];
        Assert.Single(emails, one => one.Subject == "A calendar feed was switched on");
        var email = Assert.Single(emails, one => one.Subject == "Your calendar feed");
        Assert.Equal("maya@riverbend.example", email.To);
        Assert.Equal(address, email.Link.ToString());
        using var app = new HttpClient();
        Assert.StartsWith("BEGIN:VCALENDAR", await app.GetStringAsync(email.Link, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
