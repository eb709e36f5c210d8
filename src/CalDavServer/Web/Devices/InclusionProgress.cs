using Calendaring.Store;
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
    public static async Task<InclusionProgress?> FindAsync(PracticeDiaries diaries, Inclusions inclusions, Principal practitioner, AuditActor by, CancellationToken cancelled)
    {
        // in this order: one that ends in between is not taken for one that has stopped
        var isRunning = inclusions.IsRunning(practitioner.Id);
        if (await diaries.FindInclusionAsync(practitioner.Id, cancelled) is not { } inclusion) return null;
        var waiting = inclusion.Ended is null ? (await diaries.Open(practitioner.Id, by).SurveyAsync(cancelled)).Waiting : 0;
        return new InclusionProgress(inclusion, waiting, isRunning);
    }
}
