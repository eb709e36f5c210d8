using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Sandbox.SignIn;

/// <summary>The one app that is registered: its id, its secret and the addresses that sign-in may return to.</summary>
public sealed class Clients(SandboxOptions options) : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>, IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (context.ClientId != options.ClientId) context.Reject(Errors.InvalidClient, "The OAuth client was not found.");
        else if (!Fits(context.RedirectUri)) context.Reject(Errors.InvalidRequest, "redirect_uri_mismatch");
        return default;
    }

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (context.ClientId != options.ClientId) context.Reject(Errors.InvalidClient, "The OAuth client was not found.");
        else if (context.ClientSecret != options.ClientSecret) context.Reject(Errors.InvalidClient, "Unauthorized");
        return default;
    }

    private bool Fits(string? address) =>
        options.RedirectUris.Count > 0 ? options.RedirectUris.Contains(address) : Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsLoopback;
}
