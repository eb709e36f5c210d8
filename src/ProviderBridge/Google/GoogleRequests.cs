using System.Net;
using Google;
using Google.Apis.Auth.OAuth2.Responses;
using Google.Apis.Calendar.v3;
using Google.Apis.Http;
using Newtonsoft.Json;
using NodaTime;
using Polly;
using ProviderBridge.Sync;

namespace ProviderBridge.Google;

/// <summary>
/// Sends requests about one calendar. What fails for the moment is sent again: a request for an event has the event's own id, a change the version that is changed (If-Match), so that what was done the first time is not done
/// again.
/// </summary>
internal sealed class GoogleRequests(ResiliencePipeline pipeline)
{
    /// <summary>Sends a request: made again for each try.</summary>
    public async Task<GoogleAnswer<T>> SendAsync<T>(Func<CalendarBaseServiceRequest<T>> make, CancellationToken cancelled)
        where T : class =>
        await pipeline.ExecuteAsync(async stop => await SendOnceAsync(make(), stop), cancelled);

    private static async Task<GoogleAnswer<T>> SendOnceAsync<T>(CalendarBaseServiceRequest<T> request, CancellationToken cancelled)
        where T : class
    {
        var wait = new Wait();
        request.AddUnsuccessfulResponseHandler(wait);
        try
        {
            return new GoogleAnswer<T>(HttpStatusCode.OK, await request.ExecuteAsync(cancelled));
        }
        catch (GoogleApiException refused) when (refused.HttpStatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Gone or HttpStatusCode.PreconditionFailed)
        {
            return new GoogleAnswer<T>(refused.HttpStatusCode, null);
        }
        catch (GoogleApiException refused)
        {
            throw GoogleFaults.Of(refused, wait.Asked);
        }
        catch (TokenResponseException refused)
        {
            var isOver = refused.Error?.Error is "invalid_grant" or "invalid_client" or "unauthorized_client";
            throw new OutsideException(isOver ? OutsideFault.NeedsReconnecting : OutsideFault.Unavailable, "Google gave no access to the account.");
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or TimeoutException || (failed is OperationCanceledException && !cancelled.IsCancellationRequested))
        {
            throw new OutsideException(OutsideFault.Unavailable, "Google could not be reached, or did not answer.", failed);
        }
        catch (JsonException)
        {
            throw new OutsideException(OutsideFault.Unavailable, "Google sent an answer that cannot be read.") { MayBeOfOne = true };
        }
    }

    /// <summary>Notes how long a refusal asks to wait: the library's own exceptions do not tell.</summary>
    private sealed class Wait : IHttpUnsuccessfulResponseHandler
    {
        public Duration? Asked { get; private set; }

        public Task<bool> HandleResponseAsync(HandleUnsuccessfulResponseArgs args)
        {
            Asked = RetryAfter.Of(args.Response, SystemClock.Instance.GetCurrentInstant());
            return Task.FromResult(false);
        }
    }
}
