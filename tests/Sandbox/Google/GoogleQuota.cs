using NodaTime;
using Sandbox.State;

namespace Sandbox.Google;

/// <summary>§A5: so many units a minute for each user and for the project, in a window that slides.</summary>
public sealed class GoogleQuota(VirtualClock clock, SandboxOptions options)
{
    private readonly Queue<(Instant At, string Who, int Cost)> _taken = [];

    public void Take(Grant grant, int cost)
    {
        var now = clock.GetCurrentInstant();
        while (_taken.TryPeek(out var oldest) && (oldest.At <= now - Duration.FromMinutes(1) || oldest.At > now)) _taken.Dequeue();
        var who = grant.Client + " " + grant.Account;
        if (_taken.Where(x => x.Who == who).Sum(x => x.Cost) + cost > options.GoogleUserUnits) throw Refusal.UserRate();
        if (_taken.Sum(x => x.Cost) + cost > options.GoogleProjectUnits) throw Refusal.Rate();
        _taken.Enqueue((now, who, cost));
    }
}
