using CalDavServer.Options;
using ProviderBridge.Microsoft;

namespace CalDavServer.Hosting;

/// <summary>
/// This server as it is registered at Microsoft: <c>microsoftclientid</c> and <c>microsoftclientsecret</c>; and where Microsoft is: <c>microsoftauthorizeurl</c>, <c>microsofttokenurl</c> and <c>microsoftapiurl</c>, which are for a
/// stand-in.
/// </summary>
internal static class MicrosoftOptions
{
    /// <summary>Reads them; null when the server is not registered.</summary>
    /// <exception cref="CommandFailure">One is missing or not valid.</exception>
    public static MicrosoftApp? Read(IConfiguration settings)
    {
        if (Registration.Read(settings, "microsoft", "Entra") is not var (id, secret)) return null;
        // the list of secrets in Entra has both, side by side, and shows the secret itself only once
        if (Guid.TryParse(secret, out _)) throw new CommandFailure("The setting 'microsoftclientsecret' is the id of a secret: what is needed is its value, which Entra shows only when the secret is made. Make another, and copy its value.");
        var app = new MicrosoftApp(id, secret);
        return app with
        {
            Authorize = settings.ReadAddress("microsoftauthorizeurl") ?? app.Authorize,
            Token = settings.ReadAddress("microsofttokenurl") ?? app.Token,
            Api = settings.ReadAddress("microsoftapiurl") ?? app.Api,
        };
    }
}
