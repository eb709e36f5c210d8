using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using NodaTime;
using Sandbox.Faults;
using Sandbox.Google;
using Sandbox.Halaxy;
using Sandbox.Hooks;
using Sandbox.Microsoft;
using Sandbox.Pages;
using Sandbox.SignIn;
using Sandbox.State;
using Sandbox.UserApi;

namespace Sandbox;

/// <summary>The sandbox, started in a program of its own or in a test.</summary>
public static class SandboxHost
{
    public static WebApplication Build(SandboxOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port));
        if (options.Data is not null) Directory.CreateDirectory(options.Data);
        var store = new Store(options.Data is null ? null : Path.Combine(options.Data, "sandbox.db"));
        AddServices(builder.Services, options, store);
        var app = builder.Build();
        if (options.Ids is { } ids)
        {
            app.Use((context, next) =>
            {
                Ids.DrawFrom(ids);
                return next(context);
            });
        }

        app.Use(Discovery.RewriteAsync);
        app.Use(RevokeByQuery.RewriteAsync);
        app.UseRequestDecompression(); // Google's libraries send gzip
        app.UseRouting();
        app.UseAuthentication();
        MapAll(app);
        return app;
    }

    public static string Address(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private static void AddServices(IServiceCollection services, SandboxOptions options, Store store)
    {
        services.AddRequestDecompression().AddRouting().AddAuthentication();
        services.AddSingleton(options).AddSingleton(_ => store);
        services.AddSingleton<VirtualClock>().AddSingleton<TimeProvider>(x => x.GetRequiredService<VirtualClock>()).AddSingleton<IClock>(x => x.GetRequiredService<VirtualClock>());
        services.AddSingleton<FaultScript>().AddSingleton<HookSender>().AddHostedService(x => x.GetRequiredService<HookSender>());
        services.AddSingleton<GoogleQuota>().AddSingleton<GooglePush>().AddSingleton<GoogleApi>().AddSingleton<IPerson, GooglePerson>();
        services.AddSingleton<GraphThrottle>().AddSingleton<GraphPush>().AddSingleton<GraphApi>().AddSingleton<IPerson, MicrosoftPerson>();
        services.AddSingleton<HalaxyTokens>().AddSingleton<HalaxyRate>().AddSingleton<HalaxyPush>().AddSingleton<HalaxyApi>().AddSingleton<HalaxyPeople>().AddSingleton<HalaxyPage>();
        services.AddSingleton<AuthorizeEndpoint>().AddSingleton<TokenEndpoint>().AddSingleton<Discovery>();
        services.AddSingleton<PersonApi>().AddSingleton<ScriptApi>().AddSingleton<HomePage>();
        SignInSetup.Add(services, store);
    }

    private static void MapAll(WebApplication app)
    {
        app.Services.GetRequiredService<GoogleApi>().Map(app);
        app.Services.GetRequiredService<GraphApi>().Map(app);
        app.Services.GetRequiredService<HalaxyApi>().Map(app);
        app.Services.GetRequiredService<HalaxyPeople>().Map(app);
        app.Services.GetRequiredService<HalaxyPage>().Map(app);
        app.Services.GetRequiredService<AuthorizeEndpoint>().Map(app);
        app.Services.GetRequiredService<TokenEndpoint>().Map(app);
        app.Services.GetRequiredService<Discovery>().Map(app);
        app.Services.GetRequiredService<PersonApi>().Map(app);
        app.Services.GetRequiredService<ScriptApi>().Map(app);
        app.Services.GetRequiredService<HomePage>().Map(app);
    }
}
