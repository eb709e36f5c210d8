namespace ProviderBridge.Microsoft;

/// <summary>This server as it is registered at Microsoft (Entra), and where Microsoft answers.</summary>
/// <param name="ClientId">The id of the registered app.</param>
/// <param name="ClientSecret">Its secret.</param>
public sealed record MicrosoftApp(string ClientId, string ClientSecret)
{
    /// <summary>The page on which a person allows access: personal accounts, and those of work or school.</summary>
    public Uri Authorize { get; init; } = new("https://login.microsoftonline.com/common/oauth2/v2.0/authorize");

    /// <summary>Where tokens are given.</summary>
    public Uri Token { get; init; } = new("https://login.microsoftonline.com/common/oauth2/v2.0/token");

    /// <summary>The root of Microsoft Graph.</summary>
    public Uri Api { get; init; } = new("https://graph.microsoft.com/v1.0");
}
