using CalDavServer.Operations;
using Calendaring.Store;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using ProviderBridge.Accounts;
using ProviderBridge.Google;
using ProviderBridge.Sync;

namespace CalDavServer.Links;

/// <summary>Links to outside calendars: what runs them, and what connects accounts.</summary>
internal static class LinkHosting
{
    public static IServiceCollection AddLinks(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(options.LinkTimes);
        services.AddSingleton<LinkRunner>();
        services.AddHostedService(static services => services.GetRequiredService<LinkRunner>());
        services.AddSingleton<LinkKeeper>();
        services.AddSingleton<GoogleSignIns>();
        services.AddSingleton<LinkedAccounts>();
        if (options.Google is not null && options.PublicAddress is { } address && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback))
            services.AddSingleton(services => new GoogleChannels(services.GetRequiredService<GoogleConnection>().Calendars, services.GetRequiredService<ICalendarStore>(), services.GetRequiredService<IClock>(), new Uri(address, GoogleHooks.Path)));
        if (options.Google is { } app) services.AddSingleton(services => Connect(app, services)).AddSingleton<OpenOutside>(services => (link, zone) => OpenGoogle(services.GetRequiredService<GoogleConnection>(), link, zone));
        return services;
    }

    private static GoogleConnection Connect(GoogleApp app, IServiceProvider services)
    {
        var signIn = new GoogleSignIn(app);
        var tokens = new AccountTokens(services.GetRequiredService<ICalendarStore>(), services.GetRequiredService<IClock>(), services.GetRequiredService<IDataProtectionProvider>(), signIn);
        return new GoogleConnection(signIn, tokens, new GoogleCalendars(app, tokens));
    }

    private static (IOutsideCalendar Calendar, IDisposable Client) OpenGoogle(GoogleConnection google, ProviderBridge.Sync.Link link, DateTimeZone zone)
    {
        var service = google.Calendars.Open(link.PractitionerId, link.AccountId);
        return (new GoogleCalendar(service, link.CalendarId, link.Id, zone), service);
    }
}
