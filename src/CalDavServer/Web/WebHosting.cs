using CalDavServer.Http;
using CalDavServer.Http.Fairness;
using CalDavServer.Options;
using CalDavServer.Web.Calendar;
using CalDavServer.Web.Devices;
using CalDavServer.Web.Passkeys;
using CalDavServer.Web.SignIn;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.FileProviders;
using NodaTime;
using Practice.Audit;
using Practice.Devices;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using Practice.People;

namespace CalDavServer.Web;

/// <summary>
/// The pages that a person sees, and how they get in: a cookie instead of the app password of a device. Pages are Razor Pages under
/// <c>Web/Pages</c>; styles and scripts are in the assembly and served from <c>/assets/</c>.
/// </summary>
internal static class WebHosting
{
    /// <summary>The services that <see cref="UseWeb"/> and <see cref="MapWeb"/> need.</summary>
    public static IServiceCollection AddWeb(this IServiceCollection services, ServerOptions options)
    {
        services.AddSingleton<Passwords>();
        services.AddSingleton<Accounts>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<PendingSignIn>();
        services.AddSingleton<PasswordLinks>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<AccountBook>();
        services.AddSingleton<SecondFactorBook>();
        services.AddSingleton<PasskeyBook>();
        services.AddSingleton<PasswordLinkBook>();
        services.AddSingleton(new SessionLimits(Duration.FromTimeSpan(Sessions.Lasts), options.SessionLasts));
        services.AddSingleton<SessionBook>();
        services.AddSingleton<DeviceBook>();
        services.AddSingleton<SecurityEvents>();
        services.AddSingleton<PracticePeople>();
        services.AddSingleton<PracticeDirectory>();
        services.AddSingleton<PracticeDiaries>();
        services.AddSingleton<DiaryWatch>();
        services.AddSingleton<CalendarPreferences>();
        services.AddSingleton<HxCalendars>();
        services.AddSingleton<AuditBook>();
        services.AddSingleton<PracticeNames>();
        services.AddSingleton<PersonDetails>();
        services.AddSingleton<TakenNames>();
        services.AddSingleton<NewAddresses>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<RelyingParty>();
        services.AddSingleton<PasskeyChallenges>();
        services.AddSingleton<PasskeyService>();
        services.AddSingleton<PasskeyEndpoints>();
        services.AddSingleton<Confirmation>();
        services.AddScoped<SessionCheck>();
        services.AddSingleton<DiaryEvents>();
        services.AddSingleton<OwnDevices>();
        services.AddSingleton<NewPasswords>();
        services.AddSingleton<SyncHealthReader>();
        services.AddSingleton<CreditBanners>();
        services.AddSingleton<HalaxyBanner>();
        services.AddSingleton<HalaxyWaits>();
        services.AddSingleton<SecurityBanner>();
        services.AddSingleton<AccessList>();
        services.AddSingleton<Inclusions>();
        services.AddHostedService(static services => services.GetRequiredService<Inclusions>());
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie => SetCookie(cookie, options));
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.Practitioner, policy => policy.RequireRole(Policies.Practitioner))
            .AddPolicy(Policies.Administrator, policy => policy.RequireRole(Policies.Administrator));
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = CookieName.Of("calendarsync-form", options);
            antiforgery.HeaderName = "X-Form-Token";
        });
        services.Configure<CookieTempDataProviderOptions>(notice => notice.Cookie.Name = CookieName.Of("calendarsync-notice", options));
        services.AddRazorPages(static pages =>
        {
            pages.RootDirectory = "/Web/Pages";
            pages.Conventions.AuthorizeFolder("/");
            pages.Conventions.AllowAnonymousToFolder("/Account");
            pages.Conventions.AllowAnonymousToPage("/Failure");
        }).AddMvcOptions(static pages => pages.Filters.Add<ConfirmationFilter>());
        var keys = services.AddDataProtection().SetApplicationName("CalendarSync");
        if (options.KeyFolder is { } folder) keys.PersistKeysToFileSystem(new DirectoryInfo(folder));
        else services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        if (options.KeyCertificate is { } certificate) keys.ProtectKeysWithCertificate(certificate).UnprotectKeysWithAnyCertificate([certificate, .. options.FormerKeyCertificates]);
        return services;
    }

    /// <summary>
    /// Serves styles and scripts, to everybody; and what is a page, to those who have signed in to it. Other requests go on, and meet no page.
    /// </summary>
    public static void UseWeb(this WebApplication app)
    {
        // where it does not see these two here, the framework puts them before every request, a device's too
        var properties = ((IApplicationBuilder)app).Properties;
        (properties["__AuthenticationMiddlewareSet"], properties["__AuthorizationMiddlewareSet"]) = (true, true);
        app.UseStaticFiles(new StaticFileOptions
        {
            RequestPath = "/assets",
            FileProvider = new EmbeddedFileProvider(typeof(WebHosting).Assembly, "CalDavServer.Web.Assets"),
            OnPrepareResponse = static context => SecurityHeaders.OfAsset(context.Context),
        });
        var cookies = CookiesOf(app.Services.GetRequiredService<ServerOptions>());
        app.UseWhen(IsPage, pages => pages
            .UseMiddleware<SecurityHeaders>()
            .UseCookiePolicy(cookies)
            .UseAuthentication()
            .UseMiddleware<FairShare>()
            .Use(FormLimits.ApplyAsync)
            .UseAuthorization()
            .UseEndpoints(static _ => { })
            .Run(static context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            }));
        app.Use(static (context, next) =>
        {
            if (IsMapped(context)) context.SetEndpoint(null);
            return next(context);
        });
    }

    /// <summary>The pages' routes.</summary>
    public static void MapWeb(this IEndpointRouteBuilder routes)
    {
        routes.MapRazorPages().WithMetadata(new PageEndpoint());
        PasskeyEndpoints.Map(routes);
        routes.MapGet("/calendar/grid.css", GridStyles.AnswerAsync).WithMetadata(new PageEndpoint());
        routes.MapGet("/calendar/events", static (HttpContext context, DiaryEvents events, string[] who, string? since) => events.AnswerAsync(context, [.. who.Distinct()], since))
            .RequireAuthorization()
            .WithMetadata(new PageEndpoint());
    }

    // A device may ask for any of these paths too, with a method of WebDAV or with its password. A browser that comes to the root, or to a path
    // which nobody has, gets a page; everybody else is asked for a password there first (RFC 7617): set-up begins at the root.
    private static bool IsPage(HttpContext context)
    {
        var request = context.Request;
        if (context.Features.Get<PageRequest>() is not null) return true;
        if (request.Headers.Authorization.Count > 0) return false;
        if (IsMapped(context) && request.Path != "/") return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsPost(request.Method);
        return HttpMethods.IsGet(request.Method) && IsNavigation(request) && !IsOfDevices(request.Path);
    }

    private static bool IsMapped(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<PageEndpoint>() is not null;

    private static bool IsNavigation(HttpRequest request) =>
        request.Headers["Sec-Fetch-Mode"] == "navigate" || request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    private static bool IsOfDevices(PathString path) =>
        path.StartsWithSegments("/dav") || path.StartsWithSegments("/api") || path.StartsWithSegments("/.well-known");

    // Of every cookie: where people come over https, a browser sends none over http, also when a proxy ends TLS and says nothing of it. The anti-forgery service's own setting would
    // refuse such requests instead.
    private static CookiePolicyOptions CookiesOf(ServerOptions options) =>
        new() { Secure = options.IsHttpsOnly ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest };

    private static void SetCookie(CookieAuthenticationOptions cookie, ServerOptions options)
    {
        cookie.Cookie.Name = CookieName.Of("calendarsync", options);
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.LoginPath = "/sign-in";
        cookie.ReturnUrlParameter = "then";
        cookie.ExpireTimeSpan = Sessions.Lasts;
        cookie.SlidingExpiration = true;
        cookie.EventsType = typeof(SessionCheck);
    }
}

/// <summary>Marks an endpoint that people open in a browser: a page, or what a page asks for.</summary>
internal sealed class PageEndpoint;
