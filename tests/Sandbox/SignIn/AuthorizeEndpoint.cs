using System.Collections.Immutable;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Sandbox.Pages;
using Sandbox.State;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Sandbox.SignIn;

/// <summary>The page on which a person signs in and ticks what they allow (§A1, granular consent; §B1).</summary>
public sealed class AuthorizeEndpoint(Store store, Accounts accounts, Grants grants)
{
    private static readonly HashSet<string> OfSignIn = [Scopes.OpenId, Scopes.Email, Scopes.Profile, Scopes.OfflineAccess];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(SignInSetup.GoogleAuthorize, ["GET", "POST"], http => RunAsync(http, "google"));
        routes.MapMethods(SignInSetup.MicrosoftAuthorize, ["GET", "POST"], http => RunAsync(http, "microsoft"));
    }

    private async Task RunAsync(HttpContext http, string vendor)
    {
        var request = http.GetOpenIddictServerRequest()!;
        var choice = HttpMethods.IsPost(http.Request.Method) ? (await http.Request.ReadFormAsync()) : null;
        if (choice?["sandbox_choice"].FirstOrDefault() is not { } chosen) await ShowAsync(http, vendor, request);
        else if (chosen == "cancel") await RefuseAsync(http);
        else await AllowAsync(http, vendor, request, choice);
    }

    private async Task ShowAsync(HttpContext http, string vendor, OpenIddictRequest request)
    {
        var known = store.Locked(() => store.Accounts.Find(x => x.Vendor == vendor).Select(x => x.Email).ToList());
        var parameters = request.GetParameters().SelectMany(x => ((ImmutableArray<string?>?)x.Value ?? []).Select(y => (x.Key, y ?? "")));
        var action = (string?)http.Items["sandbox.path"] ?? http.Request.Path.Value!;
        await Html.WriteAsync(http, ConsentPage.Of(vendor, action, known, request.LoginHint, request.GetScopes().Where(x => !OfSignIn.Contains(x)), parameters));
    }

    private static Task RefuseAsync(HttpContext http) =>
        http.ForbidAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.AccessDenied,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = "The person cancelled.",
        }));

    private async Task AllowAsync(HttpContext http, string vendor, OpenIddictRequest request, IFormCollection choice)
    {
        var email = choice["sandbox_new"].FirstOrDefault() is { Length: > 0 } typed ? typed.Trim().ToLowerInvariant() : choice["sandbox_account"].FirstOrDefault();
        if (string.IsNullOrEmpty(email) || !email.Contains('@'))
        {
            await ShowAsync(http, vendor, request);
            return;
        }
        var account = accounts.GetOrCreate(vendor, email, choice["sandbox_zone"].FirstOrDefault() is { Length: > 0 } zone ? zone : "UTC");
        var earlier = grants.Live(account.Id, request.ClientId!);
        var ticked = choice["sandbox_scope"].OfType<string>().ToHashSet();
        var scopes = request.GetScopes().Where(x => ticked.Contains(x) || OfSignIn.Contains(x)).ToList();
        if (request.GetParameter("include_granted_scopes") is { } include && (string?)include == "true") scopes = [.. scopes.Union(earlier.SelectMany(x => x.Scopes))];
        var refresh = vendor == "google" ? GoogleGivesRefreshToken(request, earlier) : request.HasScope(Scopes.OfflineAccess);
        var grant = grants.Allow(account, request.ClientId!, scopes, refresh);
        await http.SignInAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme, Tickets.For(account, grant));
    }

    /// <summary>§A1: only with access_type=offline, and then with prompt=consent or the first time.</summary>
    private static bool GoogleGivesRefreshToken(OpenIddictRequest request, IReadOnlyList<Grant> earlier) =>
        (string?)request.GetParameter("access_type") == "offline" && (request.HasPromptValue(PromptValues.Consent) || !earlier.Any(x => x.HasRefreshToken));
}
