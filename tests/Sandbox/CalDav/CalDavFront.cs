using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Sandbox.CalDav;

/// <summary>
/// Stands before a real CalDAV server and does as iCloud does (C1): accounts are found on one host and live on another, which may become a third; the password is one for an application, and asked for by a scheme that nobody
/// knows; what has no end is refused; and what goes wrong goes wrong by a script.
/// </summary>
public sealed partial class CalDavFront : IAsyncDisposable
{
    private static readonly string[] Passed = ["Depth", "If-Match", "If-None-Match", "Prefer"];
    private readonly WebApplication _app;
    private readonly FrontOptions _options;
    private readonly FrontListing _listing;
    // Radicale speaks HTTP/1.0, and closes without a word
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero });
    private readonly ConcurrentQueue<FrontRequest> _seen = new();
    private readonly List<FrontFault> _faults = [];
    private readonly List<string> _addresses = [];
    private int _partition = 1;
    private int _forgotten;

    private CalDavFront(FrontOptions options)
    {
        (_options, _listing) = (options, new FrontListing(options));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            for (var host = 0; host < 3; host++) kestrel.Listen(IPAddress.Loopback, 0);
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>Where accounts are found.</summary>
    public string Address => _addresses[0];

    /// <summary>Where they are.</summary>
    public string Partition => _addresses[_partition];

    /// <summary>All requests since <see cref="Forget"/>.</summary>
    public IReadOnlyList<FrontRequest> Seen => [.. _seen.Skip(_forgotten)];

    /// <summary>All requests ever.</summary>
    public IReadOnlyList<FrontRequest> Ever => [.. _seen];

    public static async Task<CalDavFront> StartAsync(FrontOptions options)
    {
        var front = new CalDavFront(options);
        await front._app.StartAsync();
        front._addresses.AddRange(front._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses);
        return front;
    }

    public void Forget() => _forgotten = _seen.Count;

    public void Script(FrontFault fault)
    {
        lock (_faults) _faults.Add(fault);
    }

    public void ClearScript()
    {
        lock (_faults) _faults.Clear();
    }

    /// <summary>The accounts move to another host.</summary>
    public void Move() => _partition = 2;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        using var read = new MemoryStream();
        await request.Body.CopyToAsync(read);
        var body = Encoding.UTF8.GetString(read.ToArray());
        var host = _addresses.FindIndex(address => new Uri(address).Port == request.Host.Port);
        var what = request.Method == "REPORT" ? KindOf(body) : request.Method;
        var headers = string.Join('\n', request.Headers.Where(one => one.Key != "Authorization").Select(one => $"{one.Key}: {one.Value}"));
        _seen.Enqueue(new FrontRequest("ABC"[host].ToString(), what, request.Path, headers, body));
        if (!MayEnter(request.Headers.Authorization.ToString()))
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "x-mobileme-authtoken realm=\"MobileMe\"";
            return;
        }

        var fault = Strike(what);
        if (fault?.Kind == "reset-before") context.Abort();
        else if (fault?.Kind == "status") await RefuseAsync(context.Response, fault);
        else if (fault?.Kind == "lost-token") await WriteAsync(context.Response, 403, "<D:error xmlns:D=\"DAV:\"><D:valid-sync-token/></D:error>");
        else if (host == 0 && request.Path == "/.well-known/caldav") context.Response.Redirect("/");
        else if (host != 0 && host != _partition) context.Response.StatusCode = 404;
        else if (what == "sync" && !_options.TellsChanges) await WriteAsync(context.Response, 403, "<D:error xmlns:D=\"DAV:\"><D:supported-report/></D:error>");
        else if (_options.IsStrict && request.Path.Value!.Contains('(', StringComparison.Ordinal) && !IsAsListed(context)) context.Response.StatusCode = 404;
        else if (what == "PUT" && !HasEnd().IsMatch(body)) context.Response.StatusCode = 403;
        else if (what == "sync" && _listing.NextPage(body) is { } page) await WriteAsync(context.Response, 207, Encoding.UTF8.GetString(page));
        else await ForwardAsync(context, what, read.ToArray(), fault);
    }

    private static bool IsAsListed(HttpContext context) =>
        context.Features.Get<global::Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget is var target && target == FrontListing.StrictOf(target);

    private bool MayEnter(string authorization)
    {
        if (!authorization.StartsWith("Basic ", StringComparison.Ordinal)) return false;
        var (_, password) = Encoding.UTF8.GetString(Convert.FromBase64String(authorization[6..])).Split(':', 2) is [var login, var given] ? (login, given) : ("", "");
        return password == _options.AppPassword;
    }

    private FrontFault? Strike(string what)
    {
        lock (_faults)
        {
            if (_faults.Find(one => one.What == "*" || one.What == what) is not { } fault) return null;
            if (fault.Skip-- > 0) return null;
            fault.Skip = 0;
            if (--fault.Times <= 0) _faults.Remove(fault);
            return fault;
        }
    }

    private async Task ForwardAsync(HttpContext context, string what, byte[] body, FrontFault? fault)
    {
        if (fault?.Kind == "race") await RaceAsync(context.Request);
        using var answer = await SendAsync(context.Request, context.Request.Method, body);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        if (fault?.Kind == "reset-after")
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        if (answer.Headers.ETag is { } version && (_options.TellsVersion || what != "PUT")) context.Response.Headers.ETag = $"{(_options.TellsWeakVersion && what == "PUT" ? "W/" : "")}{version}";
        if (answer.Content.Headers.ContentType is { } type) context.Response.ContentType = type.ToString();
        if ((int)answer.StatusCode == 207) bytes = _listing.Change(bytes, what, Partition, fault, context.Request.Path, body);
        if (fault?.Kind == "cut-short") bytes = bytes[..(bytes.Length / 2)];
        if (context.Request.Method != "HEAD") await context.Response.Body.WriteAsync(bytes);
    }

    /// <summary>Somebody changes the same at the same moment.</summary>
    private async Task RaceAsync(HttpRequest request)
    {
        using var before = await SendAsync(request, "GET", []);
        if (!before.IsSuccessStatusCode) return;
        var text = await before.Content.ReadAsStringAsync();
        var at = text.LastIndexOf("END:VEVENT", StringComparison.Ordinal);
        using var _ = await SendAsync(request, "PUT", Encoding.UTF8.GetBytes(text[..at] + "LOCATION:changed at the same moment\r\n" + text[at..]), bare: true);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequest request, string method, byte[] body, bool bare = false)
    {
        using var message = new HttpRequestMessage(new HttpMethod(method), new Uri(_options.Upstream, request.Path + request.QueryString));
        message.Headers.TryAddWithoutValidation("Authorization", request.Headers.Authorization.ToString());
        if (!bare) foreach (var name in Passed.Where(request.Headers.ContainsKey)) message.Headers.TryAddWithoutValidation(name, request.Headers[name].ToString());
        if (body.Length > 0)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", bare ? "text/calendar" : request.ContentType);
        }

        return await _http.SendAsync(message);
    }

    private static Task RefuseAsync(HttpResponse response, FrontFault fault)
    {
        if (fault.RetryAfter is { } wait) response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return WriteAsync(response, fault.Status, fault.Body);
    }

    private static Task WriteAsync(HttpResponse response, int status, string body)
    {
        (response.StatusCode, response.ContentType) = (status, "application/xml; charset=utf-8");
        return response.WriteAsync(body);
    }

    private static string KindOf(string body) => XElement.Parse(body).Name.LocalName switch
    {
        "sync-collection" => "sync",
        "calendar-multiget" => "multiget",
        "calendar-query" => "query",
        var other => other,
    };

    [GeneratedRegex(@"^(DTEND|DURATION)[;:]", RegexOptions.Multiline)]
    private static partial Regex HasEnd();
}
