using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace CalDavServer.Links;

/// <summary>A service whose accounts can be linked, as this server is set up. One is registered for each (<see cref="LinkHosting"/>); nothing else asks which it is.</summary>
/// <param name="Service">Its accounts and the calendars in them.</param>
/// <param name="Words">What it is called.</param>
internal sealed record Provider(IOutsideService Service, ProviderWords Words) : IDisposable
{
    /// <summary>Signing in on the service's own page; null where a page of this server asks for a password.</summary>
    public AccountConnection? SignIn { get; init; }

    /// <summary>Asking for a password on a page of this server; null where one signs in at the service.</summary>
    public PasswordSignIn? Password { get; init; }

    /// <summary>What has the service tell of changes; null where it can only be asked.</summary>
    public LinkChannels? Channels { get; init; }

    /// <summary>Maps the addresses at which the service tells; null where it does not.</summary>
    public Action<IApplicationBuilder, LinkRunner>? MapWebhooks { get; init; }

    public string Id => Service.Provider;

    /// <summary>Where an account is connected.</summary>
    public string ConnectPath => $"/settings/integrations/{Id}";

    public void Dispose()
    {
        (SignIn?.Page as IDisposable)?.Dispose();
        (Service as IDisposable)?.Dispose();
    }
}

/// <summary>How accounts of a service are connected by signing in there.</summary>
/// <param name="Page">The service's sign-in.</param>
/// <param name="Tokens">What it gives.</param>
internal sealed record AccountConnection(IAccountSignIn Page, AccountTokens Tokens);
