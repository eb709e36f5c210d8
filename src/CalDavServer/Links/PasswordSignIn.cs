using ProviderBridge.CalDav;

namespace CalDavServer.Links;

/// <summary>How accounts of a service are connected with a login and a password that are typed here.</summary>
/// <param name="Service">The service.</param>
/// <param name="Address">Where its server is; null where a person names it.</param>
internal sealed record PasswordSignIn(CalDavService Service, string? Address)
{
    /// <summary>How the login is asked for.</summary>
    public string LoginLabel { get; init; } = "Login";

    /// <summary>How the password is asked for.</summary>
    public string PasswordLabel { get; init; } = "Password";

    /// <summary>What to do before it can be typed, step by step.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>What most probably is wrong when a password is refused.</summary>
    public required Func<string, string> Refused { get; init; }
}
