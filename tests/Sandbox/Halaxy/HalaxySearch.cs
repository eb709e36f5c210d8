using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using NodaTime;
using NodaTime.Text;
using Sandbox.Faults;
using Sandbox.State;

namespace Sandbox.Halaxy;

/// <summary>
/// halaxy.md §4: a search answers with a Bundle, page by page. Pages are counted from the start of what is found at that moment, so that what is changed meanwhile may be missed, or come twice.
/// </summary>
public static class HalaxySearch
{
    private const int UsualCount = 20;
    private const int MostCount = 100;
    private static readonly string[] Prefixes = ["ge", "le", "gt", "lt", "eq"];

    private sealed record Page(string Query, int From);

    public static Reply Run(HalaxyCall call)
    {
        var type = call.Route("type");
        call.Need(type);
        var (query, from) = Asked(call);
        var found = Order(query, call.Book.All(type).Where(row => Fits(call.Book, row, query)).ToList());
        if (call.Struck.Has(FaultKinds.StaleList)) found = [.. found.OrderByDescending(x => x.UpdatedAt).Skip(call.Struck.Amount(FaultKinds.StaleList))];
        if (call.Struck.Has(FaultKinds.RepeatedItems)) found = [.. found.SelectMany(x => new[] { x, x })];
        var count = Count(query);
        return new Reply(200, FhirCheck.Checked(Bundle(call, type, query, found, from, count)));
    }

    private static JsonObject Bundle(HalaxyCall call, string type, string query, List<HalaxyRow> found, int from, int count)
    {
        var here = call.Book.Reference(type, "").TrimEnd('/');
        var links = new JsonArray(Link("self", $"{here}{query}"));
        if (from + count < found.Count) links.Add(Link("next", $"{here}?page={Sealed.Seal(call.Store.Key("halaxy"), new Page(query, from + count))}"));
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "searchset", ["total"] = found.Count, ["link"] = links };
        var shown = found.Skip(from).Take(count).Select(HalaxyBook.Resource).Select(resource => (JsonNode)new JsonObject { ["fullUrl"] = call.Book.Reference(type, (string)resource["id"]!), ["resource"] = resource }).ToArray();
        if (shown.Length > 0) bundle["entry"] = new JsonArray(shown); // FHIR knows no empty arrays
        return bundle;
    }

    private static JsonObject Link(string relation, string url) => new() { ["relation"] = relation, ["url"] = url };

    private static (string Query, int From) Asked(HalaxyCall call)
    {
        if (call.Request.Query["page"] is not [var token]) return (call.Request.QueryString.Value ?? "", 0);
        if (call.Struck.Has(FaultKinds.LostPageToken) || Sealed.Open<Page>(call.Store.Key("halaxy"), token ?? "") is not { } page) throw HalaxyException.Invalid("The page is not known any more.");
        return (page.Query, page.From);
    }

    private static IEnumerable<(string Name, string Value)> Parts(string query) =>
        QueryHelpers.ParseQuery(query).SelectMany(x => x.Value.Select(value => (x.Key, value ?? "")));

    private static int Count(string query)
    {
        var text = Parts(query).FirstOrDefault(x => x.Name == "_count").Value;
        if (text is null) return UsualCount;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? Math.Min(count, MostCount) : throw HalaxyException.Invalid("_count is a positive number.");
    }

    private static List<HalaxyRow> Order(string query, List<HalaxyRow> found) => Parts(query).FirstOrDefault(x => x.Name == "_sort").Value switch
    {
        null => [.. found.OrderBy(x => x.Id, StringComparer.Ordinal)],
        "date" => [.. found.OrderBy(Start)],
        "-date" => [.. found.OrderByDescending(Start)],
        "_lastUpdated" => [.. found.OrderBy(x => x.UpdatedAt)],
        "-_lastUpdated" => [.. found.OrderByDescending(x => x.UpdatedAt)],
        _ => throw HalaxyException.Invalid("Results are sorted by date or _lastUpdated."),
    };

    private static Instant Start(HalaxyRow row) => HalaxyShapes.StartOf(HalaxyBook.Resource(row));

    private static bool Fits(HalaxyBook book, HalaxyRow row, string query) => Parts(query).All(part => (row.Type, part.Name) switch
    {
        (_, "_count" or "_sort") => true,
        // lastUpdated is told in seconds, and compared as it is told
        (_, "_lastUpdated") => Compare(book, part.Value, Instant.FromUnixTimeSeconds(row.UpdatedAt / 1000)),
        ("Appointment", "date") => Compare(book, part.Value, Start(row)),
        ("Appointment", "actor") => HalaxyShapes.Participants(HalaxyBook.Resource(row)).Any(x => HalaxyShapes.ActorOf(x) is var (type, id) && (part.Value == id || part.Value == $"{type}/{id}")),
        ("Patient", "name") => Names(row).Any(name => name.StartsWith(part.Value, StringComparison.OrdinalIgnoreCase)),
        ("PractitionerRole", "practitioner") => HalaxyBook.Target((string?)HalaxyBook.Resource(row)["practitioner"]?["reference"] ?? "").Id == HalaxyBook.Target(part.Value).Id,
        _ => throw HalaxyException.Invalid($"The search parameter {part.Name} is not known."),
    });

    private static IEnumerable<string> Names(HalaxyRow patient)
    {
        var name = HalaxyBook.Resource(patient)["name"]![0]!;
        return (name["given"] as JsonArray ?? []).Append(name["family"]).Select(x => (string?)x ?? "");
    }

    /// <summary>Compares with a time, or with a whole day in the practice's zone (FHIR R4, search: prefixes).</summary>
    private static bool Compare(HalaxyBook book, string value, Instant at)
    {
        var prefix = Prefixes.FirstOrDefault(x => value.StartsWith(x, StringComparison.Ordinal));
        var text = prefix is null ? value : value[2..];
        var (from, until) = LocalDatePattern.Iso.Parse(text) is { Success: true } day
            ? (book.Zone.AtStartOfDay(day.Value).ToInstant(), book.Zone.AtStartOfDay(day.Value.PlusDays(1)).ToInstant())
            : (HalaxyShapes.Time(text), HalaxyShapes.Time(text) + Duration.Epsilon);
        return prefix switch
        {
            "ge" => at >= from,
            "gt" => at >= until,
            "le" => at < until,
            "lt" => at < from,
            _ => at >= from && at < until,
        };
    }
}
