using NodaTime;
using ProviderBridge.Halaxy;

namespace CalDavServer.Links.Halaxy;

/// <summary>What is known of a practice that is connected.</summary>
internal sealed class ConnectedPractice(string groupId)
{
    private const int MostHints = 1000;

    /// <summary>How often a connection that waits for its key is tried: a refusal may have been a moment's.</summary>
    private static readonly Duration TryEvery = Duration.FromMinutes(10);

    /// <summary>As long as webhooks came lately, not every minute has to be asked what changed.</summary>
    private static readonly Duration HooksCount = Duration.FromDays(1);

    /// <summary>Each kind that says what is new has to have come within this time: a practice may have made only one of its webhooks.</summary>
    private static readonly Duration KindsCount = Duration.FromDays(7);

    /// <summary>How often all is compared because a webhook did not say what was deleted.</summary>
    private static readonly Duration CompareEvery = Duration.FromMinutes(15);
    private readonly HashSet<string> _hinted = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Instant> _hooks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _untold = new(StringComparer.Ordinal);
    private Instant _passed = Instant.MinValue;
    private int _asked;
    private int _answered;
    private int _looks;
    private int _compares;
    private Instant? _tried;
    private (Instant Since, int Count) _inVain;
    private Instant? _comparedFor;

    public string GroupId => groupId;

    public Schedule Schedule { get; } = new();

    /// <summary>Whether it is tried now if the key is good again: not each time that a diary changes.</summary>
    public bool IsToTry(Instant now)
    {
        if (_tried > now - TryEvery) return false;
        _tried = now;
        return true;
    }

    /// <summary>How many appointments may be asked for in vain by the next pass: so many a minute, however many hooks come.</summary>
    public int MayAskInVain(Instant now)
    {
        if (_inVain.Since <= now - Duration.FromMinutes(1) || _inVain.Since > now) _inVain = (now, 0);
        return HalaxyPass.MostAskedInVain - _inVain.Count;
    }

    /// <summary>So many were.</summary>
    public void AskedInVain(int count) => _inVain.Count += count;

    /// <summary>How often somebody asked for a look.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public bool IsAsked => Asked != Volatile.Read(ref _answered);

    public void Ask() => Interlocked.Increment(ref _asked);

    /// <summary>The boxes that are ticked are to be looked at.</summary>
    public void Look() => Volatile.Write(ref _looks, 1);

    /// <summary>Whether they are to be, once.</summary>
    public bool TakeLook() => Interlocked.Exchange(ref _looks, 0) == 1;

    /// <summary>A look is done that began after so many were asked for.</summary>
    public void Answer(int asked) => Volatile.Write(ref _answered, asked);

    /// <summary>Whether all was compared since the server was started: webhooks that came while it was away, or that it had not followed, are known to nobody.</summary>
    public bool HasCompared { get; set; }

    public HalaxyHook? Hook
    {
        get;
        set
        {
            // what came at an address that was forgotten says nothing of the new one
            if (field is { } before && value?.Secret != before.Secret)
            {
                lock (_lock) _hooks.Clear();
                RefusedHook = null;
            }

            field = value;
        }
    }

    public bool AsksHeader { get; set; }

    /// <summary>When a webhook came last that did not bring the header; null for never.</summary>
    public Instant? RefusedHook { get; set; }

    /// <summary>When a webhook came last; null for never.</summary>
    public Instant? LastHook
    {
        get
        {
            lock (_lock) return _hooks.Count > 0 ? _hooks.Values.Max() : null;
        }
    }

    /// <summary>Whether webhooks tell of what is booked and of what is changed.</summary>
    public bool IsTold(Instant now)
    {
        lock (_lock) return _untold.Count == 0 && _hooks.Values.Any(at => at > now - HooksCount) && HalaxyWebhooks.OfNews.All(kind => _hooks.TryGetValue(kind, out var at) && at > now - KindsCount);
    }

    /// <summary>Notes that a webhook came.</summary>
    public void Heard(string kind, Instant now)
    {
        lock (_lock)
        {
            _hooks[kind] = now;
            _untold.Remove(kind);
        }
    }

    /// <summary>Notes of which changes no webhook told: their kind counts again once one comes. One that named nothing may have told of what a pass found that began after it.</summary>
    public void Found(HalaxyPass pass, Instant began)
    {
        lock (_lock)
        {
            if (pass.HasUntoldBooking) Miss(HalaxyWebhooks.Created);
            if (pass.HasUntoldChange) Miss(HalaxyWebhooks.Updated);
            _passed = began;
        }
    }

    private void Miss(string kind)
    {
        if (!_hooks.TryGetValue(kind, out var at) || at < _passed) _untold.Add(kind);
    }

    /// <summary>Notes what webhooks named. More than are remembered are found by the search for what changed lately.</summary>
    public void Hint(IEnumerable<string> ids)
    {
        lock (_lock)
        {
            foreach (var id in ids)
            {
                if (_hinted.Count < MostHints) _hinted.Add(id);
            }
        }
    }

    /// <summary>Has all compared by the next pass, a few times an hour at most: something was deleted, and nobody said what.</summary>
    public void CompareSoon(Instant now)
    {
        if (_comparedFor is { } last && last <= now && last > now - CompareEvery) return;
        _comparedFor = now;
        Compare();
    }

    /// <summary>All is to be compared by the next pass.</summary>
    public void Compare() => Volatile.Write(ref _compares, 1);

    /// <summary>Whether it is to be, once.</summary>
    public bool TakeCompare() => Interlocked.Exchange(ref _compares, 0) == 1;

    public string[] TakeHints()
    {
        lock (_lock)
        {
            string[] taken = [.. _hinted];
            _hinted.Clear();
            return taken;
        }
    }
}
