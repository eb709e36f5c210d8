using System.Globalization;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Sandbox.Faults;
using Sandbox.State;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Sandbox.SignIn;

/// <summary>Codes and refresh tokens become access tokens, if what they stand for is still allowed.</summary>
public sealed class TokenEndpoint(Store store, Grants grants, FaultScript faults)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(SignInSetup.GoogleToken, http => RunAsync(http, "google"));
        routes.MapPost(SignInSetup.MicrosoftToken, http => RunAsync(http, "microsoft"));
    }

    private async Task RunAsync(HttpContext http, string vendor)
    {
        var request = http.GetOpenIddictServerRequest()!;
        var principal = (await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        var struck = new Struck(faults.Take(vendor + ".token", null));
        if (await struck.BeforeAsync(http)) return;
        if (struck[FaultKinds.Status] is { } fault)
        {
            http.Response.StatusCode = fault.Status;
            return;
        }
        var rotate = vendor == "microsoft" || struck.Has(FaultKinds.RotateToken);
        var refreshing = request.IsRefreshTokenGrantType();
        var id = principal?.GetClaim(SignInClaims.Grant);
        var grant = refreshing ? grants.Refresh(id, Generation(principal), rotate && vendor == "google")
            : grants.UseCode(principal?.GetClaim(SignInClaims.Code)) ? grants.Find(id) : null;
        if (grant is null || principal?.GetClaim(SignInClaims.Vendor) != vendor) await RefuseAsync(http);
        else await AnswerAsync(http, grant, keepRefreshToken: !refreshing || rotate, struck);
    }

    private async Task AnswerAsync(HttpContext http, Grant grant, bool keepRefreshToken, Struck struck)
    {
        var account = store.Locked(() => store.Accounts.FindById(grant.Account));
        http.Items[typeof(TokenAnswer.Note)] = new TokenAnswer.Note(string.Join(' ', grant.Scopes.Where(x => x != Scopes.OfflineAccess)), keepRefreshToken && grant.HasRefreshToken, account.Subject, account.Tenant);
        if (struck.After(http)) return;
        await http.SignInAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, Tickets.For(account, grant));
    }

    private static int Generation(System.Security.Claims.ClaimsPrincipal? principal) =>
        int.Parse(principal?.GetClaim(SignInClaims.Generation) ?? "-1", CultureInfo.InvariantCulture);

    private static Task RefuseAsync(HttpContext http) =>
        http.ForbidAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.InvalidGrant,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = "Token has been expired or revoked.",
        }));
}
