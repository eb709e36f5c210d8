using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Browser;

/// <summary>How a person gets in, and what they see first.</summary>
public sealed class SignInPageTests(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    [Fact]
    public async Task The_page_to_sign_in_can_be_read_everywhere()
    {
        var visitor = await VisitAsync(server.Url);
        await visitor.OpenAsync("/");
        await visitor.LookAsync("sign-in");
    }

    [Fact]
    public async Task A_wrong_password_is_answered_in_words_and_the_login_is_still_there()
    {
        var visitor = await VisitAsync(server.Url);
        var page = await visitor.OpenAsync("/sign-in");
        await page.GetByLabel("Login").FillAsync(server.Maya.Login);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("not the password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Login")).ToHaveValueAsync(server.Maya.Login);
        await visitor.LookAsync("sign-in-refused");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_and_without_scripts_a_person_signs_in_sees_their_name_and_signs_out(bool scripts)
    {
        var visitor = await SignInAsync(server.Url, server.Maya, scripts);
        var page = await visitor.OpenAsync("/settings");
        await Expect(page.GetByRole(AriaRole.Main)).ToContainTextAsync(server.Maya.Name);
        if (scripts) await visitor.LookAsync("settings");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await visitor.OpenAsync("/settings");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
    }
}
