using System.Globalization;
using NodaTime;

namespace Sandbox.State;

/// <summary>The stand-ins' time: it runs, at a distance from the machine's that the user API sets, or stands still.</summary>
public sealed class VirtualClock(Store store) : TimeProvider, IClock
{
    public Instant GetCurrentInstant()
    {
        if (store["clock.still"] is { } still) return Instant.FromUnixTimeMilliseconds(Number(still));
        return SystemClock.Instance.GetCurrentInstant() + Duration.FromMilliseconds(Number(store["clock.ahead"] ?? "0"));
    }

    public override DateTimeOffset GetUtcNow() => GetCurrentInstant().ToDateTimeOffset();

    public bool Runs => store["clock.still"] is null;

    public void Set(Instant now, bool running)
    {
        store["clock.still"] = running ? null : Text(now.ToUnixTimeMilliseconds());
        store["clock.ahead"] = running ? Text((long)(now - SystemClock.Instance.GetCurrentInstant()).TotalMilliseconds) : null;
    }

    public void Advance(Duration by) => Set(GetCurrentInstant() + by, Runs);

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
