using Calendaring.Store;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using ProviderBridge.Accounts;
using ProviderBridge.CalDav;

namespace CalDavServer.Links.CalDav;

/// <summary>iCloud, other CalDAV servers, and Exchange behind the gateway DavMail.</summary>
internal static partial class CalDavProviders
{
    private static readonly ProviderWords ICloudWords = new()
    {
        Name = "iCloud",
        Calendar = "iCloud",
        Works = "Both ways, in your iCloud account.",
        Sees = "The password that you make for it opens all your calendars there; this server reads and writes this one only.",
        Ending = "This server forgets the password.",
        TakeAway = "This server has forgotten the password. Revoke it at Apple too: account.apple.com, Sign-In and Security, App-Specific Passwords.",
    };

    private static readonly ProviderWords OtherWords = new()
    {
        Name = "your calendar server",
        Calendar = "CalDAV account",
        Account = "CalDAV account",
        Works = "Both ways, in an account at Fastmail, Nextcloud, mailbox.org, Zoho or any other CalDAV server.",
        Sees = "The password opens all that the account may see there; this server reads and writes this one calendar only.",
        Ending = "This server forgets the password.",
        TakeAway = "This server has forgotten the password. If you made it for this server alone, revoke it there too.",
    };

    private static readonly ProviderWords ExchangeWords = new()
    {
        Name = "your Exchange server",
        Calendar = "Exchange",
        Account = "Exchange account",
        Works = "Both ways, in your mailbox at your organisation's Exchange server.",
        Sees = "The password opens the whole mailbox; this server reads and writes this one calendar only.",
        Ending = "This server forgets the password.",
        TakeAway = "This server has forgotten the password. It is still the password of your mailbox.",
    };

    public static IServiceCollection AddCalDav(this IServiceCollection services, CalDavReach reach)
    {
        services.AddSingleton(_ => new CalDavConnections(reach));
        services.AddSingleton(services => new AccountSecrets(services.GetRequiredService<ICalendarStore>(), services.GetRequiredService<IClock>(), services.GetRequiredService<IDataProtectionProvider>()));
        services.AddSingleton(services => Of("icloud", ICloudWords, services, service => new PasswordSignIn(service, reach.ICloud.AbsoluteUri)
        {
            LoginLabel = "E-mail address of your Apple Account",
            PasswordLabel = "App-specific password",
            Steps =
            [
                "Open account.apple.com and sign in with your Apple Account. Two-factor authentication must be on.",
                "Choose Sign-In and Security, then App-Specific Passwords.",
                "Choose + (Generate an app-specific password), and call it CalendarSync.",
                "Copy the password, which looks like abcd-efgh-ijkl-mnop, and paste it here.",
            ],
            Refused = password => LooksMade(password)
                ? "iCloud does not accept this e-mail address and app-specific password. Check that the address is that of your Apple Account, and that the password has not been revoked: all app-specific passwords are when the password of the account changes."
                : "iCloud does not accept this password. It looks like the password of your Apple Account itself, which no app may use: make an app-specific password as described here, and type that.",
        }));
        services.AddSingleton(services => Of("caldav", OtherWords, services, service => new PasswordSignIn(service, null)
        {
            Refused = _ => "The server does not accept this login and password. Many services require a password that is made for one app: look for “app passwords” in the settings of your account there.",
        }));
        if (reach.DavMail is { } gateway)
        {
            services.AddSingleton(services => Of("exchange", ExchangeWords, services, service => new PasswordSignIn(service, gateway.AbsoluteUri)
            {
                LoginLabel = "E-mail address, or what you sign in with at Outlook on the web",
                Refused = _ => "Your Exchange server does not accept this login and password. Type what you sign in with at Outlook on the web; some organisations want their domain before it, as in EXAMPLE\\sam.",
            }));
        }

        return services;
    }

    private static Provider Of(string id, ProviderWords words, IServiceProvider services, Func<CalDavService, PasswordSignIn> ask)
    {
        var service = new CalDavService(id, services.GetRequiredService<AccountSecrets>(), services.GetRequiredService<IClock>(), services.GetRequiredService<CalDavConnections>());
        return new Provider(service, words) { Password = ask(service) };
    }

    /// <summary>Whether a password has the form of those that Apple makes.</summary>
    private static bool LooksMade(string password) => Made().IsMatch(password);

    [System.Text.RegularExpressions.GeneratedRegex("^[a-z]{4}(-?[a-z]{4}){3}$")]
    private static partial System.Text.RegularExpressions.Regex Made();
}
