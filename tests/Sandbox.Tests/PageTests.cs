using System.Net;

namespace Sandbox.Tests;

/// <summary>The sandbox's own page: each side's calendars, and what a person can do, by its forms.</summary>
public class PageTests
{
    [Fact]
    public async Task A_person_sees_both_accounts_and_acts_by_the_forms()
    {
        await using var scene = await Scene.StartAsync();
        Assert.Contains("New account", await scene.Http.GetStringAsync("/"), StringComparison.Ordinal);
        await PostAsync(scene, "/user/accounts", ("vendor", "google"), ("email", "sam@gmail.com"), ("timeZone", "Europe/Berlin"));
        await PostAsync(scene, "/user/accounts", ("vendor", "microsoft"), ("email", "sam@outlook.com"), ("timeZone", "Europe/Berlin"));
        foreach (var name in (string[])["google", "microsoft"])
        {
            var page = await scene.Http.GetStringAsync("/");
            await PostAsync(scene, Action(page, name, "/create"), ("title", $"<b>{name}</b>"), ("start", "2026-01-12T09:00"), ("end", "2026-01-12T10:00"), ("rule", ""));
        }
        var shown = await scene.Http.GetStringAsync("/");
        Assert.Equal(2, shown.Split("2026-01-12 09:00 – 2026-01-12 10:00").Length - 1);
        Assert.Contains("&lt;b&gt;google&lt;/b&gt;", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>google</b>", shown, StringComparison.Ordinal);
        foreach (var name in (string[])["google", "microsoft"])
        {
            var (action, id) = Act(shown, name, "/edit");
            await PostAsync(scene, action, ("event", id), ("title", "Renamed at " + name));
        }
        shown = await scene.Http.GetStringAsync("/");
        Assert.Contains("Renamed at google", shown, StringComparison.Ordinal);
        var (delete, gone) = Act(shown, "microsoft", "/delete");
        await PostAsync(scene, delete, ("event", gone));
        Assert.DoesNotContain("Renamed at microsoft", await scene.Http.GetStringAsync("/"), StringComparison.Ordinal);
        await PostAsync(scene, "/user/clock", ("advance", "PT1H"));
        Assert.Contains("2026-01-05 13:00 UTC", await scene.Http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/user/accounts", "{}")]
    [InlineData("/user/accounts", "not JSON")]
    [InlineData("/user/accounts", """{"vendor":"yahoo","email":"x@y.z"}""")]
    [InlineData("/user/clock", "not JSON")]
    [InlineData("/user/clock", """{"now":"yesterday"}""")]
    [InlineData("/user/clock", """{"advance":"P1M"}""")]
    [InlineData("/user/faults", "not JSON")]
    [InlineData("/user/nobody/revoke", "{}")]
    [InlineData("/user/nobody/calendars/x/create", "{}")]
    public async Task What_cannot_be_done_is_said_with_400(string path, string body)
    {
        await using var scene = await Scene.StartAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await scene.Http.PostAsync(path, content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("error", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_said_of_a_look_too()
    {
        await using var scene = await Scene.StartAsync();
        foreach (var path in (string[])["/user/nobody/calendars", "/user/nobody/calendars/x/events"])
        {
            using var answer = await scene.Http.GetAsync(path);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    private static string Action(string page, string vendor, string verb) =>
        WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(page, $"action=\"(/user/{vendor}%3A[^\"]*{verb})\"").Groups[1].Value);

    private static (string Action, string Event) Act(string page, string vendor, string verb)
    {
        var form = System.Text.RegularExpressions.Regex.Match(page, $"action=\"(/user/{vendor}%3A[^\"]*{verb})\"><input name=\"event\" type=\"hidden\" value=\"([^\"]*)\"");
        return (WebUtility.HtmlDecode(form.Groups[1].Value), WebUtility.HtmlDecode(form.Groups[2].Value));
    }

    private static async Task PostAsync(Scene scene, string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(x => KeyValuePair.Create(x.Name, x.Value)));
        using var answer = await scene.Http.PostAsync(path, form);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }
}
