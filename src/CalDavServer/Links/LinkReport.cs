using Calendaring.Store;
using ProviderBridge.Sync;

namespace CalDavServer.Links;

/// <summary>What is known of a link beyond how it stands.</summary>
/// <param name="Conflicts">What both sides changed at once, newest first.</param>
/// <param name="Waiting">What one of the sides did not take.</param>
/// <param name="InParts">Series that are outside as single events.</param>
/// <param name="Timeline">What happened to the link, newest first.</param>
/// <param name="Due">How many appointments of the diary it is to mirror.</param>
internal sealed record LinkReport(IReadOnlyList<Conflict> Conflicts, IReadOnlyList<QuarantinedAppointment> Waiting, IReadOnlyList<SeriesInParts> InParts, IReadOnlyList<LinkEvent> Timeline, int Due)
{
    public static async Task<LinkReport> ReadAsync(IStoreSnapshot snapshot, Link link) => new(
        [.. (await Conflict.ListAsync(snapshot, link.PractitionerId)).Where(conflict => conflict.LinkId == link.Id).Reverse()],
        await QuarantinedAppointment.ListAsync(snapshot, link),
        await SeriesInParts.ListAsync(snapshot, link),
        [.. (await link.ReadTimelineAsync(snapshot)).Reverse()],
        await link.CountDueAsync(snapshot));
}
