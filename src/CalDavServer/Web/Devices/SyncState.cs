using Practice.Hx;

namespace CalDavServer.Web.Devices;

/// <summary>Where a practitioner's two-way sync stands, with the badge's class.</summary>
internal sealed record SyncState(string Name, string Badge)
{
    public static SyncState NotBought { get; } = new("Not bought", "");

    public static SyncState NotSetUp { get; } = new("Not set up", "warn");

    public static SyncState On { get; } = new("On", "good");

    public static SyncState Ended { get; } = new("Ended", "bad");

    /// <summary>What devices are refused has ended, whatever the subscription says.</summary>
    public static SyncState Of(bool hasAccess, HxState access) => (hasAccess, access) switch
    {
        (_, HxState.Lapsed) => Ended,
        (false, HxState.NotStarted) => NotBought,
        (true, HxState.NotStarted) => NotSetUp,
        (false, _) => Ended,
        _ => On,
    };
}
