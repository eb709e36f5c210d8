using System.Text.Json.Nodes;

namespace Sandbox.Google;

/// <summary>A refusal with the error body that Google documents (guides/errors; providers.md §A5).</summary>
public sealed class GoogleException(int status, string reason, string message, string domain = "global", string? location = null, string? locationType = null)
    : Exception(message)
{
    public int Status => status;

    public int? RetryAfter { get; init; }

    public JsonObject Body()
    {
        var line = new JsonObject { ["domain"] = domain, ["reason"] = reason, ["message"] = Message };
        if (location is not null)
        {
            line["locationType"] = locationType;
            line["location"] = location;
        }
        var error = new JsonObject { ["errors"] = new JsonArray(line), ["code"] = status, ["message"] = Message };
        if (reason == "insufficientPermissions") AddDetails(error);
        return new JsonObject { ["error"] = error };
    }

    /// <summary>A scope that was not granted is told by the details, not by the status (§A5: classify by reason).</summary>
    private static void AddDetails(JsonObject error)
    {
        error["status"] = "PERMISSION_DENIED";
        error["details"] = new JsonArray(new JsonObject
        {
            ["@type"] = "type.googleapis.com/google.rpc.ErrorInfo",
            ["reason"] = "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            ["domain"] = "googleapis.com",
        });
    }
}
