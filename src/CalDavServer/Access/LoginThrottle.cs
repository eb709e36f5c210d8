using CalDavServer.Http;
using NodaTime;

namespace CalDavServer.Access;

/// <summary>
/// Slows the guessing of passwords, by what was typed for a login and by where it comes from; never by whose account it is, which would tell that there is one. Nobody is locked out by what others do: an
/// address that signed in to the account before has a count of its own, and until the account's ceiling an address without failures of its own is let through. Successful logins are not counted.
/// </summary>
internal sealed class LoginThrottle(IClock clock)
{
    // somebody else in a large network may have mistyped a password: it is clean all the same
    private const int NetworkSlack = 5;

    private readonly Lock _lock = new();
    private readonly FailureMeter _places = new(burst: 20, interval: Duration.FromSeconds(15));
    private readonly FailureMeter _networks = new(burst: 40, interval: Duration.FromSeconds(15));
    private readonly FailureMeter _accounts = new(burst: 10, interval: Duration.FromSeconds(30));
    private readonly FailureMeter _ceilings = new(burst: 50, interval: Duration.FromMinutes(2));
    private readonly FailureMeter _known = new(burst: 10, interval: Duration.FromSeconds(30));

    /// <summary>Guesses from where somebody signed in before: never stopped for good, but the owner is told of them.</summary>
    private readonly FailureMeter _alarms = new(burst: 50, interval: Duration.FromMinutes(2));

    /// <summary>Counts an attempt before its password is verified, so that many at once cannot slip through.</summary>
    /// <param name="account">What was typed, in its canonical form.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="isKnown">Whether somebody signed in to the account from there before.</param>
    public Verdict Begin(string account, in Origin origin, bool isKnown = false)
    {
        var now = clock.GetCurrentInstant();
        lock (_lock)
        {
            if (isKnown) return BeginKnown(account, KnownKey(account, origin), now);
            var ceiling = _ceilings.Wait(account, now);
            var wait = Duration.Max(Duration.Max(PlaceWait(origin, now), ceiling), Duration.Min(_accounts.Wait(account, now), UntilClean(origin, now)));
            if (wait > Duration.Zero) return new Verdict(Seconds(wait), ceiling > Duration.Zero);
            Add(origin, now);
            _accounts.Add(account, now);
            _ceilings.Add(account, now);
            return new Verdict(0, _ceilings.Wait(account, now) > Duration.Zero);
        }
    }

    /// <summary>Counts an attempt at what is no account, by where it comes from.</summary>
    public Verdict BeginAt(in Origin origin)
    {
        var now = clock.GetCurrentInstant();
        lock (_lock)
        {
            var wait = PlaceWait(origin, now);
            if (wait > Duration.Zero) return new Verdict(Seconds(wait), false);
            Add(origin, now);
            return default;
        }
    }

    /// <summary>Takes back an attempt that succeeded.</summary>
    public void Forgive(string account, in Origin origin, bool isKnown = false)
    {
        lock (_lock)
        {
            if (isKnown)
            {
                _known.Remove(KnownKey(account, origin));
                _alarms.Remove(account);
                return;
            }

            _places.Remove(origin.Place);
            if (origin.Network is { } network) _networks.Remove(network);
            _accounts.Remove(account);
            _ceilings.Remove(account);
        }
    }

    private Verdict BeginKnown(string account, string known, Instant now)
    {
        var wait = _known.Wait(known, now);
        if (wait > Duration.Zero) return new Verdict(Seconds(wait), false);
        _known.Add(known, now);
        if (_alarms.Wait(account, now) > Duration.Zero) return new Verdict(0, true);
        _alarms.Add(account, now);
        return default;
    }

    private Duration PlaceWait(in Origin origin, Instant now)
    {
        var wait = _places.Wait(origin.Place, now);
        return origin.Network is { } network ? Duration.Max(wait, _networks.Wait(network, now)) : wait;
    }

    private Duration UntilClean(in Origin origin, Instant now)
    {
        var place = _places.UntilAtMost(0, origin.Place, now);
        return origin.Network is { } network ? Duration.Max(place, _networks.UntilAtMost(NetworkSlack, network, now)) : place;
    }

    private void Add(in Origin origin, Instant now)
    {
        _places.Add(origin.Place, now);
        if (origin.Network is { } network) _networks.Add(network, now);
    }

    private static string KnownKey(string account, in Origin origin) => $"{origin.Place} {account}";

    private static int Seconds(Duration wait) => Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
}

/// <summary>What the throttle says of an attempt.</summary>
/// <param name="Wait">0: it was counted, go on; otherwise the seconds to wait, and nothing was counted.</param>
/// <param name="IsCeiling">Whether all that the account takes from strangers has been tried; for an address that signed in before, as much from such addresses: that stops nobody.</param>
internal readonly record struct Verdict(int Wait, bool IsCeiling);
