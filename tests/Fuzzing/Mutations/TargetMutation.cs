namespace Fuzzing.Mutations;

/// <summary>Another method, or another target.</summary>
internal static class TargetMutation
{
    private static readonly string[] Methods =
    [
        "OPTIONS", "GET", "HEAD", "PROPFIND", "PROPFIND", "REPORT", "REPORT", "PROPPATCH", "PUT", "PUT", "DELETE", "COPY", "MOVE", "MKCALENDAR", "MKCOL", "POST", "PATCH", "LOCK", "UNLOCK", "ACL", "TRACE",
        "CONNECT", "FROB", "get", "", "P\xd6ST",
    ];

    private static readonly string[] Targets =
    [
        "/", "/dav/", "/dav", "*", "{home}", "{calendar}", "{tasks}", "{hx}", "{inbox}", "{outbox}", "{principal}", "{object}", "{other}", "{calendar}new.ics", "{home}new/", "{tasks}new.ics", "{hx}new.ics",
        "/dav/principals/", "/dav/calendars/", "/.well-known/caldav", "{origin}{calendar}", "http://elsewhere.example{calendar}", "/api/appointments?from=2026-01-01&until=2026-02-01", "/api/openapi.json",
        "/health/ready", "//", "/dav/calendars/../calendars/", "{calendar}?x=1", "{calendar}#x", "{calendar}a.ics/", "http://", "",
    ];

    private static readonly string[] Segments =
    [
        "..", ".", "%2e%2e", "%2f", "%5c", "%00", "%zz", "%", "%c3%a9", "%ff", "%c0%ae", "%252e", "a b", "a%20b", "hx", "inbox", "outbox", "new", "new.ics", "a.ics", ";x", "@", "~", "\xc3\xa9",
    ];

    public static FuzzRequest? Apply(FuzzRequest request, Random random)
    {
        var parts = request.Line.Split(' ');
        if (parts.Length < 3) return request with { Line = random.Shuffle(request.Line) };
        var target = string.Join(' ', parts[1..^1]);
        switch (random.Next(6))
        {
            case 0:
                parts[0] = random.Of(Methods);
                break;
            case 1:
                target = random.Of(Targets);
                break;
            case 2:
                target += random.Of(Segments) + (random.Next(2) == 0 ? "/" : "");
                break;
            case 3:
                var segments = target.Split('/');
                segments[random.Next(segments.Length)] = random.Next(8) == 0 ? new string('n', 1 << random.Next(15)) : random.Of(Segments);
                target = string.Join('/', segments);
                break;
            case 4:
                target = random.Shuffle(target);
                break;
            default:
                return random.Next(10) == 0 ? request with { Line = $"{parts[0]} {target} {random.Of<string>(["HTTP/1.0", "HTTP/2.0", "HTTP/1.1 ", "http/1.1", ""])}" } : null;
        }

        return request with { Line = $"{parts[0]} {target} {parts[^1]}" };
    }
}
