namespace CalDavServer.Web.Devices;

/// <summary>A service in which people look at their calendar, and what works with it today: said before anybody pays.</summary>
/// <param name="Way">The last part of the address of its page.</param>
/// <param name="Name">What it is called.</param>
/// <param name="What">What it is, in a few words.</param>
/// <param name="Works">What works.</param>
internal sealed record Service(string Way, string Name, string What, string Works);

/// <summary>The services that people choose from (R10).</summary>
internal static class Services
{
    private const string Microsoft = "Both ways in Outlook on Windows, with the free add-in CalDav Synchronizer. In Outlook on the web: to look at, by the one-way feed.";

    public static IReadOnlyList<Service> All { get; } =
    [
        new("apple", "iCloud / Apple Calendar", "iPhone, iPad and Mac", "Both ways: the device asks this server itself. An iCloud account cannot be connected."),
        new("google", "Google", "Google Calendar", "Both ways on an Android phone, with the app DAVx⁵. In Google Calendar on the web: to look at, by the one-way feed."),
        new("outlook", "Outlook.com", "a personal Microsoft account", Microsoft),
        new("office365", "Office 365", "Microsoft 365 for work", Microsoft),
        new("exchange", "Exchange", "a server of your organisation", Microsoft),
        new("app", "Another calendar app", "Thunderbird, DAVx⁵, Evolution, GNOME, KDE, Outlook with CalDav Synchronizer, and every other CalDAV app", "Both ways."),
    ];
}
