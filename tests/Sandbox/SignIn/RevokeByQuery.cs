using System.Text;

namespace Sandbox.SignIn;

/// <summary>Google's library revokes by GET /revoke?token=…, others by a POST with the token in the query; OpenIddict reads a form.</summary>
public static class RevokeByQuery
{
    public static Task RewriteAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path == SignInSetup.GoogleRevoke && http.Request.Query["token"] is { Count: > 0 } token)
        {
            var form = Encoding.ASCII.GetBytes("token=" + Uri.EscapeDataString(token[0]!));
            http.Request.Method = HttpMethods.Post;
            http.Request.QueryString = QueryString.Empty;
            http.Request.ContentType = "application/x-www-form-urlencoded";
            http.Request.ContentLength = form.Length;
            http.Request.Body = new MemoryStream(form);
        }
        return next(http);
    }
}
