using CalDavServer.Options;

namespace CalDavServer.Hosting;

/// <summary>
/// What an operator sees of the server: <c>log</c>, which is <c>json</c> or <c>text</c>; <c>requestlog</c>, whether each request has a line in it; <c>metricstoken</c>, what <c>/metrics</c> is read with; <c>otlp</c>, a collector that
/// metrics are sent to.
/// </summary>
internal static class MonitoringOptions
{
    private const int MinTokenLength = 16;

    /// <summary>Reads them.</summary>
    /// <exception cref="CommandFailure">One is not valid.</exception>
    public static ServerOptions Read(ServerOptions options, IConfiguration settings) => options with
    {
        JsonLog = ReadLog(settings["log"]),
        RequestLog = settings.ReadFlag("requestlog"),
        MetricsToken = ReadToken(settings["metricstoken"]),
        Otlp = ReadCollector(settings["otlp"] ?? Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT")),
    };

    private static bool ReadLog(string? text) => text switch
    {
        null or "" or "text" => false,
        "json" => true,
        _ => throw new CommandFailure($"The setting 'log' is '{text}': it must be json or text."),
    };

    private static string? ReadToken(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : text.Length >= MinTokenLength && text.All(char.IsAsciiLetterOrDigit) ? text
        : throw new CommandFailure($"The setting 'metricstoken' must be {MinTokenLength} or more letters and digits.");

    private static Uri? ReadCollector(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
        : throw new CommandFailure($"'{text}' in the setting 'otlp' is not an address such as http://127.0.0.1:4318.");
}
