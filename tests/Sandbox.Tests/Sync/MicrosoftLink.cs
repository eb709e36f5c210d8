using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Graph;
using NodaTime.Text;
using Practice;
using ProviderBridge.Microsoft;
using ProviderBridge.Sync;
using Sandbox.Tests.Contract;

namespace Sandbox.Tests.Sync;

/// <summary>A link to Microsoft.</summary>
internal sealed class MicrosoftLink : OutsideLink
{
    private const string Email = "sam@outlook.com";
    private const string Scopes = "openid offline_access Calendars.ReadWrite";
    private GraphServiceClient _client = null!;
    private string _refresh = "";
    private string _calendar = "";

    private MicrosoftLink(Scene scene, PrivacyLevel level, Prism? through)
        : base(scene, level, through)
    {
    }

    public override string Account => "microsoft:" + Email;

    public override string CalendarId => _calendar;

    public override IOutsideCalendar Calendar => new MicrosoftCalendar(_client, CalendarId, Key, Melbourne, Owners, Clock, Pipeline) { PageSize = PageSize, MostParts = MostParts };

    public int MostParts { get; init; } = 400;

    public override bool OccurrencesMayPass => false;

    public override bool HasOrphans => false;

    // the lost token, the window, the whole, and each series: what Graph lists of it does not tell its version
    public override int RequestsForAll => 5;

    public override int RequestsForPages => 6;

    public static async Task<OutsideLink> StartAsync(PrivacyLevel level = PrivacyLevel.Initials, int calls = 1_000_000, int parts = 400, Prism? through = null, Func<Guid>? newId = null) =>
        await new MicrosoftLink(await Scene.StartAsync(options => options with { GraphCalls = calls, Port = through?.Upstream ?? 0 }), level, through) { MostParts = parts, NewId = newId ?? Guid.NewGuid }.BeginAsync("microsoft");

    /// <summary>A link beside another.</summary>
    public static async Task<OutsideLink> JoinAsync(OutsideLink first) => await new MicrosoftLink(first.Scene, first.Level, null) { LinkId = "l2" }.JoinAsync(first, "microsoft");

    // how it begins tells whether it is one that stays
    public override string KeyOf(string id) => id[4..];

    public override string Operation(string name) => name switch
    {
        "all" => "graph.events.list",
        "insert" => "graph.events.create",
        "list" => "graph.calendarView.delta",
        _ => $"graph.events.{name}",
    };

    public override JsonObject MarkedPrivate => new() { ["sensitivity"] = "private" };

    public override JsonNode Weekly(string start, int count) => JsonValue.Create(new JsonObject
    {
        ["pattern"] = new JsonObject { ["type"] = "weekly", ["interval"] = 1, ["daysOfWeek"] = new JsonArray(LocalDatePattern.Iso.Parse(start[..10]).Value.DayOfWeek.ToString().ToLowerInvariant()), ["firstDayOfWeek"] = "monday" },
        ["range"] = new JsonObject { ["type"] = "numbered", ["startDate"] = start[..10], ["numberOfOccurrences"] = count },
    }.ToJsonString());

    public override JsonObject Saying(string? title = null, string? description = null, string? place = null, string? start = null, string? end = null)
    {
        var changes = start is null ? [] : GraphUser.Timed(start, end!);
        changes.Remove("subject");
        if (title is not null) changes["subject"] = title;
        if (description is not null) changes["body"] = new JsonObject { ["contentType"] = "html", ["content"] = description };
        if (place is not null) changes["location"] = new JsonObject { ["displayName"] = place };
        return changes;
    }

    public override async Task<string> WordsAsync() => string.Join('\n', (await new GraphUser(Scene, Email, Wire.Token).ValuesAsync($"me/calendars/{_calendar}/events?$top=100")).Select(one => (string?)one["body"]!["content"]));

    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await base.DisposeAsync();
    }

    protected override async Task ConnectAsync()
    {
        var tokens = await Scene.MicrosoftAsync(Email, Scopes);
        (Wire.Token, _refresh) = ((string)tokens["access_token"]!, (string)tokens["refresh_token"]!);
        _calendar = (await new GraphUser(Scene, Email, Wire.Token).WithCalendarAsync()).CalendarId;
        _client = GraphClient.Over(Wire.Open(), new Uri(Scene.Address + "/v1.0"));
    }

    protected override async Task RenewAsync()
    {
        var answer = await Scene.TokenAsync("/common/oauth2/v2.0/token", ("grant_type", "refresh_token"), ("refresh_token", _refresh));
        (Wire.Token, _refresh) = ((string)answer.Json!["access_token"]!, (string)answer.Json["refresh_token"]!);
    }
}
