using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sandbox.State;

namespace Sandbox.SignIn;

/// <summary>What clients look up before they sign anyone in: the discovery documents of both vendors, and who is signed in.</summary>
public sealed partial class Discovery(Store store, Bearer bearer)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/.well-known/openid-configuration", http => Google(http).WriteAsync(http));
        routes.MapGet("/{tenant}/v2.0/.well-known/openid-configuration", http => Microsoft(http).WriteAsync(http));
        routes.MapGet("/common/discovery/instance", http => Instance(http).WriteAsync(http));
        routes.MapMethods("/v1/userinfo", ["GET", "POST"], UserInfoAsync);
        routes.MapMethods("/oauth2/v3/userinfo", ["GET", "POST"], UserInfoAsync);
    }

    /// <summary>Microsoft's paths begin with a tenant; OpenIddict knows fixed paths only.</summary>
    public static Task RewriteAsync(HttpContext http, RequestDelegate next)
    {
        if (TenantPath().Match(http.Request.Path.Value ?? "") is { Success: true } match && match.Groups[1].Value != "microsoft")
        {
            http.Items["sandbox.path"] = http.Request.Path.Value;
            http.Request.Path = "/microsoft" + match.Groups[2].Value;
        }
        return next(http);
    }

    private static string Origin(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}";

    private static JsonObject Common(string origin) => new()
    {
        ["jwks_uri"] = origin + SignInSetup.Keys,
        ["response_types_supported"] = new JsonArray("code"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        ["code_challenge_methods_supported"] = new JsonArray("S256"),
        ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_post", "client_secret_basic"),
    };

    private static Reply Google(HttpContext http)
    {
        var document = Common(Origin(http));
        document["issuer"] = "https://accounts.google.com/";
        document["authorization_endpoint"] = Origin(http) + SignInSetup.GoogleAuthorize;
        document["token_endpoint"] = Origin(http) + SignInSetup.GoogleToken;
        document["revocation_endpoint"] = Origin(http) + SignInSetup.GoogleRevoke;
        document["userinfo_endpoint"] = Origin(http) + "/v1/userinfo";
        return new Reply(200, document);
    }

    private static Reply Microsoft(HttpContext http)
    {
        var root = $"{Origin(http)}/{http.Request.RouteValues["tenant"]}";
        var document = Common(Origin(http));
        document["issuer"] = root + "/v2.0";
        document["authorization_endpoint"] = root + "/oauth2/v2.0/authorize";
        document["token_endpoint"] = root + "/oauth2/v2.0/token";
        return new Reply(200, document);
    }

    /// <summary>Instance discovery of Microsoft.Identity.Client.</summary>
    private static Reply Instance(HttpContext http)
    {
        var host = http.Request.Host.Value;
        return new Reply(200, new JsonObject
        {
            ["tenant_discovery_endpoint"] = $"{Origin(http)}/common/v2.0/.well-known/openid-configuration",
            ["api-version"] = "1.1",
            ["metadata"] = new JsonArray(new JsonObject { ["preferred_network"] = host, ["preferred_cache"] = host, ["aliases"] = new JsonArray(host) }),
        });
    }

    private async Task UserInfoAsync(HttpContext http)
    {
        var grant = await bearer.ReadAsync(http, "google");
        var account = grant is null ? null : store.Locked(() => store.Accounts.FindById(grant.Account));
        var reply = account is null
            ? new Reply(401, new JsonObject { ["error"] = "invalid_request", ["error_description"] = "Invalid Credentials" })
            : new Reply(200, new JsonObject { ["sub"] = account.Subject, ["email"] = account.Email, ["email_verified"] = true });
        await reply.WriteAsync(http);
    }

    [GeneratedRegex("^/([^/]+)(/oauth2/v2\\.0/(?:authorize|token))$")]
    private static partial Regex TenantPath();
}
