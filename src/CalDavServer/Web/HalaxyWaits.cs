using CalDavServer.Links.Halaxy;
using CalDavServer.Web.Pages.Settings.Halaxy;
using Practice.Groups;
using ProviderBridge.Halaxy;

namespace CalDavServer.Web;

/// <summary>Why what is changed in a diary does not reach Halaxy at the moment.</summary>
internal sealed class HalaxyWaits(HalaxyConnections connections, HalaxyRunner runner)
{
    /// <summary>The reason in a sentence; null when nothing holds it up, or the practice is not connected.</summary>
    public async Task<string?> FindAsync(PracticeGroup practice, CancellationToken cancelled) =>
        practice.IsConnected && await connections.FindAsync(practice.Id, cancelled) is { } connection ? HalaxyWords.Waiting(connection, runner.FailuresOf(practice.Id)) : null;
}
