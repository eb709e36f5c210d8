using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using NodaTime;
using NodaTime.Text;
using ProviderBridge.CalDav;
using Sandbox.CalDav;
using Sandbox.Tests.CalDav;

namespace CalDavServer.Tests.Web;

/// <summary>A CalDAV server that others wrote, behind a front that does as iCloud does, and a person who has accounts there.</summary>
internal sealed partial class CalDavSide : OutsideSide
{
    private static readonly LocalDateTimePattern Minutes = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm");
    private readonly string _domain = $"{Guid.NewGuid():N}.example";
    private readonly Uri _upstream;
    private int _made;

    private CalDavSide(CalDavFront front, FrontOptions options, Uri upstream, string provider) => (Front, Options, _upstream, Provider) = (front, options, upstream, provider);

    public CalDavFront Front { get; }

    public FrontOptions Options { get; }

    public string Provider { get; }

    public override string Name => Provider == "icloud" ? "iCloud" : "your calendar server";

    public override string Email => $"sam@{_domain}";

    /// <summary>The page on which an account is connected.</summary>
    public string Start => $"/settings/integrations/{Provider}";

    public static async Task<CalDavSide> StartAsync(string provider)
    {
        var upstream = await CalDavProgram.FindAsync("radicale");
        var options = new FrontOptions { Upstream = upstream };
        return new CalDavSide(await CalDavFront.StartAsync(options), options, upstream, provider);
    }

    public override ServerOptions Register(ServerOptions options) => options with
    {
        CalDav = new CalDavReach { ICloud = new Uri(Front.Address), Internal = ["127.0.0.1"], Doubt = Duration.Zero, DoubtAtICloud = Duration.Zero },
    };

    public override async Task<PageAnswer> ConnectAsync(PageClient browser, string? email = null, string? again = null) => await TypeAsync(browser, Front.Address, email ?? Email, Options.AppPassword, again);

    /// <summary>Types what is asked for.</summary>
    public async Task<PageAnswer> TypeAsync(PageClient browser, string address, string login, string password, string? again = null)
    {
        var page = again is null ? await browser.GetAsync(Start) : await browser.PostAsync(Start + "/connect", await browser.GetAsync($"/settings/sync/links/{again}"), ("account", again));
        List<(string, string)> fields = [("login", login), ("password", password)];
        if (Provider == "caldav") fields.Add(("address", address));
        if (again is not null) fields.Add(("account", again));
        return await browser.PostAsync(Start + "/connect", page, [.. fields]);
    }

    public override async Task<IReadOnlyList<(string Id, string Name)>> CalendarsAsync(string? email = null)
    {
        var login = email ?? Email;
        using var user = new CalDavUser(_upstream, login);
        var answer = await user.SendAsync("PROPFIND", $"/{login}/", "<propfind xmlns='DAV:'><prop><displayname/></prop></propfind>", ("Depth", "1"));
        return [.. MadeHere().Matches(answer).Select(found => (Uri.UnescapeDataString(found.Groups[1].Value), found.Groups[2].Value))];
    }

    public override async Task<IReadOnlyList<(string Id, string Title, string Start)>> SeenAsync(string? email = null)
    {
        using var user = await UserAsync(email);
        return [.. (await user.ListAsync()).Select(one => (one.Path, Title().Match(one.Text).Groups[1].Value, Begin().Match(one.Text) is var start ? $"{start.Groups[1]}-{start.Groups[2]}-{start.Groups[3]} {start.Groups[4]}:{start.Groups[5]}" : ""))];
    }

    public override async Task InCalendarAsync(string verb, JsonObject? body = null, string? email = null)
    {
        using var user = await UserAsync(email);
        LocalDateTime Time(string name) => Minutes.Parse((string)body![name]!).Value;
        Duration Length() => Time("end").InUtc().ToInstant() - Time("start").InUtc().ToInstant();
        switch (verb)
        {
            case "create":
                await user.PutNewAsync($"own-{++_made}", $"SUMMARY:{body!["title"]}\r\nDTSTART:{Time("start"):uuuuMMdd'T'HHmmss}\r\nDTEND:{Time("end"):uuuuMMdd'T'HHmmss}\r\n");
                break;
            case "move":
                await user.MoveAsync((string)body!["event"]!, Time("start"), Length());
                break;
            case "delete":
                await user.DeleteAsync((string)body!["event"]!);
                break;
            default:
                await user.DeleteAsync(user.Calendar);
                break;
        }
    }

    /// <summary>Makes a calendar as the person, without this server.</summary>
    public async Task<string> MakeCalendarAsync(string name)
    {
        using var user = new CalDavUser(_upstream, Email);
        var path = $"/{Email}/own-{++_made}/";
        await user.SendAsync("MKCALENDAR", path, $"<C:mkcalendar xmlns:C='urn:ietf:params:xml:ns:caldav' xmlns='DAV:'><set><prop><displayname>{name}</displayname></prop></set></C:mkcalendar>");
        return path;
    }

    public override Task TakeBackAsync()
    {
        Options.AppPassword = "zyxw-vuts-rqpo-nmlk";
        return Task.CompletedTask;
    }

    public override Task StallAsync()
    {
        Front.Script(new FrontFault("*", "status") { Status = 503, RetryAfter = 600 });
        return Task.CompletedTask;
    }

    public override Task SilenceAsync()
    {
        Front.Script(new FrontFault("*", "reset-before") { Times = 100_000 });
        return Task.CompletedTask;
    }

    public override Task AnswerAsync()
    {
        Front.ClearScript();
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => Front.DisposeAsync();

    private async Task<CalDavUser> UserAsync(string? email)
    {
        var made = await CalendarsAsync(email);
        return new CalDavUser(_upstream, email ?? Email) { Calendar = Xunit.Assert.Single(made).Id, Now = SystemClock.Instance.GetCurrentInstant() };
    }

    [GeneratedRegex(@"<href>([^<]*/hx-[^<]*)</href><propstat><prop><displayname>([^<]*)<")]
    private static partial Regex MadeHere();

    [GeneratedRegex(@"\nSUMMARY:([^\r\n]*)")]
    private static partial Regex Title();

    [GeneratedRegex(@"BEGIN:VEVENT[\s\S]*?\nDTSTART[^:\r\n]*:(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)")]
    private static partial Regex Begin();
}
