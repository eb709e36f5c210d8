using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;

namespace ProviderBridge.Halaxy;

/// <summary>
/// What was a meeting of Halaxy, and became a patient appointment here while its diary was not connected: Halaxy cannot be told who comes, and its meeting says nothing of them. It is the practice's own from then on, with all
/// that it has, and the meeting is another one.
/// </summary>
internal static class HalaxyMadeOwn
{
    /// <summary>Whether a copy became one.</summary>
    /// <param name="shown">What the diary and Halaxy had when they were last compared.</param>
    /// <param name="copy">What the diary has.</param>
    public static bool Is(HalaxyShown? shown, MirroredCopy copy) => shown is { PatientIds.Count: 0 } && copy is { IsPatient: true, HalaxyId: not null };

    /// <summary>The steps after which it is the practice's own, and somebody is told.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> KeepAsync(IStoreSnapshot snapshot, Instant now, HalaxyItem item, HalaxyCopy place, MirroredCopy copy) =>
    [
        .. await Mirroring.ReleaseAsync(snapshot, now, AuditActor.Server, place.Appointment),
        (HalaxyComparison.OverruledOf(item, place, copy, MirroredFields.None, now) with { IsOwnNow = true }).Put(),
    ];
}
