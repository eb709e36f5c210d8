namespace Practice.People;

/// <summary>From where and with what somebody comes.</summary>
/// <param name="Address">The address; null when it is not known.</param>
/// <param name="UserAgent">What the browser calls itself, or null.</param>
/// <param name="Network">The network that the address is of, as accounts know places (<see cref="Account.Places"/>).</param>
public sealed record BrowserPlace(string? Address, string? UserAgent, string Network)
{
    /// <summary>What names the browser in a session: by network and not by address, because a browser does not always have the same one there.</summary>
    public string BrowserOf(string sessionId) => Session.BrowserOf(sessionId, Network, UserAgent);
}
