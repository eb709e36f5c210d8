using CalDavServer.Access;
using CalDavServer.Api;
using CalDavServer.Background;
using CalDavServer.Background.Anchors;
using CalDavServer.Dav;
using CalDavServer.Feeds;
using CalDavServer.Hosting.Logging;
using CalDavServer.Http;
using CalDavServer.Http.Connections;
using CalDavServer.Http.Fairness;
using CalDavServer.Links;
using CalDavServer.Mail;
using CalDavServer.Metrics;
using CalDavServer.Options;
using CalDavServer.Web;
using Calendaring.Store;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using NodaTime;
using Practice.Subscriptions;

namespace CalDavServer.Hosting;

/// <summary>Puts the server together: the order of the middleware here is the order in which a request meets it.</summary>
internal static class ServerHost
{
    private const int MaxBodyBytes = 16 * 1024 * 1024;

    /// <summary>Builds a server over an open store. The caller starts it, stops it, and closes the store after it.</summary>
    public static WebApplication Build(ServerOptions options, ICalendarStore store, IClock clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "CalDavServer" });
        var gate = new ConnectionGate(options);
        builder.WebHost.UseKestrel(kestrel => Limit(kestrel, options, gate)).UseUrls([.. options.Urls]);
        builder.Services.AddSingleton<IConnectionListenerFactory>(services => new BoundedListening(gate, new(FileLimit.Sockets(options.Connections)), services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddRoutingCore();
        builder.Services.AddDav(options.Quotas);
        builder.Services.AddApi();
        builder.Services.AddWeb(options);
        builder.Services.AddFeeds();
        builder.Services.AddLinks(options);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(25));
        builder.Services.AddSingleton(store);
        builder.Services.AddSingleton(clock);
        builder.Services.AddAccess((context, caller) => RefusedWrite.NoteTurnedAwayAsync(context, caller, store, clock));
        builder.Services.AddSingleton<GuessAlarm>();
        builder.Services.AddSingleton<Loads>();
        builder.Services.AddSingleton<Billing>();
        builder.Services.AddSingleton<CreditEmailBook>();
        builder.Services.AddHostedService<Renewals>();
        builder.Services.AddHostedService<CreditEmails>();
        builder.Services.AddHostedService<ExpiredRecordCleanup>();
        builder.Services.AddHostedService<DailyAnchors>();
        builder.Services.AddSingleton(options);
        builder.Services.AddHealthChecks().AddCheck<Readiness>(nameof(Readiness));
        builder.Services.AddMetrics(options);
        LogSetup.Apply(builder.Logging, options);
        builder.Services.AddSingleton(services => new MailSender(options.Mail, clock, services.GetRequiredService<ILogger<MailSender>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<MailSender>());

        var app = builder.Build();
        app.Use(SocketPeer.KeepAsync);
        if (options.Proxies.Count > 0) app.UseForwardedHeaders(TrustProxies(options));
        app.UseMiddleware<Traffic>();
        app.UseMiddleware<UnexpectedFailures>();
        app.UseMiddleware<RequestFraming>();
        app.UseMiddleware<Health>();
        app.UseMiddleware<HostCheck>();
        if (!options.Opened.IsCompleted) app.Use(async (_, next) => { await options.Opened; await next(); });
        app.UseMiddleware<TransportSecurity>();
        app.UseMiddleware<MetricsEndpoint>();
        app.MapFeeds();
        app.MapWebhooks();
        app.UseMiddleware<FailurePages>();
        app.UseRouting();
        app.UseWeb();
        app.UseAccess();
        app.UseMiddleware<FairShare>();
        app.MapApi();
        app.MapWeb();
        app.UseDav();
        return app;
    }

    private static void Limit(KestrelServerOptions kestrel, ServerOptions options, ConnectionGate gate)
    {
        if (options.Kestrel is { } settings) kestrel.Configure(settings.GetSection("Kestrel"));
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1AndHttp2;
            endpoint.Use(next => connection => gate.LeaveAfterAsync(connection, next));
        });
        kestrel.ConfigureHttpsDefaults(https => https.HandshakeTimeout = options.LongestSilence);
        var limits = kestrel.Limits;
        // a listing of ten thousand is two MB: with the usual 64 KB its writer and its sender wait for each other thirty times
        limits.MaxResponseBufferSize = 512 * 1024;
        limits.MaxRequestLineSize = 16 * 1024;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxRequestBodySize = MaxBodyBytes;
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));
        // who does not read pins what was written for it so long: half a megabyte some four minutes, which the slowest mobile network takes
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 2_048, gracePeriod: TimeSpan.FromSeconds(30));
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
        limits.Http2.MaxStreamsPerConnection = 100;
    }

    private static ForwardedHeadersOptions TrustProxies(ServerOptions options)
    {
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = options.ProxyHops,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.Proxies) forwarded.KnownIPNetworks.Add(proxy);
        return forwarded;
    }
}
