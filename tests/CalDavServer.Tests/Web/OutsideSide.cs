using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;

namespace CalDavServer.Tests.Web;

/// <summary>The other side of a link: a service, and the person who has an account there.</summary>
internal abstract class OutsideSide : IAsyncDisposable
{
    /// <summary>What pages call whoever runs the service.</summary>
    public abstract string Name { get; }

    /// <summary>The person's address there.</summary>
    public abstract string Email { get; }

    /// <summary>The server, set up for the service.</summary>
    public abstract ServerOptions Register(ServerOptions options);

    /// <summary>Connects an account through the pages; where they lead then: to the choices of a new link, or to the link there is.</summary>
    /// <param name="browser">Who.</param>
    /// <param name="email">Which account; the person's own when it is not said.</param>
    /// <param name="again">The id of the account that is connected again; null for any.</param>
    public abstract Task<PageAnswer> ConnectAsync(PageClient browser, string? email = null, string? again = null);

    /// <summary>The calendars that this server has made there, by id with their names.</summary>
    public abstract Task<IReadOnlyList<(string Id, string Name)>> CalendarsAsync(string? email = null);

    /// <summary>What the person sees in the one calendar that this server has made.</summary>
    public abstract Task<IReadOnlyList<(string Id, string Title, string Start)>> SeenAsync(string? email = null);

    /// <summary>Does something in that calendar by hand: create, move, delete, delete-calendar.</summary>
    public abstract Task InCalendarAsync(string verb, JsonObject? body = null, string? email = null);

    /// <summary>The person takes the access back.</summary>
    public abstract Task TakeBackAsync();

    /// <summary>The service has the next request wait, as it has had too many.</summary>
    public abstract Task StallAsync();

    /// <summary>The service answers nothing until <see cref="AnswerAsync"/>.</summary>
    public abstract Task SilenceAsync();

    public abstract Task AnswerAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>Google or Microsoft, where one signs in on the service's own page.</summary>
internal sealed partial class VendorSide(VendorStandIn standIn) : OutsideSide
{
    public VendorStandIn StandIn => standIn;

    public override string Name => standIn.Vendor == "google" ? "Google" : "Microsoft";

    public override string Email => standIn.Email;

    /// <summary>The page on which an account is connected.</summary>
    public string Start => $"/settings/integrations/{standIn.Vendor}";

    public static async Task<OutsideSide> StartAsync(string vendor) => new VendorSide(await VendorStandIn.StartAsync(vendor));

    public override ServerOptions Register(ServerOptions options) => standIn.Vendor == "google" ? options with { Google = standIn.Google } : options with { Microsoft = standIn.Microsoft };

    public override async Task<PageAnswer> ConnectAsync(PageClient browser, string? email = null, string? again = null) =>
        await BackAsync(browser, await standIn.AllowAsync(await OnwardAsync(browser, again), email));

    /// <summary>Presses Connect; the address at the service to which the browser goes then.</summary>
    public async Task<string> OnwardAsync(PageClient browser, string? again = null)
    {
        var page = again is null
            ? await browser.PostAsync(Start + "/connect", await browser.GetAsync(Start))
            : await browser.PostAsync(Start + "/connect", await browser.GetAsync($"/settings/sync/links/{again}"), ("account", again));
        return WebUtility.HtmlDecode(Onward().Match(page.Text).Groups[1].Value) is { Length: > 0 } address ? address : throw new InvalidOperationException(page.Text);
    }

    public static Task<PageAnswer> BackAsync(PageClient browser, Uri back) => browser.GetAsync(back.PathAndQuery);

    public override Task<IReadOnlyList<(string Id, string Name)>> CalendarsAsync(string? email = null) => standIn.CalendarsAsync(email);

    public override Task<IReadOnlyList<(string Id, string Title, string Start)>> SeenAsync(string? email = null) => standIn.SeenAsync(email);

    public override Task InCalendarAsync(string verb, JsonObject? body = null, string? email = null) => standIn.InCalendarAsync(verb, body, email);

    public override Task TakeBackAsync() => standIn.DoAsync($"{standIn.Account()}/revoke");

    public override Task StallAsync() => standIn.DoAsync("faults", standIn.Vendor == "google"
        ? new() { ["method"] = "*", ["kind"] = "status", ["status"] = 403, ["reason"] = "quotaExceeded" }
        : new() { ["method"] = "*", ["kind"] = "status", ["status"] = 429, ["reason"] = "ApplicationThrottled", ["retryAfter"] = 600 });

    public override Task SilenceAsync() => standIn.DoAsync("faults", new() { ["method"] = "*", ["kind"] = "reset-before", ["times"] = 100_000 });

    public override Task AnswerAsync() => standIn.EndFaultsAsync();

    public override ValueTask DisposeAsync() => standIn.DisposeAsync();

    [GeneratedRegex("<a class=\"button primary\" href=\"([^\"]*)\">Continue to (Google|Microsoft)")]
    private static partial Regex Onward();
}
