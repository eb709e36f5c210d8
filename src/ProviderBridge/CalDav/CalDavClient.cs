using System.Globalization;
using System.Net;
using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.CalDav;

/// <summary>
/// Sends requests for an account. The password goes to the server that the person named and to hosts of the same holder, over https; a redirect (RFC 9110 §15.4) is followed there and nowhere else.
/// </summary>
/// <param name="connections">The connections.</param>
/// <param name="home">The server that the person named.</param>
/// <param name="credentials">What it is opened with.</param>
internal sealed class CalDavClient(CalDavConnections connections, Uri home, CalDavCredentials credentials)
{
    private const int MaxRedirects = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // what a server asks for is often too short: less is not waited
    private static readonly Duration Shortest = Duration.FromSeconds(2);

    /// <summary>The servers that have asked for the password.</summary>
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The server that the person named.</summary>
    public Uri Home => home;

    /// <summary>Whether the password waits until a server asks for it by Basic authentication (RFC 7617 §2): who only guesses a server tells it nothing.</summary>
    public bool Waits { get; init; }

    /// <summary>Sends a request.</summary>
    /// <exception cref="CalDavException">There is no answer that says something about what was asked for.</exception>
    public async Task<DavAnswer> SendAsync(DavRequest request, CancellationToken cancelled)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        patience.CancelAfter(Patience);
        try
        {
            return await FollowAsync(request, patience.Token);
        }
        catch (Exception failed) when (Innermost(failed) is CalDavException known)
        {
            throw new CalDavException(known.Problem, known.Message) { RetryAfter = known.RetryAfter, Status = known.Status };
        }
        catch (UriFormatException garbled)
        {
            throw new CalDavException(CalDavProblem.NotCalDav, "The server redirects to something that is not an address.", garbled);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException || (failed is OperationCanceledException && !cancelled.IsCancellationRequested))
        {
            throw new CalDavException(CalDavProblem.Unreachable, "The server cannot be reached, or does not answer.", failed);
        }
    }

    private async Task<DavAnswer> FollowAsync(DavRequest request, CancellationToken cancelled)
    {
        var address = request.Address;
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            ThrowIfMayNotGo(address);
            var opens = !Waits || _asked.Contains(address.Authority);
            using var message = request.ToMessage(address, opens ? credentials : null);
            using var response = await connections.SendAsync(message, cancelled);
            if (response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect && response.Headers.Location is { } next)
            {
                address = new Uri(address, next);
                continue;
            }

            if (!opens && response.StatusCode == HttpStatusCode.Unauthorized)
            {
                if (!response.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))) throw new CalDavException(CalDavProblem.NotCalDav, "The server asks for something other than a password.");
                _asked.Add(address.Authority);
                continue;
            }

            ThrowIfNotNow(response);
            var tag = response.Headers.NonValidated.TryGetValues("ETag", out var told) ? told.ToString().Trim() : null;
            var body = await ReadAsync(response, request.MaxBytes, cancelled);
            return new DavAnswer((int)response.StatusCode, address, tag is null ? null : DavAnswer.VersionOf(tag), response.Content.Headers.LastModified, response.Headers.Location is { } made ? new Uri(address, made) : null, body) { IsWeak = tag?.StartsWith("W/", StringComparison.Ordinal) == true };
        }

        throw new CalDavException(CalDavProblem.NotCalDav, "The server redirects from one address to another without end.");
    }

    private void ThrowIfMayNotGo(Uri address)
    {
        if (!CalDavSite.IsSame(home, address)) throw new CalDavException(CalDavProblem.Elsewhere, $"The server redirects to {address.Host}, where the password must not go.");
        if (!connections.Reach.MaySend(address)) throw new CalDavException(address.Scheme == Uri.UriSchemeHttp ? CalDavProblem.Unprotected : CalDavProblem.Elsewhere, "The server redirects to an address without encryption, where the password must not go.");
    }

    private static void ThrowIfNotNow(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status == 401) throw new CalDavException(CalDavProblem.Refused, "The server does not accept the login and the password.");
        if (status is not (408 or 423 or 425 or 429 or 500 or 502 or 503 or 504)) return;
        var asked = RetryAfter.AtMost(RetryAfter.Of(response, SystemClock.Instance.GetCurrentInstant()));
        var isLimit = status is 429 or 503;
        throw new CalDavException(isLimit ? CalDavProblem.Busy : CalDavProblem.Unreachable, string.Create(CultureInfo.InvariantCulture, $"The server answered {status}."))
        {
            Status = status,
            RetryAfter = isLimit ? Duration.Max(asked ?? Shortest, Shortest) : asked,
        };
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancelled)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancelled);
        using var all = new MemoryStream();
        var part = new byte[32 * 1024];
        for (int read; (read = await stream.ReadAsync(part, cancelled)) > 0;)
        {
            if (all.Length + read > maxBytes) throw new CalDavException(CalDavProblem.TooLarge, "The server's answer is too large.");
            all.Write(part, 0, read);
        }

        return all.ToArray();
    }

    private static Exception Innermost(Exception failure)
    {
        while (failure is not CalDavException && failure.InnerException is { } inner) failure = inner;
        return failure;
    }
}
