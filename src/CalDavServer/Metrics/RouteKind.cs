namespace CalDavServer.Metrics;

/// <summary>What a request was for, by the shape of its path alone: one of a few words, and nothing of the path itself.</summary>
internal static class RouteKind
{
    public const string Stream = "stream";
    private const string Dav = "/dav/";
    private const string Principals = "/dav/principals/";
    private const string Calendars = "/dav/calendars/";

    public static string Of(HttpContext http)
    {
        var path = http.Request.Path.Value.AsSpan();
        if (path.StartsWith(Calendars, StringComparison.Ordinal)) return BelowHomes(path[Calendars.Length..]);
        if (path.StartsWith(Dav, StringComparison.Ordinal) || path is "/dav") return path.Length > Principals.Length && path.StartsWith(Principals, StringComparison.Ordinal) ? "principal" : "root";
        if (path.StartsWith("/.well-known/", StringComparison.Ordinal)) return "root";
        if (path.StartsWith("/health", StringComparison.Ordinal)) return "health";
        if (path is "/metrics") return "metrics";
        if (path.StartsWith("/assets/", StringComparison.Ordinal)) return "asset";
        if (path.StartsWith("/feeds/", StringComparison.Ordinal)) return "feed";
        if (path.StartsWith("/hooks/", StringComparison.Ordinal)) return "hook";
        if (http.Response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) == true) return Stream;
        return path.StartsWith("/api/", StringComparison.Ordinal) ? "api" : "page";
    }

    private static string BelowHomes(ReadOnlySpan<char> path)
    {
        var segments = path.TrimEnd('/').IsEmpty ? 0 : path.TrimEnd('/').Count('/') + 1;
        return segments switch { 0 => "root", 1 => "home", 2 => "calendar", _ => "object" };
    }
}
