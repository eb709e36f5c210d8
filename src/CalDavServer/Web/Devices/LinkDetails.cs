using CalDavServer.Links;
using NodaTime;
using ProviderBridge.Sync;

namespace CalDavServer.Web.Devices;

/// <summary>What the page of a link tells beyond how it stands.</summary>
/// <param name="Conflicts">What both sides changed at once, newest first.</param>
/// <param name="Waiting">What one of the sides did not take.</param>
/// <param name="InParts">Series that are outside as single events.</param>
/// <param name="Timeline">What happened to the link, newest first.</param>
/// <param name="Due">How many appointments of the diary it is to mirror.</param>
internal sealed record LinkDetails(IReadOnlyList<ConflictView> Conflicts, IReadOnlyList<QuarantinedAppointment> Waiting, IReadOnlyList<SeriesInParts> InParts, IReadOnlyList<LinkEvent> Timeline, int Due)
{
    /// <summary>As many as are shown at once.</summary>
    public const int MaxShown = 20;

    public static LinkDetails Of(LinkReport report, DateTimeZone zone) => new(
        [.. report.Conflicts.Select(conflict => ConflictView.Of(conflict, zone)).Where(view => view.Rows.Count > 0)], report.Waiting, report.InParts, report.Timeline, report.Due);
}
