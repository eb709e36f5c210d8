using CalDavServer.Options;

namespace CalDavServer.Hosting;

/// <summary>Reads how the server is registered at a provider.</summary>
internal static class Registration
{
    /// <summary>The client id and the client secret; null when neither is set.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="provider">What the names of the settings begin with.</param>
    /// <param name="place">Where both come from, in words.</param>
    /// <exception cref="CommandFailure">One is missing or not valid.</exception>
    public static (string Id, string Secret)? Read(IConfiguration settings, string provider, string place)
    {
        var (id, secret) = (settings[$"{provider}clientid"]?.Trim() ?? "", settings[$"{provider}clientsecret"]?.Trim() ?? "");
        if (id.Length == 0 && secret.Length == 0) return null;
        if (id.Length == 0 || secret.Length == 0) throw new CommandFailure($"The settings '{provider}clientid' and '{provider}clientsecret' belong together: set both, or neither. docs/providers.md says where they come from.");
        if (id.Any(char.IsWhiteSpace) || secret.Any(char.IsWhiteSpace)) throw new CommandFailure($"The settings '{provider}clientid' and '{provider}clientsecret' have no spaces in them: copy them again from {place}.");
        return (id, secret);
    }
}
