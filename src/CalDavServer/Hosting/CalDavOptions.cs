using CalDavServer.Options;
using ProviderBridge.CalDav;

namespace CalDavServer.Hosting;

/// <summary>
/// Which CalDAV servers may be asked: <c>caldavinternal</c> names servers of the own network, <c>davmail</c> is the address of the gateway to the organisation's Exchange server, and <c>icloudaddress</c> is where iCloud is, which is
/// for a stand-in.
/// </summary>
internal static class CalDavOptions
{
    private static readonly char[] Between = [',', ';', ' '];

    /// <summary>Reads them.</summary>
    /// <exception cref="CommandFailure">One is not valid.</exception>
    public static CalDavReach Read(IConfiguration settings)
    {
        var named = (settings["caldavinternal"] ?? "").Split(Between, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Host).ToList();
        var (davMail, iCloud) = (settings.ReadAddress("davmail"), settings.ReadAddress("icloudaddress"));
        // what the operator sets is allowed wherever it is
        named.AddRange(new[] { davMail, iCloud }.OfType<Uri>().Select(address => $"{address.IdnHost}:{address.Port}"));
        var reach = new CalDavReach { Internal = named, DavMail = davMail };
        return iCloud is null ? reach : reach with { ICloud = iCloud };
    }

    private static string Host(string text) =>
        Uri.TryCreate($"https://{text}/", UriKind.Absolute, out var address) && address.AbsolutePath == "/" && address.UserInfo.Length == 0
            ? text
            : throw new CommandFailure($"The setting 'caldavinternal' names '{text}': it must be names of servers, with or without a port, such as 'calendar.example.lan:8443'.");
}
