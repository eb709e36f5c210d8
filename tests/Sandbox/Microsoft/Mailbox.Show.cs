using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime.Text;

namespace Sandbox.Microsoft;

public sealed partial class Mailbox
{
    private static readonly string[] Plain =
        ["createdDateTime", "lastModifiedDateTime", "changeKey", "transactionId", "iCalUId", "isAllDay", "recurrence", "location", "attendees", "categories",
         "organizer", "responseRequested", "isOnlineMeeting", "allowNewTimeProposals", "hideAttendees"];

    /// <summary>An event as an answer: zones and ids as preferred, extended properties and exceptions only when expanded (§B2, §B3).</summary>
    public JsonObject Show(Entry entry, GraphCall call, string? expand = null, string? select = null)
    {
        var shown = Full(entry, call);
        if (select is null) shown.Remove("cancelledOccurrences");
        else foreach (var name in shown.Select(x => x.Key).Where(x => x is not ("id" or "@odata.etag") && !select.Split(',').Contains(x)).ToList()) shown.Remove(name);
        Expand(shown, entry, call, expand);
        return shown;
    }

    private JsonObject Full(Entry entry, GraphCall call)
    {
        var item = entry.Item;
        var shown = new JsonObject { ["@odata.etag"] = ETag(item), ["id"] = IdOf(entry.Key, call.Immutable) };
        foreach (var name in Plain)
            if (item[name] is { } value) shown[name] = value.DeepClone();
        shown["subject"] = item["subject"]?.DeepClone();
        shown["body"] = Body(item["body"], call.PlainText);
        shown["bodyPreview"] = (string)shown["body"]!["content"]!;
        shown["isAllDay"] = IsAllDay(item);
        shown["showAs"] = (string?)item["showAs"] ?? "busy";
        shown["sensitivity"] = (string?)item["sensitivity"] ?? "normal";
        shown["importance"] = (string?)item["importance"] ?? "normal";
        shown["isCancelled"] = (bool?)item["isCancelled"] ?? false;
        shown["isOrganizer"] = (bool?)item["isOrganizer"] ?? true;
        shown["isReminderOn"] = (bool?)item["isReminderOn"] ?? true;
        shown["reminderMinutesBeforeStart"] = (int?)item["reminderMinutesBeforeStart"] ?? 15;
        shown["type"] = entry.Type;
        shown["seriesMasterId"] = item["_master"] is { } master ? IdOf((string)master!, call.Immutable) : null;
        shown["originalStartTimeZone"] = GraphTime.Windows((string)item["_zone"]!);
        shown["originalEndTimeZone"] = GraphTime.Windows((string)item["_endZone"]!);
        foreach (var name in (string[])["start", "end"]) shown[name] = Time(item, name, call.ShownZone);
        if (item["_original"] is { } original) shown["originalStart"] = (string)original!;
        // §B3: OID.ID.DATE, on a GET of the master that selects it
        if (entry.Type == "seriesMaster")
            shown["cancelledOccurrences"] = new JsonArray([.. Cancelled(entry).Select(x => (JsonNode)$"OID.{shown["id"]}.{Dashed(x)}")]);
        return shown;
    }

    private static string Dashed(string day) => $"{day[..4]}-{day[4..6]}-{day[6..]}";

    public static JsonObject Time(JsonObject item, string name, string zone)
    {
        var at = GraphTime.At(item[name]!);
        if (!IsAllDay(item)) return GraphTime.Show(at, zone);
        var midnight = GraphTime.Show(at, "UTC");
        midnight["timeZone"] = zone;
        return midnight;
    }

    private static JsonObject Body(JsonNode? body, bool plain)
    {
        var content = (string?)body?["content"] ?? "";
        var type = (string?)body?["contentType"] ?? "text";
        return plain ? new JsonObject { ["contentType"] = "text", ["content"] = type == "html" ? Text(content) : content }
            : new JsonObject { ["contentType"] = "html", ["content"] = type == "html" ? content : $"<html><body>{System.Net.WebUtility.HtmlEncode(content)}</body></html>" };
    }

    private static string Text(string html) => System.Net.WebUtility.HtmlDecode(Markup().Replace(LineEnd().Replace(html, "\n"), ""));

    private void Expand(JsonObject shown, Entry entry, GraphCall call, string? expand)
    {
        if (expand is null) return;
        if (!ExpandsTags().IsMatch(expand) && !expand.Contains("exceptionOccurrences", StringComparison.Ordinal)) throw GraphRefusal.BadRequest($"Could not expand '{expand}'.");
        var outside = ExceptionsPart().Replace(expand, "");
        if (ExpandsTags().Match(outside) is { Success: true } tags) ShowTags(shown, entry.Item, tags.Groups[1].Value);
        if (entry.Type != "seriesMaster" || ExceptionsPart().Match(expand) is not { Success: true } part) return;
        var inner = part.Groups[1].Value.Contains("singleValueExtendedProperties", StringComparison.Ordinal) ? part.Groups[1].Value : null;
        shown["exceptionOccurrences"] = new JsonArray([.. Exceptions(entry).Select(x => Show(x, call, inner))]);
    }

    private static void ShowTags(JsonObject shown, JsonObject item, string filter)
    {
        var wanted = TagFilter().Matches(filter).Select(x => x.Groups[1].Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (wanted.Count == 0) throw GraphRefusal.BadRequest("The expand of extended properties needs a $filter of ids."); // §B2
        var all = (item["_tags"] as JsonObject ?? []).Where(x => wanted.Contains(x.Key)).ToList();
        if (all.Count > 0) shown["singleValueExtendedProperties"] = new JsonArray([.. all.Select(x => new JsonObject { ["id"] = x.Key, ["value"] = (string?)x.Value })]);
    }

    public static bool HasTag(JsonObject item, string id, string value) => (item["_tags"] as JsonObject ?? []).Any(x => string.Equals(x.Key, id, StringComparison.OrdinalIgnoreCase) && (string?)x.Value == value);

    [GeneratedRegex("<br ?/?>|</(p|div|li|tr|h[1-6])>", RegexOptions.IgnoreCase)]
    private static partial Regex LineEnd();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Markup();

    [GeneratedRegex(@"singleValueExtendedProperties(?:\(([^)]*)\))?", RegexOptions.IgnoreCase)]
    private static partial Regex ExpandsTags();

    [GeneratedRegex(@"exceptionOccurrences(?:\(((?:[^()]|\([^()]*\))*)\))?", RegexOptions.IgnoreCase)]
    private static partial Regex ExceptionsPart();

    [GeneratedRegex("id eq '([^']*)'", RegexOptions.IgnoreCase)]
    private static partial Regex TagFilter();
}
