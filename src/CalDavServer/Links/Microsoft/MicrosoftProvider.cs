using CalDavServer.Options;
using Calendaring.Store;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using ProviderBridge.Accounts;
using ProviderBridge.Microsoft;

namespace CalDavServer.Links.Microsoft;

/// <summary>Outlook.com, Office 365 and Exchange Online.</summary>
internal static class MicrosoftProvider
{
    private static readonly ProviderWords Words = new()
    {
        Name = "Microsoft",
        Calendar = "Outlook Calendar",
        Works = "Both ways, in your Microsoft account.",
        Sees = "Microsoft gives an app access to all calendars of an account or to none: this server reads and changes only the one that it makes.",
        Asks = "Microsoft asks you which account it is, a personal one or one of work or school, and what this server may do there. Accept all of it.",
        NotAllowed = "at Microsoft, access to your calendars was not allowed. Connect again and accept all that is asked for; without it this server cannot keep a calendar there.",
        SingleEvents = "Outlook cannot repeat an appointment as these do, so each of their dates is a separate event there: from a month back to a year and a half ahead, 400 at most. What you move, rename or delete there changes that date only. How they repeat is changed in your diary.",
        Ending = "This server forgets its access to the account.",
        TakeAway = "This server has forgotten its access to the account. Microsoft does not let a server do this itself: to remove the access there too, go to account.live.com/consent/Manage with a personal account, and to myapps.microsoft.com with one of work or school.",
    };

    public static Provider Of(MicrosoftApp app, ServerOptions options, IServiceProvider services)
    {
        var (store, clock) = (services.GetRequiredService<ICalendarStore>(), services.GetRequiredService<IClock>());
        var signIn = new MicrosoftSignIn(app);
        var tokens = new AccountTokens(store, clock, services.GetRequiredService<IDataProtectionProvider>(), signIn);
        var calendars = new MicrosoftCalendars(app, tokens, clock);
        var provider = new Provider(calendars, Words) { SignIn = new AccountConnection(signIn, tokens) };
        if (LinkHosting.HookAt(options, MicrosoftWebhooks.Path) is not { } hook) return provider;
        var subscriptions = new MicrosoftSubscriptions(calendars, store, clock, hook);
        return provider with { Channels = subscriptions, MapWebhooks = (app, runner) => MicrosoftWebhooks.Map(app, subscriptions, runner) };
    }
}
