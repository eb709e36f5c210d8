using Calendaring.Store;
using NodaTime;
using NodaTime.Text;
using Practice.Diaries;
using Practice.Hx;

namespace CalDavServer.Web.Devices;

/// <summary>How a practitioner's sync does.</summary>
internal sealed record SyncHealth
{
    /// <summary>How a form names an occurrence.</summary>
    public static LocalDateTimePattern Key { get; } = LocalDateTimePattern.ExtendedIso;

    public required HxState Access { get; init; }

    /// <summary>Whether two-way sync has been bought, or does not have to be.</summary>
    public required bool HasAccess { get; init; }

    public required DiarySurvey Survey { get; init; }

    public required IReadOnlyList<DeviceHealth> Devices { get; init; }

    public required InclusionProgress? Inclusion { get; init; }

    /// <summary>What devices wrote and was not taken, newest first.</summary>
    public required IReadOnlyList<Difference> Differences { get; init; }

    /// <summary>As many as are shown at once.</summary>
    public const int MaxShown = 20;

    public IReadOnlyList<Appointment> Kept => Survey.Kept;

    /// <summary>Whether nothing waits for the practitioner.</summary>
    public bool IsWell => !HasEnded && Kept.Count == 0 && Differences.Count == 0 && Inclusion is not { HasStopped: true } and not { HasEnded: true, Inclusion.Even: false };

    /// <summary>Whether it was paid for and is no longer: what devices write is refused.</summary>
    public bool HasEnded => SyncState.Of(HasAccess, Access) == SyncState.Ended;

    public bool MayBuy => !HasAccess;

    public bool MayAdd => HasAccess;

    public SyncState State => SyncState.Of(HasAccess, Access);

    public string Sentence
    {
        get
        {
            if (State == SyncState.NotBought) return "Calendar Synchronisation has not been bought for you yet.";
            if (State == SyncState.Ended)
                return "Your subscription has ended: the calendar can be read on your devices, but changes made on them are refused. Nothing is lost: buy it again and everything catches up.";
            if (State == SyncState.NotSetUp) return "Calendar Synchronisation is bought: add it to your first device.";
            if (Survey.Live == 0) return "Your diary has no appointments to show.";
            return Survey.Waiting == 0 ? $"All your {Count(Survey.Served)} are in the calendar." : $"{Count(Survey.Served)} in the calendar; {Survey.Waiting} from before you set it up stay in the diary only.";
        }
    }

    private static string Count(int number) => DeviceWords.Count(number, "appointment");
}

/// <summary>How one device does.</summary>
/// <param name="Device">The device.</param>
/// <param name="LastFrom">When it last changed something; null when that is not known.</param>
/// <param name="LastTo">When something it shows last changed elsewhere; null when that is not known.</param>
/// <param name="Pending">How many changes were made elsewhere since it last asked.</param>
internal sealed record DeviceHealth(Credential Device, Instant? LastFrom, Instant? LastTo, int Pending)
{
    /// <summary>What has gone to it, in words.</summary>
    public string ToIt(DateTimeZone zone, Instant now)
    {
        if (Device.LastUsed is null) return "nothing yet";
        if (Pending > 0) return $"{DeviceWords.Count(Pending, "change")} since it last asked";
        return LastTo is { } last ? $"up to date, last change {DeviceWords.At(last, zone, now)}" : "up to date";
    }
}

/// <summary>How a practitioner's sync does, as an administrator sees it: no content.</summary>
internal sealed record PractitionerHealth(string Name, SyncState State, int Devices, Instant? LastSeen);
