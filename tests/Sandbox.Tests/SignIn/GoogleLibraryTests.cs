using Google.Apis.Auth.OAuth2;
using Google.Apis.Auth.OAuth2.Flows;
using Google.Apis.Auth.OAuth2.Requests;
using Google.Apis.Auth.OAuth2.Responses;

namespace Sandbox.Tests.SignIn;

/// <summary>Google's own sign-in library as the caller (§A1).</summary>
public class GoogleLibraryTests
{
    [Fact]
    public async Task Googles_own_sign_in_library_gets_refreshes_and_revokes_its_tokens_here()
    {
        await using var scene = await Scene.StartAsync(still: false); // the library has a clock of its own
        using var flow = new PkceGoogleAuthorizationCodeFlow(new Here(scene.Address)
        {
            ClientSecrets = new ClientSecrets { ClientId = "sandbox-client", ClientSecret = "sandbox-secret" },
            Scopes = ["openid", "email", Scene.AppCreated],
            Prompt = "consent",
        });
        var asked = (GoogleAuthorizationCodeRequestUrl)flow.CreateAuthorizationCodeRequest(Scene.Redirect, out var verifier);
        asked.AccessType = "offline";
        var code = await scene.CodeAsync(asked.Build().PathAndQuery, "sam@gmail.com", Scene.AppCreated);
        var tokens = await flow.ExchangeCodeForTokenAsync("sam", code, verifier, Scene.Redirect, default);
        Assert.Equal("openid email " + Scene.AppCreated, tokens.Scope);
        await (await new GoogleUser(scene, "sam@gmail.com", tokens.AccessToken).WithCalendarAsync()).ListAsync();
        var fresh = await flow.RefreshTokenAsync("sam", tokens.RefreshToken, default);
        Assert.NotEqual(tokens.AccessToken, fresh.AccessToken);
        await flow.RevokeTokenAsync("sam", tokens.RefreshToken, default);
        var refused = await Assert.ThrowsAsync<TokenResponseException>(() => flow.RefreshTokenAsync("sam", tokens.RefreshToken, default));
        Assert.Equal(("invalid_grant", "Token has been expired or revoked."), (refused.Error.Error, refused.Error.ErrorDescription));
    }

    private sealed class Here(string address) : GoogleAuthorizationCodeFlow.Initializer(address + "/o/oauth2/v2/auth", address + "/token", address + "/revoke");
}
