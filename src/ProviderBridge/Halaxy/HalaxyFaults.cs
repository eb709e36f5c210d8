using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using NodaTime;

namespace ProviderBridge.Halaxy;

/// <summary>Tells Halaxy's refusals apart, by status and by the issue code of the OperationOutcome. What it says in words is not kept: it may repeat what was sent.</summary>
internal static class HalaxyFaults
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(100);
    private static readonly Duration LongestWait = Duration.FromHours(1);
    private const long LargestAnswer = 16 * 1024 * 1024;
    // who may see what, and what is of a moment (FHIR R4, IssueType): none of it says that there is no such thing
    private static readonly HashSet<string> OfOtherThings = new(["security", "login", "unknown", "expired", "forbidden", "suppressed", "transient", "lock-error", "no-store", "exception", "timeout", "incomplete", "throttled"], StringComparer.Ordinal);
    private static readonly ProductInfoHeaderValue Agent = new("CalendarSync", "1");

    /// <summary>Sends a request with the header that Halaxy insists on.</summary>
    public static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancelled)
    {
        request.Headers.UserAgent.Add(Agent);
        // the client's own limit ends with the headers, and the body may come for ever
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        end.CancelAfter(Longest);
        HttpResponseMessage? answer = null;
        try
        {
            answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, end.Token);
            await answer.Content.LoadIntoBufferAsync(LargestAnswer, end.Token);
            return answer;
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException || (failed is OperationCanceledException && !cancelled.IsCancellationRequested))
        {
            answer?.Dispose();
            throw new HalaxyException(HalaxyFault.Unavailable, "Halaxy could not be reached, or did not answer.", failed);
        }
    }

    /// <summary>What a refusal means.</summary>
    public static async Task<HalaxyException> OfAsync(HttpResponseMessage answer, Instant now, CancellationToken cancelled)
    {
        var status = (int)answer.StatusCode;
        var body = await answer.Content.ReadAsByteArrayAsync(cancelled);
        var code = CodeOf(body);
        var words = string.Create(CultureInfo.InvariantCulture, $"Halaxy answered {status} {code ?? "without a code"}.");
        return new HalaxyException(FaultOf(answer.StatusCode, code, body), words) { RetryAfter = Shorter(Sync.RetryAfter.Of(answer, now)), IsUnsupported = answer.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented, IsNotFound = status is 404 or 410 && code is not null && !OfOtherThings.Contains(code) };
    }

    // something on the way may say that everything waits for a day
    private static Duration? Shorter(Duration? wait) => wait is { } asked ? Duration.Min(asked, LongestWait) : null;

    /// <summary>Whether it is the access token that is not taken, or not any more.</summary>
    public static async Task<bool> IsExpiredAsync(HttpResponseMessage answer, CancellationToken cancelled)
    {
        if (answer.IsSuccessStatusCode) return false;
        var code = CodeOf(await answer.Content.ReadAsByteArrayAsync(cancelled));
        return code == "expired" || (answer.StatusCode == HttpStatusCode.Unauthorized && code is (null or "login"));
    }

    /// <summary>Whether Halaxy itself says that there is no such thing: a page of something on the way says nothing.</summary>
    public static async Task<bool> IsNoneAsync(HttpResponseMessage answer, CancellationToken cancelled) =>
        answer.StatusCode is (HttpStatusCode.NotFound or HttpStatusCode.Gone) && CodeOf(await answer.Content.ReadAsByteArrayAsync(cancelled)) is ("not-found" or "deleted");

    private static HalaxyFault FaultOf(HttpStatusCode status, string? code, byte[] body) => ((int)status, code) switch
    {
        (429, _) or (_, "throttled") => HalaxyFault.TooMany,
        // with a token that was given just now: the key is good, or something on the way answered
        (_, "expired") => HalaxyFault.KeyRefused,
        (403, null) when IsObject(body) => HalaxyFault.MissingScope,
        (401 or 403, null) => HalaxyFault.Unavailable,
        (401 or 403, _) => HalaxyFault.MissingScope,
        (404 or 410, _) => HalaxyFault.Unreadable,
        (409, _) or (_, "conflict") => HalaxyFault.Conflict,
        (408 or >= 500, _) => HalaxyFault.Unavailable,
        ( >= 400, _) => HalaxyFault.Rejected,
        _ => HalaxyFault.Unreadable,
    };

    /// <summary>Whether an answer is the API's own, and not a page of something on the way.</summary>
    public static bool IsObject(byte[] body)
    {
        try
        {
            using var read = JsonDocument.Parse(body);
            return read.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // an issue code is a short word (FHIR R4, IssueType)
    private static string? CodeOf(byte[] body)
    {
        try
        {
            using var read = JsonDocument.Parse(body);
            if (read.RootElement.ValueKind != JsonValueKind.Object || !read.RootElement.TryGetProperty("issue", out var issues) || issues.ValueKind != JsonValueKind.Array) return null;
            foreach (var issue in issues.EnumerateArray())
                if (issue.ValueKind == JsonValueKind.Object && issue.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String && code.GetString() is { Length: > 0 and < 40 } word && word.All(x => char.IsAsciiLetter(x) || x == '-'))
                    return word;
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            // a proxy's page, half a character in a name, or nothing: the status has to say it
        }

        return null;
    }
}
