using System.Globalization;
using NodaTime;
using Sandbox.State;

namespace Sandbox.Halaxy;

/// <summary>halaxy.md §4: 500 requests a minute for a practice, in a window that slides; refused ones count too.</summary>
public sealed class HalaxyRate(VirtualClock clock, SandboxOptions options)
{
    private readonly Dictionary<string, Queue<Instant>> _taken = [];

    public void Take(string practice, IHeaderDictionary headers)
    {
        var now = clock.GetCurrentInstant();
        if (!_taken.TryGetValue(practice, out var taken)) _taken[practice] = taken = [];
        while (taken.TryPeek(out var oldest) && (oldest <= now - Duration.FromMinutes(1) || oldest > now)) taken.Dequeue();
        taken.Enqueue(now);
        headers["x-ratelimit-limit"] = options.HalaxyCalls.ToString(CultureInfo.InvariantCulture);
        headers["x-ratelimit-remaining"] = Math.Max(0, options.HalaxyCalls - taken.Count).ToString(CultureInfo.InvariantCulture);
        if (taken.Count > options.HalaxyCalls) throw HalaxyException.TooMany((int)Math.Ceiling((taken.Peek() + Duration.FromMinutes(1) - now).TotalSeconds));
    }
}
