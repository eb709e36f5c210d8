using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Diaries;

namespace CalDavServer.Web.Devices;

/// <summary>How far the inclusion of existing appointments is.</summary>
/// <param name="Inclusion">What was begun.</param>
/// <param name="Waiting">How many are not in the calendar yet.</param>
/// <param name="IsRunning">Whether it goes on by itself.</param>
internal sealed record InclusionProgress(Inclusion Inclusion, int Waiting, bool IsRunning)
{
    public bool HasEnded => Inclusion.Ended is not null;

    public bool HasStopped => !HasEnded && !IsRunning;

    public int Done => Math.Clamp(Inclusion.Total - Waiting, 0, Inclusion.Total);

    /// <summary>The progress of a practitioner's last inclusion; null when there never was one.</summary>
    public static async Task<InclusionProgress?> FindAsync(ICalendarStore store, IClock clock, Inclusions inclusions, Principal practitioner)
    {
        // in this order: one that ends in between is not taken for one that has stopped
        var isRunning = inclusions.IsRunning(practitioner.Id);
        Practice.Diaries.Inclusion? inclusion;
        using (var snapshot = await store.OpenSnapshotAsync()) inclusion = await Practice.Diaries.Inclusion.FindAsync(snapshot, practitioner.Id);
        if (inclusion is null) return null;
        var waiting = inclusion.Ended is null ? (await new Diary(store, clock, practitioner.Id, AuditActor.OnPages(practitioner)).SurveyAsync()).Waiting : 0;
        return new InclusionProgress(inclusion, waiting, isRunning);
    }
}
