using CalDavServer.Links;

namespace CalDavServer.Web.Devices;

/// <summary>A service in which people look at their calendar, and what works with it today: said before anybody pays.</summary>
/// <param name="Way">The last part of the address of its page.</param>
/// <param name="Name">What it is called.</param>
/// <param name="What">What it is, in a few words.</param>
/// <param name="Works">What works.</param>
/// <param name="Provider">The provider of its accounts, where they are connected in the account itself; null for what is added to a device.</param>
internal sealed record Service(string Way, string Name, string What, string Works, string? Provider = null);

/// <summary>The services that people choose from (R10).</summary>
internal static class Services
{
    private const string Microsoft = "Both ways in Outlook on Windows, with the free add-in CalDav Synchronizer. In Outlook on the web: to view only, through the one-way calendar feed.";

    private const string Google = "Both ways on an Android phone, with the app DAVx⁵. In Google Calendar on the web: to view only, through the one-way calendar feed.";

    /// <summary>All of them.</summary>
    /// <param name="providers">The providers whose accounts can be connected.</param>
    public static IReadOnlyList<Service> All(Providers providers) =>
    [
        new("apple", "iCloud / Apple Calendar", "iPhone, iPad and Mac", "Both ways: the device connects directly to this server."),
        InAccount(providers, new("icloud", "iCloud account", "the calendars of your Apple Account", "", "icloud")),
        InAccount(providers, new("google", "Google", "Google Calendar", Google, "google")),
        InAccount(providers, new("outlook", "Outlook.com", "a personal Microsoft account", Microsoft, "microsoft")),
        InAccount(providers, new("office365", "Office 365", "Microsoft 365 for work", Microsoft, "microsoft")),
        InAccount(providers, new("exchange", "Exchange", "a server of your organisation", Microsoft, "exchange")),
        InAccount(providers, new("caldav", "Another CalDAV account", "Fastmail, Nextcloud, mailbox.org, Zoho and others", "", "caldav")),
        new("app", "Another calendar app", "Thunderbird, DAVx⁵, Evolution, GNOME, KDE, Outlook with CalDav Synchronizer, and every other CalDAV app", "Both ways."),
    ];

    private static Service InAccount(Providers providers, Service service) =>
        service.Provider is { } id && providers.Find(id) is { } provider ? service with { Works = provider.Words.Works } : service;
}
