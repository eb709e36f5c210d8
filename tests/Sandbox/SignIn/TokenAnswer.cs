using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Sandbox.SignIn;

/// <summary>Gives the answers of /token the words of each vendor.</summary>
public sealed class TokenAnswer : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    /// <summary>What the token endpoint leaves for the answer.</summary>
    public sealed record Note(string Scope, bool KeepRefreshToken, string? Subject, string? Tenant);

    public ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        var http = context.Transaction.GetHttpRequest()!.HttpContext;
        var microsoft = http.Request.Path.StartsWithSegments("/microsoft");
        context.Response.ErrorUri = null;
        if (context.Response.Error == Errors.InvalidGrant) context.Response.ErrorDescription = Refused(context, microsoft);
        if (microsoft && context.Response.Error is not null) AddMicrosoftError(context.Response);
        if (http.Items[typeof(Note)] is Note note && context.Response.Error is null) Complete(context.Response, note, microsoft);
        return default;
    }

    private static string Refused(ApplyTokenResponseContext context, bool microsoft)
    {
        if (microsoft) return "AADSTS50173: The provided grant has expired due to it being revoked, a fresh auth token is needed.";
        return context.Request?.IsRefreshTokenGrantType() == true ? "Token has been expired or revoked." : "Bad Request";
    }

    private static void AddMicrosoftError(OpenIddictResponse response)
    {
        response.SetParameter("error_codes", JsonSerializer.SerializeToElement<List<int>>([50173]));
        response.SetParameter("correlation_id", Guid.NewGuid().ToString());
    }

    private static void Complete(OpenIddictResponse response, Note note, bool microsoft)
    {
        response.Scope = note.Scope;
        if (!note.KeepRefreshToken) response.RefreshToken = null;
        if (!microsoft) return;
        response.SetParameter("ext_expires_in", response.ExpiresIn);
        // which account it is, for Microsoft.Identity.Client's cache
        response.SetParameter("client_info", Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new { uid = note.Subject, utid = note.Tenant })));
    }
}
