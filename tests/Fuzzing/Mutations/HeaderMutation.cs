namespace Fuzzing.Mutations;

/// <summary>Headers that are left out, doubled, or have another value. The login is left alone, but for leaving it out: guesses at it are counted against the address.</summary>
internal static class HeaderMutation
{
    private static readonly Dictionary<string, string[]> Values = new()
    {
        ["Depth"] = ["0", "1", "infinity", "2", "", "0,1", "-1"],
        ["If"] = ["(<DAV:no-lock>)", "([{etag}])", "(Not <DAV:no-lock>)", "({etag})", "<{object}> ([{etag}])", "(<{token}>)", "()", "(Not", "<>", "<{origin}{calendar}> (<{token}>)"],
        ["If-Match"] = ["{etag}", "*", "\"x\"", "\"", "W/{etag}", "", "{bare}", "{etag}, \"x\"", "*, *"],
        ["If-None-Match"] = ["*", "{etag}", "\"", "\"x\", {etag}", ""],
        ["If-Schedule-Tag-Match"] = ["\"x\"", "*", ""],
        ["If-Modified-Since"] = ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "yesterday", "Mon, 01 Jan 0001 00:00:00 GMT"],
        ["If-Unmodified-Since"] = ["Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "tomorrow"],
        ["Destination"] = ["{calendar}moved.ics", "{origin}{calendar}moved.ics", "{tasks}moved.ics", "{hx}moved.ics", "{other}work/x.ics", "moved.ics", "http://elsewhere.example/x", "//x/y", "%zz", "{home}new/", "/", "{calendar}%2e%2e", ""],
        ["Overwrite"] = ["T", "F", "x", ""],
        ["Content-Type"] = ["text/calendar; charset=utf-8", "application/xml", "text/xml; charset=\"utf-16\"", "application/json", "text/calendar; charset=latin1", "x", "", "text/calendar; component=vevent", "multipart/form-data; boundary=x"],
        ["Content-Encoding"] = ["gzip", "br", "identity", "x-gzip", ""],
        ["Accept-Encoding"] = ["gzip", "br", "*", "gzip;q=0", "identity;q=0, gzip;q=x"],
        ["Prefer"] = ["return=minimal", "return=representation", "depth-noroot", "return=minimal, depth-noroot", "x;;=,", "handling=strict"],
        ["Brief"] = ["t", "f", "x"],
        ["Range"] = ["bytes=0-1", "bytes=-1", "bytes=9-1", "lines=1-2"],
        ["Content-Range"] = ["bytes 0-1/2"],
        ["Expect"] = ["100-continue", "200-ok"],
        ["X-Forwarded-For"] = ["1.2.3.4", "x"],
        ["X-HTTP-Method-Override"] = ["DELETE"],
        ["Host"] = ["", "x y", "elsewhere.example", "[::1", "{host}"],
        ["Schedule-Reply"] = ["F"],
        ["Originator"] = ["mailto:alice@example.com"],
        ["Recipient"] = ["mailto:bob@example.com"],
        ["Connection"] = ["close", "Upgrade", "keep-alive, x"],
    };

    private static readonly string[] Names = [.. Values.Keys];

    public static FuzzRequest? Apply(FuzzRequest request, Random random)
    {
        var headers = request.Headers.ToList();
        var at = headers.Count == 0 ? -1 : random.Next(headers.Count);
        var isLogin = at >= 0 && headers[at].StartsWith("Authorization", StringComparison.OrdinalIgnoreCase);
        switch (random.Next(8))
        {
            case 0 when at >= 0 && (!isLogin || random.Next(10) == 0):
                headers.RemoveAt(at);
                break;
            case 1 when at >= 0 && !isLogin:
                headers.Add(headers[at]);
                break;
            case 2 when at >= 0 && !isLogin && random.Next(3) == 0:
                headers[at] = random.Shuffle(headers[at]).Replace("\r\n", " ", StringComparison.Ordinal);
                break;
            case 3 when random.Next(20) == 0:
                headers.Add("X-Long: " + new string('x', 1 << random.Next(17)));
                break;
            case 4 when random.Next(20) == 0:
                headers.AddRange(Enumerable.Range(0, random.Next(150)).Select(n => $"X-{n}: {n}"));
                break;
            case 5 or 6 or 7:
                var name = random.Of(Names);
                headers.RemoveAll(header => header.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase));
                headers.Add($"{name}: {random.Of(Values[name])}");
                break;
            default:
                return null;
        }

        return request with { Headers = headers };
    }
}
