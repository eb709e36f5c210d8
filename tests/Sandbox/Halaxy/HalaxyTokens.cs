using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime;
using Sandbox.Faults;
using Sandbox.State;

namespace Sandbox.Halaxy;

/// <summary>halaxy.md §4: client credentials as JSON. The answer says an hour, and the token lives for fifteen minutes.</summary>
public sealed class HalaxyTokens(Store store, VirtualClock clock, FaultScript faults)
{
    private const int SaidSeconds = 3600;
    private static readonly Duration Life = Duration.FromMinutes(15);

    private sealed record Token(string Client, long At);

    public async Task GiveAsync(HttpContext http)
    {
        if (http.Request.Headers.UserAgent.Count == 0) throw HalaxyException.NoUserAgent();
        var asked = await ReadAsync(http);
        var key = store.Locked(() => store.HalaxyKeys.FindById((string?)asked["client_id"] ?? ""));
        var struck = new Struck(faults.Take("halaxy.token", key?.Practice));
        if (await struck.BeforeAsync(http)) return;
        if (struck[FaultKinds.Status] is { } fault) throw new HalaxyException(fault.Status, fault.Reason ?? "exception", "Scripted by the sandbox");
        if (struck.After(http)) return;
        await Answer(asked, key).WriteAsync(http);
    }

    private Reply Answer(JsonObject asked, HalaxyKey? key)
    {
        if ((string?)asked["grant_type"] != "client_credentials") return new Reply(400, new JsonObject { ["error"] = "unsupported_grant_type" });
        if (key is null || key.Revoked || key.Secret != (string?)asked["client_secret"]) return new Reply(401, new JsonObject { ["error"] = "invalid_client" });
        var token = Sealed.Seal(store.Key("halaxy"), new Token(key.Id, clock.GetCurrentInstant().ToUnixTimeMilliseconds()));
        return new Reply(200, new JsonObject { ["token_type"] = "Bearer", ["expires_in"] = SaidSeconds, ["access_token"] = token });
    }

    /// <summary>The key that a request's token was given for.</summary>
    public HalaxyKey Check(HttpContext http)
    {
        if (http.Request.Headers.UserAgent.Count == 0) throw HalaxyException.NoUserAgent();
        var header = http.Request.Headers.Authorization.ToString();
        var token = header.StartsWith("Bearer ", StringComparison.Ordinal) ? Sealed.Open<Token>(store.Key("halaxy"), header["Bearer ".Length..]) : null;
        if (token is null || store.HalaxyKeys.FindById(token.Client) is not { Revoked: false } key) throw HalaxyException.Unknown();
        var age = clock.GetCurrentInstant() - Instant.FromUnixTimeMilliseconds(token.At);
        return age < Life ? key : throw HalaxyException.Expired();
    }

    private static async Task<JsonObject> ReadAsync(HttpContext http)
    {
        try
        {
            return await JsonNode.ParseAsync(http.Request.Body) as JsonObject ?? throw HalaxyException.Invalid("The body is not a JSON object.");
        }
        catch (JsonException)
        {
            throw HalaxyException.Invalid("The body is not JSON.");
        }
    }
}
