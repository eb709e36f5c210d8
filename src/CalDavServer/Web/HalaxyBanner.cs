using CalDavServer.Web.Pages.Settings.Halaxy;
using CalDavServer.Web.SignIn;
using ProviderBridge.Halaxy;

namespace CalDavServer.Web;

/// <summary>What stands on top of an administrator's pages while the connection to Halaxy waits for one: until then no appointment comes or goes.</summary>
internal sealed partial class HalaxyBanner(HalaxyConnections connections, ILogger<HalaxyBanner> log)
{
    private const string Page = "/settings/integrations/halaxy";

    /// <summary>That which a page has to show; null when there is nothing to say. A page goes on without it.</summary>
    public async Task<Banner?> FindAsync(HttpContext context)
    {
        if (context.Features.Get<Person>() is not { IsAdministrator: true, Practice: { IsConnected: true } practice } || context.Request.Path.StartsWithSegments(Page)) return null;
        try
        {
            return await connections.FindAsync(practice.Id, context.RequestAborted) is { } connection && HalaxyWords.Needed(connection) is { } needed ? new Banner(needed, Page, "What to do") : null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failed(log, failure.GetType().Name);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "How the connection to Halaxy stands could not be read for a page ({Failure})")]
    private static partial void Failed(ILogger logger, string failure);
}
