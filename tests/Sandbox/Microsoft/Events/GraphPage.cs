using System.Globalization;
using System.Text.Json.Nodes;
using Sandbox.Faults;

namespace Sandbox.Microsoft.Events;

/// <summary>Pages of a listing, with @odata.nextLink.</summary>
public static class GraphPage
{
    public static Reply Answer(GraphCall call, IEnumerable<Mailbox.Entry> entries)
    {
        var size = Number(call, "$top") ?? call.PageSize(10);
        var from = Number(call, "$skip") ?? 0;
        var all = entries.ToList();
        var mailbox = call.Mailbox();
        var shown = all.Skip(from).Take(size).Select(x => mailbox.Show(x, call, call.Option("$expand"), call.Option("$select"))).ToList();
        foreach (var item in shown) item.Remove("cancelledOccurrences"); // §B3: not in lists
        if (call.Struck.Has(FaultKinds.RepeatedItems)) shown.AddRange([.. shown.Select(x => x.DeepClone().AsObject())]);
        var answer = new JsonObject { ["value"] = new JsonArray([.. shown]) };
        if (from + size < all.Count) answer["@odata.nextLink"] = Link(call, from + size);
        return new Reply(200, answer);
    }

    private static string Link(GraphCall call, int skip)
    {
        string[] names = ["startDateTime", "endDateTime", "$top", "$select", "$expand", "$filter"];
        var query = names.Where(x => call.Option(x) is not null).Select(x => $"{x}={Uri.EscapeDataString(call.Option(x)!)}").Append($"$skip={skip.ToString(CultureInfo.InvariantCulture)}");
        return $"{call.Address}?{string.Join('&', query)}";
    }

    private static int? Number(GraphCall call, string name) => call.Option(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw GraphRefusal.BadRequest($"Invalid value '{text}' for {name}.");
}
