using CalDavServer.Options;
using ProviderBridge.Google;

namespace CalDavServer.Hosting;

/// <summary>
/// This server as it is registered at Google: <c>googleclientid</c> and <c>googleclientsecret</c>; and where Google is: <c>googleauthorizeurl</c>, <c>googletokenurl</c>, <c>googlerevokeurl</c> and <c>googleapiurl</c>,
/// which are for a stand-in. <c>googleuserrequests</c> and <c>googleprojectrequests</c> say how many requests a minute Google allows: they are in its console.
/// </summary>
internal static class GoogleOptions
{
    /// <summary>Reads them; null when the server is not registered.</summary>
    /// <exception cref="CommandFailure">One is missing or not valid.</exception>
    public static GoogleApp? Read(IConfiguration settings)
    {
        if (Registration.Read(settings, "google", "Google's console") is not var (id, secret)) return null;
        var app = new GoogleApp(id, secret);
        return app with
        {
            RequestsOfUser = settings.ReadNumber("googleuserrequests", 60, 1_000_000, app.RequestsOfUser),
            RequestsOfProject = settings.ReadNumber("googleprojectrequests", 60, 10_000_000, app.RequestsOfProject),
            Authorize = settings.ReadAddress("googleauthorizeurl") ?? app.Authorize,
            Token = settings.ReadAddress("googletokenurl") ?? app.Token,
            Revoke = settings.ReadAddress("googlerevokeurl") ?? app.Revoke,
            Api = settings.ReadAddress("googleapiurl") ?? app.Api,
        };
    }
}
