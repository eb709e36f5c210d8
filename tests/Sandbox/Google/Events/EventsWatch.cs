using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;
using Sandbox.State;

namespace Sandbox.Google.Events;

/// <summary>events.watch: opens a channel (§A4).</summary>
public static partial class EventsWatch
{
    private static readonly Duration Longest = Duration.FromDays(7);

    public static readonly GoogleMethod Method = new("calendar.events.watch", "POST", "calendars/{calendarId}/events/watch", Handle,
        ["alwaysIncludeEmail", "eventTypes", "iCalUID", "maxAttendees", "maxResults", "orderBy", "pageToken", "privateExtendedProperty", "q", "sharedExtendedProperty",
         "showDeleted", "showHiddenInvitations", "singleEvents", "syncToken", "timeMax", "timeMin", "timeZone", "updatedMin"], Shapes.Channel);

    private static Reply Handle(GoogleCall call)
    {
        var calendar = call.Calendar();
        var id = (string?)call.Body["id"] ?? throw Refusal.Required("Required");
        if (!ChannelId().IsMatch(id)) throw Refusal.Invalid("Channel id not specified or invalid.");
        if ((string?)call.Body["type"] is not ("web_hook" or "webhook")) throw Refusal.Invalid("Unknown channel type.");
        if (((string?)call.Body["token"])?.Length > 256) throw Refusal.Invalid("Invalid value for: token");
        if (call.Store.Hooks.Exists(x => x.Id == id)) throw new GoogleException(400, "channelIdNotUnique", $"Channel id {id} not unique");
        var hook = new HookRow
        {
            Id = id,
            Client = call.Grant.Client,
            Account = call.Grant.Account,
            Calendar = calendar.Row.Id,
            Address = call.Push.Allowed((string?)call.Body["address"]),
            Resource = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(calendar.Row.Id)))[..24],
            Secret = (string?)call.Body["token"],
            ExpiresAt = Expiry(call).ToUnixTimeMilliseconds(),
            Kinds = Address(call, calendar),
        };
        call.Store.Hooks.Insert(hook);
        call.Push.Send(hook, "sync");
        return new Reply(200, Show(hook));
    }

    private static string Address(GoogleCall call, CalendarBook calendar) => $"{call.Origin}{GoogleApi.Root}/calendars/{Uri.EscapeDataString(calendar.Row.Id)}/events?alt=json";

    private static Instant Expiry(GoogleCall call)
    {
        var now = call.Clock.GetCurrentInstant();
        if (call.Body["expiration"]?.ToString() is not { } text) return now + Longest;
        var asked = Instant.FromUnixTimeMilliseconds(long.Parse(text, CultureInfo.InvariantCulture));
        if (asked <= now) throw Refusal.Invalid("Invalid value for: expiration");
        return Instant.Min(asked, now + Longest);
    }

    private static JsonObject Show(HookRow hook)
    {
        var shown = new JsonObject
        {
            ["kind"] = "api#channel",
            ["id"] = hook.Id,
            ["resourceId"] = hook.Resource,
            ["resourceUri"] = hook.Kinds,
            ["expiration"] = hook.ExpiresAt.ToString(CultureInfo.InvariantCulture),
        };
        if (hook.Secret is not null) shown["token"] = hook.Secret;
        return shown;
    }

    [GeneratedRegex(@"^[A-Za-z0-9\-_\+/=]{1,64}$")]
    private static partial Regex ChannelId();
}
