using System.Net;
using CalDavServer.Mail;

namespace CalDavServer.Operations;

/// <summary>How the server listens and whom it believes. The serve command makes it from the settings, tests directly.</summary>
internal sealed record ServerOptions
{
    /// <summary>Where to listen, e.g. <c>http://127.0.0.1:8008</c>; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8008"];

    /// <summary>Reverse proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed; nobody else's are.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>Whether passwords may come over plain http from another machine.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Settings of the web server itself, e.g. its certificates; null for none.</summary>
    public IConfiguration? Kestrel { get; init; }

    /// <summary>Where the keys are kept that encrypt cookies and secrets at rest; null for keys that are lost when the server ends.</summary>
    public string? KeyFolder { get; init; }

    /// <summary>What must be shown to read the metrics; null: they are for this machine only.</summary>
    public string? MetricsToken { get; init; }

    /// <summary>The OpenTelemetry collector that metrics are sent to (OTLP over http), or null.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Whether the log is written as JSON, a line for each entry.</summary>
    public bool JsonLog { get; init; }

    /// <summary>Whether each request gets a line in the log.</summary>
    public bool RequestLog { get; init; }

    /// <summary>The mail server for letters to people; null when there is none.</summary>
    public MailSettings? Mail { get; init; }

    /// <summary>
    /// The address at which people reach the pages, e.g. <c>https://calendar.example.com/</c>: what links in letters begin with. Null when it is not set; there is a mail server only with it.
    /// </summary>
    public Uri? PublicAddress { get; init; }

    /// <summary>Ends when the server may answer; requests that come before wait.</summary>
    public Task Opened { get; init; } = Task.CompletedTask;
}
