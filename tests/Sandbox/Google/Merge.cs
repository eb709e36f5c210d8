using System.Text.Json.Nodes;

namespace Sandbox.Google;

/// <summary>§A3: PATCH merges objects (extendedProperties by key), null removes, an array replaces the whole array.</summary>
public static class Merge
{
    public static void Into(JsonObject target, JsonObject sent, bool replace)
    {
        foreach (var (name, value) in sent)
        {
            if (value is null) target.Remove(name);
            else if (!replace && value is JsonObject inner && target[name] is JsonObject known) Into(known, inner, replace);
            else target[name] = value is JsonObject fresh ? WithoutNulls(fresh) : value.DeepClone();
        }
    }

    private static JsonObject WithoutNulls(JsonObject value)
    {
        var kept = new JsonObject();
        Into(kept, value, replace: false);
        return kept;
    }
}
