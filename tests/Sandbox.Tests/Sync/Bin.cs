using System.Text.Json.Nodes;

namespace Sandbox.Tests.Sync;

/// <summary>What a person has deleted outside in a random history, and sometimes takes out of the bin again.</summary>
internal sealed class Bin(Random random)
{
    private readonly HashSet<string> _seen = [];

    /// <summary>Looks at what there is, and now and then restores something that was there and is not.</summary>
    public async Task ActAsync(OutsideLink link, List<string> history, ProviderBridge.Tests.Sync.Ledger ledger)
    {
        var there = (await link.SeenAsync()).Where(one => (bool)one["live"]!).Select(one => (string?)one["series"] ?? (string)one["id"]!).ToHashSet();
        var gone = _seen.Except(there).Order(StringComparer.Ordinal).ToList();
        _seen.UnionWith(there);
        if (gone.Count == 0 || random.Next(4) > 0) return;
        var id = gone[random.Next(gone.Count)];
        try
        {
            var restored = (string)(await link.PersonAsync("restore", new JsonObject { ["event"] = id }))!["id"]!;
            history.Add($"there restored {id} as {restored}");
            // what it says then is what it said when it was deleted
            ledger.Leave(link.KeyOf(id));
            ledger.Leave(link.KeyOf(restored));
        }
        catch (Xunit.Sdk.TrueException refused)
        {
            history.Add($"not restored {id}: {refused.Message}");
        }
    }
}
