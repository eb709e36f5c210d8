using System.Text.Json.Nodes;
using NodaTime;
using Sandbox.Faults;
using Sandbox.State;

namespace Sandbox.Microsoft.Events;

/// <summary>
/// calendarView/delta (§B3): what changed in a window that the token fixes. A changed event outside the window comes as @removed; a deleted occurrence
/// does not, its series is sent again; occurrences carry only id, type, seriesMasterId, start and end.
/// </summary>
public static class CalendarViewDelta
{
    public static readonly GraphMethod Method = new("graph.calendarView.delta", "GET",
        ["me/calendars/{calendarId}/calendarView/delta", "me/calendars/{calendarId}/calendarView/delta()", "me/calendar/calendarView/delta", "me/calendarView/delta"],
        Handle, ["startDateTime", "endDateTime", "$deltatoken", "$skiptoken"]);

    /// <summary>Before whatever happened: nothing is told of what was removed.</summary>
    private const long First = -1;

    private sealed record Token(string Calendar, long From, long To, long Since, long AsOf, int Offset);

    private static Reply Handle(GraphCall call)
    {
        var calendar = call.Calendar();
        var token = Read(call, calendar);
        var items = Changes(call, calendar, token).ToList();
        var size = call.PageSize(50);
        var shown = items.Skip(token.Offset).Take(size).ToList();
        if (call.Struck.Has(FaultKinds.RepeatedItems)) shown.AddRange([.. shown.Select(x => x.DeepClone().AsObject())]);
        var answer = new JsonObject { ["value"] = new JsonArray([.. shown]) };
        if (token.Offset + size < items.Count) answer["@odata.nextLink"] = Link(call, "$skiptoken", token with { Offset = token.Offset + size });
        else answer["@odata.deltaLink"] = Link(call, "$deltatoken", token with { Since = token.AsOf, AsOf = 0, Offset = 0 });
        return new Reply(200, answer);
    }

    private static Token Read(GraphCall call, CalendarRow calendar)
    {
        var now = call.Store.Sequence - call.Struck.Amount(FaultKinds.StaleList);
        if ((call.Option("$skiptoken") ?? call.Option("$deltatoken")) is not { } text)
            return new Token(calendar.Id, call.Time("startDateTime").ToUnixTimeSeconds(), call.Time("endDateTime").ToUnixTimeSeconds(), First, now, 0);
        var token = Sealed.Open<Token>(call.Store.Key("graph"), text);
        var lost = call.Option("$skiptoken") is not null && call.Struck.Has(FaultKinds.LostPageToken);
        if (token is null || lost || token.Calendar != calendar.Id || Math.Max(token.Since, 0) + token.AsOf < calendar.TokensFrom) throw GraphRefusal.SyncState();
        return token.AsOf == 0 ? token with { AsOf = now } : token;
    }

    private static string Link(GraphCall call, string name, Token token) => $"{call.Address}?{name}={Sealed.Seal(call.Store.Key("graph"), token)}";

    private static IEnumerable<JsonObject> Changes(GraphCall call, CalendarRow calendar, Token token)
    {
        var mailbox = call.Mailbox();
        var (from, to) = (Instant.FromUnixTimeSeconds(token.From), Instant.FromUnixTimeSeconds(token.To));
        foreach (var version in new Log(call.Store, calendar.Id).Between(token.Since, token.AsOf))
        {
            var entry = new Mailbox.Entry(calendar.Id, version.Json);
            if (entry.Type == "deleted")
            {
                if (token.Since > First) yield return Removed(call, entry);
            }
            else if (entry.Type == "seriesMaster")
            {
                var inside = mailbox.Occurrences(entry).Where(x => Mailbox.Overlaps(x.Item, from, to)).ToList();
                if (inside.Count > 0) yield return Whole(mailbox.Show(entry, call));
                else if (token.Since > First) yield return Removed(call, entry);
                foreach (var occurrence in inside.Where(x => x.Type == "occurrence")) yield return Short(mailbox.Show(occurrence, call));
            }
            else if (Mailbox.Overlaps(entry.Item, from, to)) yield return Whole(mailbox.Show(entry, call));
            else if (token.Since > First) yield return Removed(call, entry);
        }
    }

    private static JsonObject Removed(GraphCall call, Mailbox.Entry entry) => new()
    {
        ["@odata.type"] = "#microsoft.graph.event",
        ["id"] = Mailbox.IdOf(entry.Key, call.Immutable),
        ["@removed"] = new JsonObject { ["reason"] = "deleted" },
    };

    private static JsonObject Whole(JsonObject shown)
    {
        shown["@odata.type"] = "#microsoft.graph.event";
        return shown;
    }

    private static JsonObject Short(JsonObject shown)
    {
        string[] kept = ["@odata.etag", "id", "type", "seriesMasterId", "start", "end"];
        foreach (var name in shown.Select(x => x.Key).Except(kept).ToList()) shown.Remove(name);
        return Whole(shown);
    }
}
