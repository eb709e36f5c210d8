using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Sandbox.Faults;
using Sandbox.SignIn;
using Sandbox.State;

namespace Sandbox.Google;

/// <summary>One call of one method: who calls, with what, and on which calendar.</summary>
public sealed class GoogleCall(
    HttpContext http, GoogleMethod method, JsonObject? body, Grant grant, Store store, VirtualClock clock, GooglePush push, Struck struck)
{
    private static readonly HashSet<string> Common = ["alt", "key", "prettyPrint", "quotaUser"];

    public GoogleMethod Method => method;
    public Grant Grant => grant;
    public Store Store => store;
    public VirtualClock Clock => clock;
    public GooglePush Push => push;
    public Struck Struck => struck;
    public JsonObject Body => body!;
    public HttpRequest Request => http.Request;
    public string Origin => $"{http.Request.Scheme}://{http.Request.Host}";
    public Account Account => store.Accounts.FindById(grant.Account);
    private bool SeesAll => grant.Scopes.Contains(GoogleScopes.Calendar);

    /// <summary>§A1: which methods the scope calendar.app.created is accepted by.</summary>
    public void CheckScopes()
    {
        if (!SeesAll && !(method.AppCreated && grant.Scopes.Contains(GoogleScopes.AppCreated))) throw Refusal.Scope();
    }

    public void CheckParameters()
    {
        foreach (var name in http.Request.Query.Keys)
        {
            if (name == "fields") throw Refusal.NotImitated("partial answers (fields)");
            if (!method.Parameters.Contains(name) && !Common.Contains(name)) throw Refusal.Invalid($"Unknown parameter: {name}", name);
        }
        if (Text("timeZone") is { } zone && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null) throw Refusal.Invalid("Invalid value for: timeZone", "timeZone");
        if (Text("sendUpdates") is not (null or "all" or "externalOnly" or "none")) throw Refusal.Invalid("Invalid value for: sendUpdates", "sendUpdates");
    }

    public CalendarBook Calendar()
    {
        var id = Route("calendarId");
        var account = Account;
        var row = store.Calendars.FindById(id == "primary" ? account.Email : id);
        if (row is null || row.Deleted || row.Account != account.Id) throw Refusal.NotFound();
        // §A1: with calendar.app.created there are only the calendars that this app has made
        if (!SeesAll && row.MadeBy != grant.Client) throw Refusal.Forbidden();
        return new CalendarBook(store, clock, push, row, account, Origin);
    }

    /// <summary>A 412 race: the person changes the addressed event just before the call is done.</summary>
    public void Race()
    {
        if (http.Request.RouteValues["eventId"] is not string id) return;
        var calendar = Calendar();
        // a person is not as fast as the clock, which may stand still
        clock.Advance(Duration.FromSeconds(1));
        if (calendar.Resolve(id) is { } target) calendar.Write(target, new JsonObject { ["location"] = "changed at the same moment" }, replace: false);
    }

    public string Route(string name) => (string)http.Request.RouteValues[name]!;

    public string? Text(string name) => http.Request.Query[name] is { Count: > 0 } values ? values[0] : null;

    public IEnumerable<string> Texts(string name) => http.Request.Query[name].OfType<string>();

    public bool Flag(string name) => FlagOrNull(name) ?? false;

    public bool? FlagOrNull(string name) => Text(name) switch
    {
        null => null,
        "true" => true,
        "false" => false,
        _ => throw Refusal.Invalid($"Invalid value for: {name}", name),
    };

    public int Number(string name, int missing, int most)
    {
        if (Text(name) is not { } text) return missing;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1) throw Refusal.Invalid($"Invalid value for: {name}", name);
        return Math.Min(number, most);
    }

    /// <summary>A time in the query must have an offset (reference of events.list).</summary>
    public Instant? Time(string name)
    {
        if (Text(name) is not { } text) return null;
        var parsed = OffsetDateTimePattern.ExtendedIso.Parse(text);
        return parsed.Success ? parsed.Value.ToInstant() : throw Refusal.Invalid($"Invalid value for: {name}", name);
    }

    public string? Match(string header) => http.Request.Headers[header] is { Count: > 0 } values ? values[0] : null;
}
