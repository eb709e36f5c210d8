using System.Security.Cryptography;
using System.Text;

namespace CalDavServer.Hosting.Logging;

/// <summary>One line for each request, when the setting <c>requestlog</c> asks for it: no path, no query, no login, no name.</summary>
internal sealed partial class RequestLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Method} {Report} {Route} {Status} {Milliseconds:F1} ms {Bytes} bytes person {Person} trace {TraceId}")]
    public static partial void Answered(ILogger log, string method, string report, string route, int status, double milliseconds, long bytes, string person, string traceId);

    /// <summary>An id as it may be logged: a random one as it is; of one that was given at an import, and may be a name, a hash.</summary>
    public static string Opaque(string id) =>
        Guid.TryParseExact(id, "N", out _) ? id : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..16];
}
