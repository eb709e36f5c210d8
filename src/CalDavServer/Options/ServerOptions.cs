using System.Net;
using System.Security.Cryptography.X509Certificates;
using NodaTime;
using ProviderBridge.CalDav;
using ProviderBridge.Google;
using ProviderBridge.Microsoft;

namespace CalDavServer.Options;

/// <summary>How the server listens and whom it believes. The serve command makes it from the settings, tests directly.</summary>
internal sealed record ServerOptions
{
    /// <summary>Where to listen, e.g. <c>http://127.0.0.1:8008</c>; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8008"];

    /// <summary>Reverse proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed; nobody else's are.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>
    /// How many of <see cref="Proxies"/> a request passes one after the other: so many entries of <c>X-Forwarded-For</c> are believed, from its end. The entries before them are the client's own words.
    /// </summary>
    public int ProxyHops { get; init; } = 1;

    /// <summary>Names in the <c>Host</c> header that are the server's, beside its public address and loopback; <c>*.example.com</c> is any name under it.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Whether passwords may come over plain http from another machine.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Most connections at once; fewer where the system does not allow so many files to be open.</summary>
    public int Connections { get; init; } = 10_000;

    /// <summary>Most connections from one address (of IPv6, one /64) at once; proxies may have more.</summary>
    public int ConnectionsPerAddress { get; init; } = 500;

    /// <summary>How long a new connection may be without a word, and then take to encrypt itself.</summary>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Settings of the web server itself, e.g. its certificates; null for none.</summary>
    public IConfiguration? Kestrel { get; init; }

    /// <summary>Where the keys are kept that encrypt cookies and secrets at rest; null for keys that are lost when the server ends.</summary>
    public string? KeyFolder { get; init; }

    /// <summary>The certificate with whose key the keys in <see cref="KeyFolder"/> are encrypted; null: they lie there as they are.</summary>
    public X509Certificate2? KeyCertificate { get; init; }

    /// <summary>Certificates that keys were encrypted for before.</summary>
    public IReadOnlyList<X509Certificate2> FormerKeyCertificates { get; init; } = [];

    /// <summary>What must be shown to read the metrics; null: they are for this machine only.</summary>
    public string? MetricsToken { get; init; }

    /// <summary>The OpenTelemetry collector that metrics and traces are sent to (OTLP over http), or null.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Whether the log is written as JSON, a line for each entry.</summary>
    public bool JsonLog { get; init; }

    /// <summary>Whether each request gets a line in the log.</summary>
    public bool RequestLog { get; init; }

    /// <summary>The mail server for e-mails to people; null when there is none.</summary>
    public MailSettings? Mail { get; init; }

    /// <summary>The server as it is registered at Google; null when it is not.</summary>
    public GoogleApp? Google { get; init; }

    /// <summary>Which CalDAV servers may be asked for accounts of practitioners.</summary>
    public CalDavReach CalDav { get; init; } = new();

    /// <summary>The server as it is registered at Microsoft; null when it is not.</summary>
    public MicrosoftApp? Microsoft { get; init; }

    /// <summary>Where Halaxy is, in place of its regions; null for these.</summary>
    public Uri? HalaxyAddress { get; init; }

    /// <summary>How long links to outside calendars wait.</summary>
    public LinkTimes LinkTimes { get; init; } = new();

    /// <summary>
    /// The address at which people reach the pages, e.g. <c>https://calendar.example.com/</c>: what links in emails begin with. Null when it is not set; there is a mail server only with it.
    /// </summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>Whether people reach the pages over https alone, as far as the settings tell.</summary>
    public bool IsHttpsOnly => PublicAddress is { } address ? address.Scheme == Uri.UriSchemeHttps : Urls.All(url => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase));

    /// <summary>How long a browser stays signed in at most, however much it is used.</summary>
    public Duration SessionLasts { get; init; } = Duration.FromDays(30);

    /// <summary>The file outside the data folder to which the anchors of audit logs are added each day, or null.</summary>
    public string? AnchorFile { get; init; }

    /// <summary>To whom they are sent, or null.</summary>
    public string? AnchorMail { get; init; }

    /// <summary>How much may be stored over CalDAV.</summary>
    public Quotas Quotas { get; init; } = new();

    /// <summary>Ends when the server may answer; requests that come before wait.</summary>
    public Task Opened { get; init; } = Task.CompletedTask;
}
