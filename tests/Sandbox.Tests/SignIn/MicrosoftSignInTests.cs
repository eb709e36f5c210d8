using System.Text.Json.Nodes;
using Microsoft.Identity.Client;

namespace Sandbox.Tests.SignIn;

/// <summary>§B1: tenants, scopes, rotation, revocation, and Microsoft.Identity.Client as the caller.</summary>
public class MicrosoftSignInTests
{
    private const string Wanted = "openid offline_access Calendars.ReadWrite User.Read";

    [Theory]
    [InlineData("sam@outlook.com", "9188040d-6c67-4c5b-b112-36a304b66dad")]
    [InlineData("sam@contoso.com", "5ad0b0c5-7a31-4d5c-9f3e-2d5a3b1c7e90")]
    public async Task B1_personal_accounts_have_one_tenant_and_work_accounts_another(string email, string tenant)
    {
        await using var scene = await Scene.StartAsync();
        var tokens = await scene.MicrosoftAsync(email, Wanted);
        var claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(((string)tokens["id_token"]!).Split('.')[1]))!;
        Assert.Equal((tenant, email), ((string?)claims["tid"], (string?)claims["preferred_username"]));
        Assert.Equal("openid Calendars.ReadWrite User.Read", (string?)tokens["scope"]);
        var document = JsonNode.Parse(await scene.Http.GetStringAsync($"/{tenant}/v2.0/.well-known/openid-configuration"))!;
        Assert.EndsWith($"/{tenant}/oauth2/v2.0/token", (string?)document["token_endpoint"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task B1_refresh_tokens_rotate_and_end_with_the_persons_access()
    {
        await using var scene = await Scene.StartAsync();
        var first = (string)(await scene.MicrosoftAsync("sam@outlook.com", Wanted))["refresh_token"]!;
        var second = (string)(await RefreshAsync(scene, first)).Json!["refresh_token"]!;
        Assert.NotEqual(first, second);
        await scene.UserAsync("microsoft%3Asam%40outlook.com/revoke");
        var dead = await RefreshAsync(scene, second);
        Assert.Equal((400, "invalid_grant"), (dead.Status, (string?)dead.Json!["error"]));
        Assert.StartsWith("AADSTS50173", (string?)dead.Json["error_description"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openid offline_access Calendars.ReadWrite", 200)]
    [InlineData("openid profile offline_access Calendars.ReadWrite", 400)]
    public async Task B1_a_refresh_that_asks_for_what_was_not_allowed_is_refused(string scopes, int status)
    {
        await using var scene = await Scene.StartAsync();
        var token = (string)(await scene.MicrosoftAsync("sam@outlook.com", Wanted))["refresh_token"]!;
        var answer = await scene.TokenAsync("/common/oauth2/v2.0/token", ("grant_type", "refresh_token"), ("refresh_token", token), ("scope", scopes));
        Assert.Equal((status, status == 200 ? null : "invalid_grant"), (answer.Status, (string?)answer.Json!["error"]));
    }

    [Fact]
    public async Task B1_a_scope_that_was_not_ticked_is_denied_and_one_vendors_token_is_none_for_the_other()
    {
        await using var scene = await Scene.StartAsync();
        var code = await scene.CodeAsync("/common/oauth2/v2.0/authorize?" + Scene.Query(Wanted), "sam@outlook.com", "User.Read");
        var tokens = (await scene.TokenAsync("/common/oauth2/v2.0/token", ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Scene.Redirect))).Json!;
        var user = new GraphUser(scene, "sam@outlook.com", (string)tokens["access_token"]!);
        await user.RefusedAsync(403, "ErrorAccessDenied", "GET", "me/calendars");
        var google = (string)(await scene.SignInAsync())["access_token"]!;
        await new GraphUser(scene, "sam@gmail.com", google).RefusedAsync(401, "InvalidAuthenticationToken", "GET", "me/calendars");
        await new GoogleUser(scene, "sam@outlook.com", (string)tokens["access_token"]!).RefusedAsync(401, "authError", "GET", "calendars/primary");
    }

    [Fact]
    public async Task Microsofts_own_sign_in_library_gets_its_tokens_here_and_refreshes_them()
    {
        await using var scene = await Scene.StartAsync(still: false); // the library has a clock of its own
        string[] scopes = ["Calendars.ReadWrite", "User.Read"];
        var app = ConfidentialClientApplicationBuilder.Create("sandbox-client").WithClientSecret("sandbox-secret").WithRedirectUri(Scene.Redirect)
            .WithAuthority("https://login.microsoftonline.com/common").WithHttpClientFactory(new ToSandbox(scene)).Build();
        var address = await app.GetAuthorizationRequestUrl(scopes).WithPkce(out var verifier).ExecuteAsync();
        var code = await scene.CodeAsync(address.PathAndQuery, "sam@contoso.com", string.Join(' ', scopes));
        var first = await app.AcquireTokenByAuthorizationCode(scopes, code).WithPkceCodeVerifier(verifier).ExecuteAsync();
        Assert.Equal(("sam@contoso.com", "5ad0b0c5-7a31-4d5c-9f3e-2d5a3b1c7e90"), (first.Account.Username, first.TenantId));
        var second = await app.AcquireTokenSilent(scopes, first.Account).WithForceRefresh(true).ExecuteAsync();
        Assert.NotEqual(first.AccessToken, second.AccessToken);
        await scene.UserAsync("microsoft%3Asam%40contoso.com/revoke");
        var needed = await Assert.ThrowsAsync<MsalUiRequiredException>(() => app.AcquireTokenSilent(scopes, first.Account).WithForceRefresh(true).ExecuteAsync());
        Assert.Equal("invalid_grant", needed.ErrorCode);
    }

    private static Task<Answer> RefreshAsync(Scene scene, string token) => scene.TokenAsync("/common/oauth2/v2.0/token", ("grant_type", "refresh_token"), ("refresh_token", token));

    /// <summary>The library insists on HTTPS; what it sends to Microsoft is sent here.</summary>
    private sealed class ToSandbox(Scene scene) : DelegatingHandler(new HttpClientHandler()), IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(scene.Address + request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
