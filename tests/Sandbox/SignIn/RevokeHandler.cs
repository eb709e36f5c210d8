using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Sandbox.SignIn;

/// <summary>Google's /revoke: either token ends everything that the account has allowed the client.</summary>
public sealed class RevokeHandler(Grants grants) : IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    public ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        var grant = grants.Find(context.GenericTokenPrincipal.GetClaim(SignInClaims.Grant));
        if (grant is null) context.Reject("invalid_token", "Token expired or revoked");
        else grants.RevokeAll(grant.Account, grant.Client);
        if (grant is not null) context.HandleRequest();
        return default;
    }
}
