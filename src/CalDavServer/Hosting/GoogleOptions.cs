using CalDavServer.Options;
using ProviderBridge.Google;

namespace CalDavServer.Hosting;

/// <summary>
/// This server as it is registered at Google: <c>googleclientid</c> and <c>googleclientsecret</c>; and where Google is: <c>googleauthorizeurl</c>, <c>googletokenurl</c>, <c>googlerevokeurl</c> and <c>googleapiurl</c>,
/// which are for a stand-in.
/// </summary>
internal static class GoogleOptions
{
    /// <summary>Reads them; null when the server is not registered.</summary>
    /// <exception cref="CommandFailure">One is missing or not valid.</exception>
    public static GoogleApp? Read(IConfiguration settings)
    {
        var (id, secret) = (settings["googleclientid"]?.Trim() ?? "", settings["googleclientsecret"]?.Trim() ?? "");
        if (id.Length == 0 && secret.Length == 0) return null;
        if (id.Length == 0 || secret.Length == 0) throw new CommandFailure("The settings 'googleclientid' and 'googleclientsecret' belong together: set both, or neither. docs/providers.md says where they come from.");
        if (id.Any(char.IsWhiteSpace) || secret.Any(char.IsWhiteSpace)) throw new CommandFailure("The settings 'googleclientid' and 'googleclientsecret' have no spaces in them: copy them again from Google's console.");
        var app = new GoogleApp(id, secret);
        return app with
        {
            Authorize = Address(settings, "googleauthorizeurl", app.Authorize),
            Token = Address(settings, "googletokenurl", app.Token),
            Revoke = Address(settings, "googlerevokeurl", app.Revoke),
            Api = Address(settings, "googleapiurl", app.Api),
        };
    }

    private static Uri Address(IConfiguration settings, string name, Uri otherwise)
    {
        if (settings[name]?.Trim() is not { Length: > 0 } text) return otherwise;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))) return address;
        throw new CommandFailure($"The setting '{name}' is '{text}': it must be an https address, or an http one of this machine.");
    }
}
