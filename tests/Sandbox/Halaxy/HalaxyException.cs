using System.Text.Json.Nodes;

namespace Sandbox.Halaxy;

/// <summary>A refusal, as an OperationOutcome with one issue.</summary>
public sealed class HalaxyException(int status, string code, string diagnostics) : Exception(diagnostics)
{
    public int Status => status;

    public int? RetryAfter { get; init; }

    /// <summary>What is answered; nothing for what the API does not do at all.</summary>
    public JsonObject? Body() => status == 405 ? null : new()
    {
        ["resourceType"] = "OperationOutcome",
        ["issue"] = new JsonArray(new JsonObject { ["severity"] = "error", ["code"] = code, ["diagnostics"] = Message }),
    };

    public static HalaxyException NoUserAgent() => new(403, "forbidden", "A User-Agent header is required.");

    public static HalaxyException Unknown() => new(401, "login", "The access token is not valid.");

    public static HalaxyException Expired() => new(401, "expired", "The access token has expired.");

    public static HalaxyException Scope(string type) => new(403, "forbidden", $"This API key has no access to {type}.");

    public static HalaxyException NotFound(string what) => new(404, "not-found", $"{what} was not found.");

    public static HalaxyException Invalid(string why) => new(422, "invalid", why);

    public static HalaxyException NotSupported(string what) => new(405, "not-supported", $"{what} is not supported.");

    public static HalaxyException Conflict() => new(409, "conflict", "The practitioner already has an appointment at this time.");

    public static HalaxyException TooMany(int seconds) => new(429, "throttled", "Too many requests.") { RetryAfter = seconds };
}
