using System.Diagnostics;
using CalDavServer.Dav.Methods;
using CalDavServer.Dav.Reports;
using CalDavServer.Http;
using CalDavServer.Http.Connections;
using CalDavServer.Http.Fairness;
using CalDavServer.Metrics;

namespace CalDavServer.Hosting.Logging;

/// <summary>Measures every request and, when the operator asked for it, writes a line of log about it. Nothing of a request but what is in the program's own tables gets into either.</summary>
internal sealed class Traffic(RequestDelegate next, ServerMetrics metrics, ILogger<RequestLog> log)
{
    public Task InvokeAsync(HttpContext http)
    {
        var began = Stopwatch.GetTimestamp();
        var bytes = log.IsEnabled(LogLevel.Information) ? CountedBody.Of(http) : null;
        metrics.Begin();
        http.Features.Get<OpenConnection>()?.Begin();
        var answering = next(http);
        if (!answering.IsCompletedSuccessfully) return EndAsync(answering, http, began, bytes);
        End(http, began, bytes);
        return Task.CompletedTask;
    }

    private async Task EndAsync(Task answering, HttpContext http, long began, CountedBody? bytes)
    {
        try
        {
            await answering;
        }
        finally
        {
            End(http, began, bytes);
        }
    }

    private void End(HttpContext http, long began, CountedBody? bytes)
    {
        http.Features.Get<Load>()?.Close();
        http.Features.Get<OpenConnection>()?.End();
        var method = MethodTable.NameOf(http.Request.Method);
        var report = method == "REPORT" ? http.Features.Get<IReport>()?.Name.Name ?? "" : "";
        var route = RouteKind.Of(http);
        metrics.End(began, method, report, route, http.Response.StatusCode);
        if (bytes is null || !log.IsEnabled(LogLevel.Information)) return;
        var trace = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
        var id = http.Features.Get<ISignedIn>()?.PersonId;
        var person = id is null ? "-" : RequestLog.Opaque(id);
        var milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        RequestLog.Answered(log, method, report, route, http.Response.StatusCode, milliseconds, bytes.Written, person, trace);
    }
}
