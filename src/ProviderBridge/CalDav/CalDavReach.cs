using NodaTime;

namespace ProviderBridge.CalDav;

/// <summary>Which CalDAV servers may be asked: all on the internet over https, and those of the operator's own network that they name.</summary>
public sealed record CalDavReach
{
    /// <summary>Where iCloud is.</summary>
    public Uri ICloud { get; init; } = new("https://caldav.icloud.com/");

    /// <summary>Where the gateway to the organisation's Exchange server is; null for none.</summary>
    public Uri? DavMail { get; init; }

    /// <summary>Servers of the own network that may be asked, as <c>host</c> or <c>host:port</c>.</summary>
    public IReadOnlyCollection<string> Internal { get; init; } = [];

    /// <summary>How often a password has to be refused before that is believed, outside iCloud.</summary>
    internal const int MostDoubted = 3;

    /// <summary>How long a refused password is doubted: others refuse good ones while their directory is away.</summary>
    public Duration Doubt { get; init; } = Duration.FromMinutes(15);

    /// <summary>How long it is at iCloud, which refuses good ones while it is asked too often.</summary>
    public Duration DoubtAtICloud { get; init; } = Duration.FromMinutes(10);

    /// <summary>Whether an account of this address is one at iCloud.</summary>
    public bool IsICloud(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return CalDavSite.IsSame(ICloud, address);
    }

    /// <summary>Whether the operator allows a server although it is internal.</summary>
    internal bool AllowsInternal(string host, int port) =>
        Internal.Any(named => named.Equals(host, StringComparison.OrdinalIgnoreCase) || named.Equals($"{host}:{port}", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a password may be sent to an address at all: over https, or on this machine itself where the operator says so.</summary>
    internal bool MaySend(Uri address) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback && AllowsInternal(address.IdnHost.Trim('[', ']'), address.Port));
}
