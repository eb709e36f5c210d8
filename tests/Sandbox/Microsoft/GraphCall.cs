using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;
using Sandbox.Faults;
using Sandbox.State;

namespace Sandbox.Microsoft;

/// <summary>One call of one operation: who calls, with which preferences, and on what.</summary>
public sealed partial class GraphCall(
    HttpContext http, GraphMethod method, JsonObject? body, Grant grant, Store store, VirtualClock clock, GraphPush push, Struck struck)
{
    public GraphMethod Method => method;
    public Grant Grant => grant;
    public Store Store => store;
    public VirtualClock Clock => clock;
    public GraphPush Push => push;
    public Struck Struck => struck;
    public JsonObject Body => body!;
    public Account Account => store.Accounts.FindById(grant.Account);
    public string Address => $"{http.Request.Scheme}://{http.Request.Host}{http.Request.Path}";
    private string Prefer => string.Join(',', http.Request.Headers["Prefer"].OfType<string>());

    /// <summary>§B2: with Prefer: IdType="ImmutableId" ids survive a move inside the mailbox.</summary>
    public bool Immutable => ImmutableId().IsMatch(Prefer);

    /// <summary>§B7: times are shown in the zone of Prefer: outlook.timezone, else in UTC.</summary>
    public string ShownZone => TimeZonePreference().Match(Prefer) is { Success: true } zone ? zone.Groups[1].Value : "UTC";

    public bool PlainText => Prefer.Contains("outlook.body-content-type=\"text\"", StringComparison.OrdinalIgnoreCase);

    public int PageSize(int missing) => MaxPageSize().Match(Prefer) is { Success: true } size ? int.Parse(size.Groups[1].Value, CultureInfo.InvariantCulture) : missing;

    public void CheckOptions()
    {
        var allowed = method.Options ?? [];
        foreach (var name in http.Request.Query.Keys)
            if (!allowed.Contains(name)) throw GraphRefusal.BadRequest($"The query parameter '{name}' is not supported.");
        _ = GraphTime.Zone(ShownZone);
    }

    public string? Option(string name) => http.Request.Query[name] is { Count: > 0 } values ? values[0] : null;

    public string? Route(string name) => http.Request.RouteValues.TryGetValue(name, out var value) ? (string?)value : null;

    public Instant Time(string name)
    {
        var text = Option(name) ?? throw GraphRefusal.BadRequest($"This request requires the query parameter '{name}'.");
        var local = LocalDateTimePattern.ExtendedIso.Parse(text);
        if (local.Success) return local.Value.InUtc().ToInstant();
        var offset = OffsetDateTimePattern.ExtendedIso.Parse(text);
        return offset.Success ? offset.Value.ToInstant() : throw GraphRefusal.BadRequest($"The value '{text}' of '{name}' is not a date and time.");
    }

    public CalendarRow Calendar()
    {
        var id = Route("calendarId") ?? GraphCalendarOf(store, grant.Account).Id;
        return store.Calendars.FindById(id) is { Deleted: false } row && row.Account == grant.Account ? row : throw GraphRefusal.NotFound();
    }

    private static CalendarRow GraphCalendarOf(Store store, string account) => store.Calendars.Find(x => x.Account == account && !x.Deleted).First(x => x.MadeBy is null);

    public Mailbox Mailbox() => new(store, clock, push, Account);

    /// <summary>The addressed event; under a calendar's path it must be in that calendar.</summary>
    public Mailbox.Entry Event()
    {
        var found = Mailbox().Find(Route("eventId")!) ?? throw GraphRefusal.NotFound();
        return Route("calendarId") is null || found.Calendar == Calendar().Id ? found : throw GraphRefusal.NotFound();
    }

    public void CheckMatch(JsonObject item)
    {
        var wanted = http.Request.Headers["If-Match"] is { Count: > 0 } values ? values[0] : null;
        if (wanted is not null && wanted != "*" && wanted != Mailbox().ETag(item)) throw GraphRefusal.Conflict();
    }

    /// <summary>A 412 race: the person changes the addressed event just before the call is done.</summary>
    public void Race()
    {
        if (Route("eventId") is null) return;
        // a person is not as fast as the clock, which may stand still
        clock.Advance(Duration.FromSeconds(1));
        Mailbox().Update(Event(), new JsonObject { ["location"] = new JsonObject { ["displayName"] = "changed at the same moment" } });
    }

    [GeneratedRegex("IdType=\"ImmutableId\"", RegexOptions.IgnoreCase)]
    private static partial Regex ImmutableId();

    [GeneratedRegex("outlook\\.timezone=\"([^\"]*)\"", RegexOptions.IgnoreCase)]
    private static partial Regex TimeZonePreference();

    [GeneratedRegex("odata\\.maxpagesize=(\\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex MaxPageSize();
}
