using Calendaring.Store;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using ProviderBridge.Halaxy;

namespace CalDavServer.Links.Halaxy;

/// <summary>Connections of practices to Halaxy, and what runs them.</summary>
internal static class HalaxyHosting
{
    public static IServiceCollection AddHalaxy(this IServiceCollection services)
    {
        services.AddSingleton(services => new HalaxySecrets(services.GetRequiredService<IDataProtectionProvider>()));
        services.AddSingleton(services => new HalaxyClients(Connect(), services.GetRequiredService<HalaxySecrets>(), services.GetRequiredService<IClock>()));
        services.AddSingleton(services => new HalaxyConnections(
            services.GetRequiredService<ICalendarStore>(), services.GetRequiredService<IClock>(), services.GetRequiredService<HalaxyClients>(), services.GetRequiredService<HalaxySecrets>()));
        services.AddSingleton(services => new HalaxyNames(services.GetRequiredService<ICalendarStore>(), services.GetRequiredService<IClock>(), services.GetRequiredService<IDataProtectionProvider>()));
        services.AddSingleton(services => new HalaxyBooking(services.GetRequiredService<ICalendarStore>(), services.GetRequiredService<IClock>(), services.GetRequiredService<HalaxyClients>()));
        services.AddSingleton<HalaxyEmails>();
        services.AddHostedService(static services => services.GetRequiredService<HalaxyEmails>());
        services.AddSingleton<HalaxyRunner>();
        services.AddHostedService(static services => services.GetRequiredService<HalaxyRunner>());
        return services;
    }

    // a token must not follow a redirect; and a log of requests would have patients' numbers and names in it
    private static HttpClient Connect() => new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) });
}
