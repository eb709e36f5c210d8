namespace ProviderBridge.Google;

/// <summary>This server as it is registered at Google, and where Google answers.</summary>
/// <param name="ClientId">The id of the registered app.</param>
/// <param name="ClientSecret">Its secret.</param>
public sealed record GoogleApp(string ClientId, string ClientSecret)
{
    /// <summary>How many requests a minute Google allows for one account.</summary>
    public int RequestsOfUser { get; init; } = 600;

    /// <summary>How many it allows for all accounts together: for the project in which this server is registered.</summary>
    public int RequestsOfProject { get; init; } = 10_000;

    /// <summary>The page on which a person allows access.</summary>
    public Uri Authorize { get; init; } = new("https://accounts.google.com/o/oauth2/v2/auth");

    /// <summary>Where tokens are given.</summary>
    public Uri Token { get; init; } = new("https://oauth2.googleapis.com/token");

    /// <summary>Where access is given back.</summary>
    public Uri Revoke { get; init; } = new("https://oauth2.googleapis.com/revoke");

    /// <summary>The root of the Calendar API.</summary>
    public Uri Api { get; init; } = new("https://www.googleapis.com/calendar/v3/");
}
