using System.Text.Json.Nodes;
using Google.Apis.Calendar.v3;
using Google.Apis.Http;
using Google.Apis.Services;
using Practice;
using ProviderBridge.Google;
using ProviderBridge.Sync;
using Sandbox.Tests.Contract;

namespace Sandbox.Tests.Sync;

/// <summary>A link to Google.</summary>
internal sealed class GoogleLink : OutsideLink
{
    private const string Email = "sam@gmail.com";
    private CalendarService _service = null!;
    private GoogleUser _user = null!;
    private string _refresh = "";

    private GoogleLink(Scene scene, PrivacyLevel level, Prism? through)
        : base(scene, level, through)
    {
    }

    public override string Account => _user.Account;

    public override string CalendarId => _user.CalendarId;

    public override IOutsideCalendar Calendar => new GoogleCalendar(_service, CalendarId, Key, Melbourne, Owners, Pipeline) { PageSize = PageSize };

    // the token, and the whole: what is as it was is not asked for one by one
    public override int RequestsForAll => 2;

    public override int RequestsForPages => 4;

    public static async Task<OutsideLink> StartAsync(PrivacyLevel level = PrivacyLevel.Initials, int units = 1_000_000, Prism? through = null, Func<Guid>? newId = null) =>
        await new GoogleLink(await Scene.StartAsync(options => options with { GoogleUserUnits = units, GoogleProjectUnits = 1_000_000, Port = through?.Upstream ?? 0 }), level, through) { NewId = newId ?? Guid.NewGuid }.BeginAsync("google");

    /// <summary>A link of a practitioner who has others.</summary>
    public static async Task<OutsideLink> StartAsync(Scene scene, Func<Guid> newId) => await new GoogleLink(scene, PrivacyLevel.Initials, null) { NewId = newId }.BeginAsync("google");

    public override string Operation(string name) => $"calendar.events.{(name == "all" ? "list" : name)}";

    public override JsonObject MarkedPrivate => new() { ["visibility"] = "private" };

    public override JsonNode Weekly(string start, int count) => JsonValue.Create($"FREQ=WEEKLY;COUNT={count}");

    public override JsonObject Saying(string? title = null, string? description = null, string? place = null, string? start = null, string? end = null)
    {
        var changes = start is null ? [] : GoogleUser.Timed(start, end!);
        if (title is not null) changes["summary"] = title;
        if (description is not null) changes["description"] = description;
        if (place is not null) changes["location"] = place;
        return changes;
    }

    public override async Task<string> WordsAsync() => string.Join('\n', (await _user.ItemsAsync()).Select(one => (string?)one["description"]));

    public override async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await base.DisposeAsync();
    }

    protected override async Task ConnectAsync()
    {
        var tokens = await Scene.SignInAsync(Email);
        (Wire.Token, _refresh) = ((string)tokens["access_token"]!, (string)tokens["refresh_token"]!);
        _user = await new GoogleUser(Scene, Email, Wire.Token).WithCalendarAsync();
        _service = new CalendarService(new BaseClientService.Initializer
        {
            BaseUri = Scene.Address + "/calendar/v3/",
            ApplicationName = "test",
            HttpClientFactory = Wire,
            HttpClientInitializer = Wire,
            GZipEnabled = false,
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None,
        });
    }

    protected override async Task RenewAsync()
    {
        var answer = await Scene.TokenAsync("/token", ("grant_type", "refresh_token"), ("refresh_token", _refresh));
        Wire.Token = (string)answer.Json!["access_token"]!;
    }
}
