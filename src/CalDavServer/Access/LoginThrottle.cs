using System.Net;
using System.Net.Sockets;
using NodaTime;

namespace CalDavServer.Access;

/// <summary>
/// Slows the guessing of passwords, per address and per account. An account under attack stays open to addresses without failures of their
/// own, so nobody is locked out
/// by what others do. Successful logins are not counted.
/// </summary>
internal sealed class LoginThrottle(IClock clock)
{
    private readonly Lock _lock = new();
    private readonly FailureMeter _addresses = new(burst: 20, interval: Duration.FromSeconds(15));
    private readonly FailureMeter _accounts = new(burst: 10, interval: Duration.FromSeconds(30));

    /// <summary>
    /// Counts an attempt before its password is verified, so that many at once cannot slip through. 0: go on; otherwise the seconds to
    /// wait, and nothing was counted.
    /// </summary>
    public int Begin(string login, IPAddress? address)
    {
        var place = PlaceOf(address);
        var now = clock.GetCurrentInstant();
        lock (_lock)
        {
            var wait = _addresses.Wait(place, now);
            if (wait <= Duration.Zero) wait = Duration.Min(_accounts.Wait(login, now), _addresses.UntilClean(place, now));
            if (wait > Duration.Zero) return Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
            _addresses.Add(place, now);
            _accounts.Add(login, now);
            return 0;
        }
    }

    /// <summary>Takes back an attempt that succeeded.</summary>
    public void Forgive(string login, IPAddress? address)
    {
        lock (_lock)
        {
            _addresses.Remove(PlaceOf(address));
            _accounts.Remove(login);
        }
    }

    /// <summary>Where a request comes from, as it is counted: an IPv6 client has a whole /64 to itself.</summary>
    public static string PlaceOf(IPAddress? address)
    {
        if (address is null) return string.Empty;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
