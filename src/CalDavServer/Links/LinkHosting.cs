using CalDavServer.Links.CalDav;
using CalDavServer.Links.Google;
using CalDavServer.Links.Halaxy;
using CalDavServer.Links.Microsoft;
using CalDavServer.Options;

namespace CalDavServer.Links;

/// <summary>Links to outside calendars: what runs them, and the services in which accounts can be connected.</summary>
internal static class LinkHosting
{
    public static IServiceCollection AddLinks(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton(options.LinkTimes);
        services.AddSingleton<LinkMetrics>();
        services.AddSingleton<LinkRunner>();
        services.AddHostedService(static services => services.GetRequiredService<LinkRunner>());
        services.AddSingleton<LinkKeeper>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<ServedLinks>();
        services.AddSingleton<LinkedAccounts>();
        services.AddSingleton<Providers>();
        if (options.Google is { } google) services.AddSingleton(services => GoogleProvider.Of(google, options, services));
        if (options.Microsoft is { } microsoft) services.AddSingleton(services => MicrosoftProvider.Of(microsoft, options, services));
        return services.AddCalDav(options.CalDav).AddHalaxy();
    }

    /// <summary>Where services tell of changes: before anything asks who is there.</summary>
    public static void MapWebhooks(this IApplicationBuilder app)
    {
        var (providers, runner) = (app.ApplicationServices.GetRequiredService<Providers>(), app.ApplicationServices.GetRequiredService<LinkRunner>());
        foreach (var provider in providers.All) provider.MapWebhooks?.Invoke(app, runner);
        HalaxyWebhooks.Map(app);
    }

    /// <summary>The address at which a service can tell of changes; null where it cannot reach the server.</summary>
    public static Uri? HookAt(ServerOptions options, string path) =>
        options.PublicAddress is { } address && (address.Scheme == Uri.UriSchemeHttps || address.IsLoopback) ? new Uri(address, path) : null;
}
