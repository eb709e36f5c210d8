using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using Sandbox.Google;
using Sandbox.State;

namespace Sandbox.SignIn;

/// <summary>OpenIddict as the authorisation server of both vendors, without its own store: what was allowed is in ours.</summary>
public static class SignInSetup
{
    public const string GoogleAuthorize = "/o/oauth2/v2/auth";
    public const string GoogleToken = "/token";
    public const string GoogleRevoke = "/revoke";
    public const string MicrosoftAuthorize = "/microsoft/oauth2/v2.0/authorize";
    public const string MicrosoftToken = "/microsoft/oauth2/v2.0/token";
    public const string Keys = "/oauth2/v3/certs";

    /// <summary>A key takes long to make, so one process makes one, for however many sandboxes.</summary>
    private static readonly Lazy<string> Fresh = new(() =>
    {
        using var rsa = RSA.Create(2048);
        return Convert.ToBase64String(rsa.ExportRSAPrivateKey());
    });

    public static void Add(IServiceCollection services, Store store)
    {
        services.AddSingleton<Accounts>().AddSingleton<Grants>().AddSingleton<Bearer>().AddSingleton<Clients>();
        services.AddOpenIddict()
            .AddServer(server =>
            {
                server.EnableDegradedMode();
                server.SetIssuer("https://accounts.google.com");
                server.SetAuthorizationEndpointUris(GoogleAuthorize, MicrosoftAuthorize).SetTokenEndpointUris(GoogleToken, MicrosoftToken)
                    .SetRevocationEndpointUris(GoogleRevoke).SetJsonWebKeySetEndpointUris(Keys).SetConfigurationEndpointUris("/sandbox/openid-configuration");
                server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AcceptAnonymousClients();
                server.RegisterScopes("openid", "email", "profile", "offline_access", GoogleScopes.Calendar, GoogleScopes.AppCreated, "Calendars.ReadWrite", "User.Read", "https://graph.microsoft.com/Calendars.ReadWrite", "https://graph.microsoft.com/User.Read");
                server.SetAccessTokenLifetime(TimeSpan.FromHours(1)).SetRefreshTokenLifetime(TimeSpan.FromDays(3650));
                server.AddEncryptionKey(new SymmetricSecurityKey(store.Key("encryption"))).AddSigningKey(SigningKey(store));
                server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough().DisableTransportSecurityRequirement();
                AddHandlers(server);
            })
            .AddValidation(validation =>
            {
                validation.UseLocalServer();
                validation.UseAspNetCore();
            });
    }

    private static void AddHandlers(OpenIddictServerBuilder server)
    {
        server.AddEventHandler<OpenIddictServerEvents.ValidateAuthorizationRequestContext>(x => x.UseSingletonHandler<Clients>());
        server.AddEventHandler<OpenIddictServerEvents.ExtractTokenRequestContext>(x => x.UseSingletonHandler<ScopeOfExchange>().SetOrder(int.MaxValue));
        server.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(x => x.UseSingletonHandler<Clients>());
        server.AddEventHandler<OpenIddictServerEvents.ValidateRevocationRequestContext>(x => x.UseInlineHandler(_ => default));
        server.AddEventHandler<OpenIddictServerEvents.HandleRevocationRequestContext>(x => x.UseSingletonHandler<RevokeHandler>());
        server.AddEventHandler<OpenIddictServerEvents.ApplyTokenResponseContext>(x => x.UseSingletonHandler<TokenAnswer>().SetOrder(int.MinValue));
    }

    private static RsaSecurityKey SigningKey(Store store)
    {
        var rsa = RSA.Create();
        rsa.ImportRSAPrivateKey(Convert.FromBase64String(store["key.rsa"] ??= Fresh.Value), out _);
        return new RsaSecurityKey(rsa) { KeyId = "sandbox" };
    }
}
