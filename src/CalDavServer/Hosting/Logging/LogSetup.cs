using CalDavServer.Options;
using Microsoft.Extensions.Logging.Console;

namespace CalDavServer.Hosting.Logging;

/// <summary>The log, on standard error: lines of text or of JSON.</summary>
internal static class LogSetup
{
    /// <summary>
    /// The framework's own messages may quote a request: only its warnings are let through, and none of a failed start, which the command says itself. Scopes, which have paths, are left out.
    /// </summary>
    public static void Apply(ILoggingBuilder logging, ServerOptions options)
    {
        if (options.JsonLog) logging.AddJsonConsole(Shape);
        else
        {
            logging.AddSimpleConsole(console =>
            {
                Shape(console);
                console.SingleLine = true;
            });
        }

        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        // whoever asks is told, as often as they ask
        logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // each of these is a line for each request that anybody makes up
        logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore.Mvc.ViewFeatures", LogLevel.None);
        logging.AddFilter("Microsoft.AspNetCore.Authentication", LogLevel.None);
        if (options.RequestLog) logging.AddFilter(typeof(RequestLog).FullName, LogLevel.Information);
    }

    private static void Shape(ConsoleFormatterOptions console)
    {
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
        console.IncludeScopes = false;
    }
}
