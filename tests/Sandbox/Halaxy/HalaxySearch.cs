using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using NodaTime;
using NodaTime.Text;
using Sandbox.Faults;
using Sandbox.State;

namespace Sandbox.Halaxy;

/// <summary>
/// A search answers with a Bundle, page by page, and leaves out of account what it is asked and does not know. Pages have numbers, and are counted from the start of what is found at that moment, so that what is changed meanwhile may be missed, or come twice.
/// </summary>
public static class HalaxySearch
{
    private const int UsualCount = 30;
    private const int MostCount = 100;
    private static readonly string[] Prefixes = ["ge", "le", "gt", "lt", "eq"];

    public static Reply Run(HalaxyCall call)
    {
        var type = call.Route("type");
        call.Need(type);
        var query = call.Request.QueryString.Value ?? "";
        var (page, count) = (Number(query, "page", 1), Math.Min(Number(query, "_count", UsualCount), MostCount));
        if (page > 1 && call.Struck.Has(FaultKinds.LostPageToken)) throw HalaxyException.Invalid("The page is not known any more.");
        var found = Order(type, query, call.Book.All(type).Where(row => Fits(call.Book, row, query)).ToList());
        if (call.Struck.Has(FaultKinds.StaleList)) found = [.. found.OrderByDescending(x => x.UpdatedAt).Skip(call.Struck.Amount(FaultKinds.StaleList))];
        if (call.Struck.Has(FaultKinds.RepeatedItems)) found = [.. found.SelectMany(x => new[] { x, x })];
        return new Reply(200, FhirCheck.Checked(Bundle(call, type, query, found, page, count)));
    }

    private static JsonObject Bundle(HalaxyCall call, string type, string query, List<HalaxyRow> found, int page, int count)
    {
        var here = call.Book.Reference(type, "").TrimEnd('/');
        var pages = Math.Max(1, (found.Count + count - 1) / count);
        var links = new JsonArray(Link("self", $"{here}{query}"));
        if (page < pages) links.Add(Link("next", $"{here}{At(query, page + 1)}"));
        links.Add(Link("last", $"{here}{At(query, pages)}"));
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "searchset", ["total"] = found.Count, ["link"] = links };
        var shown = found.Skip((page - 1) * count).Take(count).Select(HalaxyBook.Resource).Select(resource => (JsonNode)new JsonObject { ["fullUrl"] = call.Book.Reference(type, (string)resource["id"]!), ["resource"] = resource });
        JsonNode[] entries = [.. shown, .. Parts(query).Where(part => !Knows(type, part.Name)).Select(part => Warning(part.Name))];
        if (entries.Length > 0) bundle["entry"] = new JsonArray(entries); // FHIR knows no empty arrays
        return bundle;
    }

    /// <summary>What it does not know it leaves out of account, and says so.</summary>
    private static JsonObject Warning(string parameter) => new()
    {
        ["resource"] = new JsonObject
        {
            ["resourceType"] = "OperationOutcome",
            ["id"] = "warning",
            ["issue"] = new JsonArray(new JsonObject { ["severity"] = "warning", ["code"] = "not-supported", ["diagnostics"] = $"The search parameter {parameter} is not known." }),
        },
        ["search"] = new JsonObject { ["mode"] = "outcome" },
    };

    private static JsonObject Link(string relation, string url) => new() { ["relation"] = relation, ["url"] = url };

    private static string At(string query, int page) => QueryHelpers.AddQueryString("", [.. Parts(query).Where(part => part.Name != "page").Append(("page", page.ToString(CultureInfo.InvariantCulture))).Select(part => KeyValuePair.Create(part.Item1, (string?)part.Item2))]);

    private static IEnumerable<(string Name, string Value)> Parts(string query) =>
        QueryHelpers.ParseQuery(query).SelectMany(x => x.Value.Select(value => (x.Key, value ?? "")));

    private static int Number(string query, string name, int usual)
    {
        var text = Parts(query).FirstOrDefault(x => x.Name == name).Value;
        if (text is null) return usual;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : throw HalaxyException.Invalid($"{name} is a positive number.");
    }

    private static List<HalaxyRow> Order(string type, string query, List<HalaxyRow> found) => (type, Parts(query).FirstOrDefault(x => x.Name == "_sort").Value) switch
    {
        ("Appointment", "date") => [.. found.OrderBy(Start)],
        ("Appointment", "-date") => [.. found.OrderByDescending(Start)],
        _ => [.. found.OrderBy(x => x.Id, StringComparer.Ordinal)],
    };

    private static Instant Start(HalaxyRow row) => HalaxyShapes.StartOf(HalaxyBook.Resource(row));

    private static bool Knows(string type, string name) => (type, name) is
        (_, "_count" or "_sort" or "_id" or "_lastUpdated" or "page" or "pagination")
        or ("Appointment", "date" or "practitioner-role" or "patient")
        or ("Patient", "name")
        or ("PractitionerRole", "practitioner");

    private static bool Fits(HalaxyBook book, HalaxyRow row, string query) => Parts(query).All(part => (row.Type, part.Name) switch
    {
        (_, "_id") => part.Value.Split(',').Contains((string?)HalaxyBook.Resource(row)["id"]),
        // lastUpdated is told in seconds, and compared as it is told
        (_, "_lastUpdated") => Compare(book, part.Value, Instant.FromUnixTimeSeconds(row.UpdatedAt / 1000)),
        ("Appointment", "date") => Compare(book, part.Value, Start(row)),
        ("Appointment", "practitioner-role") => Takes(row, "PractitionerRole", part.Value),
        ("Appointment", "patient") => Takes(row, "Patient", part.Value),
        ("Patient", "name") => Names(row).Any(name => name.StartsWith(part.Value, StringComparison.OrdinalIgnoreCase)),
        ("PractitionerRole", "practitioner") => HalaxyBook.Target((string?)HalaxyBook.Resource(row)["practitioner"]?["reference"] ?? "").Id == HalaxyBook.Target(part.Value).Id,
        _ => true,
    });

    private static bool Takes(HalaxyRow row, string type, string asked) => HalaxyShapes.IdsOf(HalaxyBook.Resource(row), type).Contains(HalaxyBook.Target(asked).Id);

    private static IEnumerable<string> Names(HalaxyRow patient)
    {
        var names = HalaxyBook.Resource(patient)["name"]!.AsArray();
        return names.SelectMany(name => (name!["given"] as JsonArray ?? []).Append(name["family"])).Select(x => (string?)x ?? "").Where(part => part.Length > 0);
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
