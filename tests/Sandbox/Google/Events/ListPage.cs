using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sandbox.Faults;
using Sandbox.State;

namespace Sandbox.Google.Events;

/// <summary>§A2: pages of a listing as it stood at one moment; the next sync token is on the last page only.</summary>
public static class ListPage
{
    /// <summary>A place in a listing of what changed after Since as of AsOf.</summary>
    public sealed record Position(long AsOf, long Since, int Offset);

    private sealed record PageToken(string Calendar, Position At, string Parameters);

    private sealed record SyncToken(string Calendar, long Sequence, string Parameters, int Version);

    public static Reply Answer(GoogleCall call, CalendarBook calendar, IReadOnlyList<JsonObject> items, Position at, string? token)
    {
        var size = call.Number("maxResults", missing: 250, most: 2500);
        if (PageOf(call, calendar) is { } page) at = page;
        var shown = items.Skip(at.Offset).Take(size).ToList();
        if (call.Struck.Has(FaultKinds.RepeatedItems)) shown.AddRange([.. shown.Select(x => x.DeepClone().AsObject())]);
        var answer = new JsonObject
        {
            ["kind"] = "calendar#events",
            ["etag"] = $"\"p{at.AsOf.ToString(CultureInfo.InvariantCulture)}\"",
            ["summary"] = (string?)JsonNode.Parse(calendar.Row.Json)!["summary"],
            ["updated"] = NodaTime.Text.InstantPattern.General.Format(call.Clock.GetCurrentInstant()),
            ["timeZone"] = call.Text("timeZone") ?? calendar.Zone,
            ["accessRole"] = "owner",
            ["defaultReminders"] = new JsonArray(),
            ["items"] = new JsonArray([.. shown]),
        };
        if (items.Count > at.Offset + size)
            answer["nextPageToken"] = Sealed.Seal(call.Store.Key("google"), new PageToken(calendar.Row.Id, at with { Offset = at.Offset + size }, Everything(call)));
        else if (token is not null) answer["nextSyncToken"] = token;
        return new Reply(200, answer);
    }

    public static Position? PageOf(GoogleCall call, CalendarBook calendar)
    {
        if (call.Text("pageToken") is not { } text) return null;
        var page = Sealed.Open<PageToken>(call.Store.Key("google"), text);
        var lost = call.Struck.Has(FaultKinds.LostPageToken) || page is null || page.Calendar != calendar.Row.Id || page.Parameters != Everything(call);
        return lost ? throw Refusal.Invalid("Invalid page token value.", "pageToken") : page!.At;
    }

    public static string Token(GoogleCall call, CalendarBook calendar, long sequence) =>
        Sealed.Seal(call.Store.Key("google"), new SyncToken(calendar.Row.Id, sequence, Kept(call), 1));

    /// <summary>§A2: a token that is lost, too old or of other parameters means a full sync; a page later may say it too.</summary>
    public static long Since(GoogleCall call, CalendarBook calendar)
    {
        if (call.Text("syncToken") is not { } text) return 0;
        var token = Sealed.Open<SyncToken>(call.Store.Key("google"), text);
        if (token is null || token.Calendar != calendar.Row.Id || token.Sequence < calendar.Row.TokensFrom) throw Refusal.FullSyncRequired();
        if (token.Parameters != Kept(call)) throw Refusal.Invalid("The parameters are not those of the sync token.", "syncToken");
        return token.Sequence;
    }

    /// <summary>A page is asked for with the same parameters.</summary>
    private static string Everything(GoogleCall call) => Hash(call, x => x is not ("pageToken" or "maxResults"));

    /// <summary>The parameters that an incremental listing must repeat.</summary>
    private static string Kept(GoogleCall call) => Hash(call, x => x is "singleEvents" or "eventTypes" or "showHiddenInvitations");

    private static string Hash(GoogleCall call, Func<string, bool> counts) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(call.Method.Id + string.Concat(call.Request.Query
            .Where(x => counts(x.Key)).OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"\n{x.Key}={x.Value}")))))[..12];
}
