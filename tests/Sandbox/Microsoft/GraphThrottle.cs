using NodaTime;
using Sandbox.State;

namespace Sandbox.Microsoft;

/// <summary>§B5: four calls at a time, and 10 000 in ten minutes, for an app and a mailbox.</summary>
public sealed class GraphThrottle(VirtualClock clock, SandboxOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _running = [];
    private readonly Dictionary<string, Queue<Instant>> _taken = [];

    public Action Enter(Grant grant)
    {
        var who = grant.Client + " " + grant.Account;
        lock (_gate)
        {
            var now = clock.GetCurrentInstant();
            if (!_taken.TryGetValue(who, out var taken)) _taken[who] = taken = [];
            while (taken.TryPeek(out var oldest) && oldest <= now - Duration.FromMinutes(10)) taken.Dequeue();
            var running = _running.GetValueOrDefault(who);
            if (running >= options.GraphConcurrent || taken.Count >= options.GraphCalls) throw GraphRefusal.Throttled();
            taken.Enqueue(now);
            _running[who] = running + 1;
        }
        return () =>
        {
            lock (_gate) _running[who]--;
        };
    }
}
