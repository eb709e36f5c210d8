using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Validation.AspNetCore;
using Sandbox.State;

namespace Sandbox.SignIn;

/// <summary>Who calls an API: OpenIddict checks the access token, the store whether what it stands for is still allowed.</summary>
public sealed class Bearer(Grants grants)
{
    public async Task<Grant?> ReadAsync(HttpContext http, string vendor)
    {
        var result = await http.AuthenticateAsync(OpenIddictValidationAspNetCoreDefaults.AuthenticationScheme);
        if (result.Principal?.GetClaim(SignInClaims.Vendor) != vendor) return null;
        return grants.Find(result.Principal.GetClaim(SignInClaims.Grant));
    }
}
