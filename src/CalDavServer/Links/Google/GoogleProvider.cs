using CalDavServer.Options;
using Calendaring.Store;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using ProviderBridge.Accounts;
using ProviderBridge.Google;

namespace CalDavServer.Links.Google;

/// <summary>Google Calendar.</summary>
internal static class GoogleProvider
{
    /// <summary>What Google calls the box without which there can be no calendar.</summary>
    public const string Box = "Make secondary Google calendars, and see, create, change, and delete events on them";

    private static readonly ProviderWords Words = new()
    {
        Name = "Google",
        Calendar = "Google Calendar",
        Works = "Both ways, in your Google account.",
        Sees = "This server sees no other calendar of yours.",
        Asks = $"Google asks you which account it is, and what this server may do there. Leave the box “{Box}” ticked.",
        NotAllowed = $"at Google, the box “{Box}” was not ticked. Connect again and tick it; without it this server cannot keep a calendar there.",
        Ending = "This server gives up its access to the account at Google.",
        TakeAway = "Google could not be told: remove the access there too, at myaccount.google.com/connections.",
    };

    public static Provider Of(GoogleApp app, ServerOptions options, IServiceProvider services)
    {
        var (store, clock) = (services.GetRequiredService<ICalendarStore>(), services.GetRequiredService<IClock>());
        var signIn = new GoogleSignIn(app);
        var tokens = new AccountTokens(store, clock, services.GetRequiredService<IDataProtectionProvider>(), signIn);
        var calendars = new GoogleCalendars(app, tokens);
        var provider = new Provider(calendars, Words) { SignIn = new AccountConnection(signIn, tokens) };
        if (LinkHosting.HookAt(options, GoogleWebhooks.Path) is not { } hook) return provider;
        var channels = new GoogleChannels(calendars, store, clock, hook);
        return provider with { Channels = channels, MapWebhooks = (app, runner) => GoogleWebhooks.Map(app, channels, runner) };
    }
}
