using System.Text.Json.Nodes;

namespace Sandbox.Google.Events;

/// <summary>§A2: If-Match → 412 conditionNotMet; If-None-Match → 304; there is no conditional insert.</summary>
public static class Preconditions
{
    public static void Check(GoogleCall call, JsonObject target)
    {
        if (call.Match("If-Match") is { } wanted && wanted != "*" && wanted != (string?)target["etag"]) throw Refusal.ConditionNotMet();
    }

    public static bool IsUnchanged(GoogleCall call, JsonObject target) => call.Match("If-None-Match") is { } known && known == (string?)target["etag"];
}
