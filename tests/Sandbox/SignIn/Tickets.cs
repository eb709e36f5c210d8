using System.Globalization;
using System.Security.Claims;
using OpenIddict.Abstractions;
using Sandbox.State;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Sandbox.SignIn;

/// <summary>What the tokens carry.</summary>
public static class Tickets
{
    public static ClaimsPrincipal For(Account account, Grant grant)
    {
        var identity = new ClaimsIdentity("sandbox", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, account.Subject).SetClaim(Claims.Email, account.Email).SetClaim(Claims.Name, account.Email.Split('@')[0])
            .SetClaim(SignInClaims.Grant, grant.Id).SetClaim(SignInClaims.Vendor, account.Vendor).SetClaim(SignInClaims.Code, Ids.Uuid())
            .SetClaim(SignInClaims.Generation, grant.Generation.ToString(CultureInfo.InvariantCulture));
        if (account.Vendor == "google") identity.SetClaim(Claims.EmailVerified, true);
        else identity.SetClaim("oid", account.Subject).SetClaim("tid", account.Tenant).SetClaim(Claims.PreferredUsername, account.Email).SetClaim("ver", "2.0");
        identity.SetScopes(grant.Scopes.Concat(grant.HasRefreshToken ? [Scopes.OfflineAccess] : []).Distinct());
        identity.SetDestinations(Destinations);
        return new ClaimsPrincipal(identity);
    }

    private static IEnumerable<string> Destinations(Claim claim) => claim.Type switch
    {
        SignInClaims.Code or SignInClaims.Generation => [],
        SignInClaims.Grant or SignInClaims.Vendor => [OpenIddictConstants.Destinations.AccessToken],
        Claims.Subject => [OpenIddictConstants.Destinations.AccessToken, OpenIddictConstants.Destinations.IdentityToken],
        _ => [OpenIddictConstants.Destinations.IdentityToken],
    };
}
