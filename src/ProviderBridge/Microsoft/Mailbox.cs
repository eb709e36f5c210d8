using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace ProviderBridge.Microsoft;

/// <summary>
/// Requests to one mailbox: with access to it. Graph lets an app ask four things at once of a mailbox, whoever asks (providers of several practitioners may share one); the
/// fourth is left for the one that is just ending.
/// </summary>
internal sealed class Mailbox(HttpMessageInvoker pool, AccountTokens tokens, AccountKey account) : HttpMessageHandler
{
    private const int AtOnce = 3;
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Gates = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = Gates.GetOrAdd(account.AccountId, static _ => new SemaphoreSlim(AtOnce));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var token = await tokens.GetAsync(account, cancellationToken);
            var answer = await SendAsync(request, token, cancellationToken);
            if (answer.StatusCode != HttpStatusCode.Unauthorized) return answer;
            // refused before its time: renewed once
            tokens.Refused(account, token);
            answer.Dispose();
            return await SendAsync(request, await tokens.GetAsync(account, cancellationToken), cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string token, CancellationToken cancelled)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var answer = await pool.SendAsync(request, cancelled);
        // it counts until it is read
        await answer.Content.LoadIntoBufferAsync(cancelled);
        return answer;
    }
}
