using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sandbox.Google.Series;

namespace Sandbox.Google;

/// <summary>What an event must be to be taken (§A3). It is also brought to the form in which it is kept.</summary>
public static partial class EventRules
{
    public static void Check(JsonObject item)
    {
        if ((string?)item["status"] is not ("confirmed" or "tentative" or "cancelled" or null)) throw Refusal.Invalid("Invalid value for: status");
        if ((string?)item["transparency"] is not ("opaque" or "transparent" or null)) throw Refusal.Invalid("Invalid value for: transparency");
        if ((string?)item["visibility"] is not ("default" or "public" or "private" or "confidential" or null)) throw Refusal.Invalid("Invalid value for: visibility");
        CheckTimes(item);
        CheckExtended(item["extendedProperties"] as JsonObject);
        if ((string?)item["description"] is { } text) item["description"] = ConferenceBlock().Replace(text, "").TrimEnd();
    }

    private static void CheckTimes(JsonObject item)
    {
        var start = When.Read(item["start"] as JsonObject ?? throw Refusal.Required("Missing start time."), "start");
        var end = When.Read(item["end"] as JsonObject ?? throw Refusal.Required("Missing end time."), "end");
        if (start.AllDay != end.AllDay) throw Refusal.Invalid("Start and end times must either both be date or both be dateTime.");
        if (start.AllDay ? end.Date <= start.Date : end.At <= start.At) throw Refusal.TimeRangeEmpty();
        if (item["recurrence"] is JsonArray { Count: > 0 } rules)
        {
            if (!start.AllDay && (start.Zone is null || end.Zone is null)) throw Refusal.Required("Missing time zone definition for start time.");
            Rules.Check(rules, start);
        }
        item["start"] = start.Keep();
        item["end"] = end.Keep();
        if (item["recurrence"] is JsonArray { Count: > 0 } && !Expansion.IsPossible(item)) throw Refusal.Invalid("Invalid recurrence rule.");
    }

    /// <summary>§A3: a key of 44, a value of 1024, 300 properties and 32 kB at most.</summary>
    private static void CheckExtended(JsonObject? extended)
    {
        if (extended is null) return;
        var all = extended.Select(x => x.Value).OfType<JsonObject>().SelectMany(x => x).ToList();
        if (all.Any(x => x.Key.Length > 44)) throw Refusal.Invalid("The key of an extended property is too long.");
        if (all.Any(x => ((string?)x.Value)?.Length > 1024)) throw Refusal.Invalid("The value of an extended property is too long.");
        if (all.Count > 300 || all.Sum(x => Encoding.UTF8.GetByteCount(x.Key + (string?)x.Value)) > 32 * 1024) throw Refusal.Invalid("There are too many extended properties.");
    }

    public static void CheckId(string id)
    {
        // §A, second of the six things: base32hex in lower case, 5 to 1024
        if (!EventId().IsMatch(id)) throw Refusal.Invalid("Invalid resource id value.");
    }

    [GeneratedRegex("^[0-9a-v]{5,1024}$")]
    private static partial Regex EventId();

    /// <summary>§A3: Google takes its own conference block out of a description.</summary>
    [GeneratedRegex(@"\n?-::~:~::~[~:]*::-.*?-::~:~::~[~:]*::-", RegexOptions.Singleline)]
    private static partial Regex ConferenceBlock();
}
