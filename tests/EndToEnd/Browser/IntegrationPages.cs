using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>What a practitioner does under Settings > Integrations, by the words on the pages.</summary>
internal sealed class IntegrationPages(Visitor visitor, Uri server)
{
    private IPage Page => visitor.Page;

    private ILocator Add => Page.GetByRole(AriaRole.Link, new() { NameRegex = new("Add (Calendar Synchronisation|another device)") });

    /// <summary>Goes there as a person does: Settings, then Integrations.</summary>
    public async Task GoAsync()
    {
        await Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" }).GetByRole(AriaRole.Link, new() { Name = "Settings" }).ClickAsync();
        await Page.GetByRole(AriaRole.Navigation, new() { Name = "Settings" }).GetByRole(AriaRole.Link, new() { Name = "Integrations" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Name = "Calendar Integration" })).ToBeVisibleAsync();
    }

    /// <summary>Opens "Buy Calendar Synchronisation", where the balance and the cost are shown.</summary>
    public async Task OpenPurchaseAsync()
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = "Buy Calendar Synchronisation" }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Purchase" })).ToBeVisibleAsync();
    }

    public async Task PurchaseAsync()
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Purchase" }).ClickAsync();
        await Expect(Page.Locator(".notice[role=status]")).ToContainTextAsync("Calendar Synchronisation");
    }

    /// <summary>Goes to the choice of what to add, and buys what is needed for it where that has not been done.</summary>
    public async Task GoToAddAsync()
    {
        await GoAsync();
        if (await Add.CountAsync() == 0)
        {
            await OpenPurchaseAsync();
            await PurchaseAsync();
        }

        await Add.ClickAsync();
    }

    /// <summary>"Add Calendar Synchronisation", another calendar app, and the questions; ends on the page that shows what to enter.</summary>
    public async Task AddAppAsync(string label, bool existing = false)
    {
        await Add.ClickAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Another calendar app" }).ClickAsync();
        await Page.GetByLabel("What do you call this device?").FillAsync(label);
        if (existing) await Page.GetByLabel("Include existing appointments").CheckAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Expect(Page.Locator("#password")).ToBeVisibleAsync();
    }

    /// <summary>Types what the page shows into a calendar app.</summary>
    public async Task<Device> ConnectAsync()
    {
        var (login, password) = (await Page.Locator("#login").TextContentAsync(), await Page.Locator("#password").TextContentAsync());
        var url = new Uri((await Page.Locator("#url").TextContentAsync())!);
        Xunit.Assert.Equal(server.Authority, url.Authority);
        return new Device(url, login!, password!);
    }
}
