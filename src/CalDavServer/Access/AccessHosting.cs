namespace CalDavServer.Access;

/// <summary>Puts the sign-in of devices into the server.</summary>
internal static class AccessHosting
{
    /// <summary>The services that <see cref="UseAccess"/> needs.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, TurnedAway noteTurnedAway)
    {
        services.AddSingleton<LoginThrottle>().AddSingleton<Authenticator>();
        services.AddAuthentication().AddScheme<BasicAuthenticationOptions, BasicAuthenticationHandler>(BasicAuthenticationHandler.Name, basic => basic.NoteTurnedAway = noteTurnedAway);
        return services;
    }

    /// <summary>Lets nobody further who does not show an app password.</summary>
    public static IApplicationBuilder UseAccess(this IApplicationBuilder app) => app.UseMiddleware<Authentication>();
}
