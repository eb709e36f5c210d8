using System.Net;
using System.Text.Json;
using Microsoft.Graph.Models.ODataErrors;
using Microsoft.Kiota.Abstractions;
using NodaTime;
using Polly;
using ProviderBridge.Sync;

namespace ProviderBridge.Microsoft;

/// <summary>
/// Sends requests about one calendar. What fails for the moment is sent again: a request for an event has a transaction id, a change the version that is changed (If-Match), so that what was done the first time is not done
/// again.
/// </summary>
internal sealed class GraphRequests(ResiliencePipeline pipeline)
{
    /// <summary>Sends a request: made again for each try.</summary>
    public async Task<GraphAnswer<T>> SendAsync<T>(Func<CancellationToken, Task<T?>> ask, CancellationToken cancelled)
        where T : class =>
        await pipeline.ExecuteAsync(async stop => await SendOnceAsync(ask, stop), cancelled);

    private static async Task<GraphAnswer<T>> SendOnceAsync<T>(Func<CancellationToken, Task<T?>> ask, CancellationToken cancelled)
        where T : class
    {
        try
        {
            return new GraphAnswer<T>(HttpStatusCode.OK, await ask(cancelled));
        }
        catch (ApiException refused) when (GraphFaults.IsLost(refused))
        {
            return new GraphAnswer<T>(HttpStatusCode.Gone, null);
        }
        catch (ApiException refused) when (GraphFaults.IsGone(refused))
        {
            return new GraphAnswer<T>(HttpStatusCode.NotFound, null);
        }
        catch (ApiException refused) when (GraphFaults.IsChanged(refused))
        {
            return new GraphAnswer<T>(HttpStatusCode.PreconditionFailed, null);
        }
        catch (ApiException refused) when (GraphFaults.IsTaken(refused))
        {
            return new GraphAnswer<T>(HttpStatusCode.Conflict, null) { Existing = (refused as ODataError)?.Error?.AdditionalData.TryGetValue("@event.existingEventId", out var id) == true ? id as string : null };
        }
        catch (ApiException refused)
        {
            throw GraphFaults.Of(refused, SystemClock.Instance.GetCurrentInstant());
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or TimeoutException || (failed is OperationCanceledException && !cancelled.IsCancellationRequested))
        {
            throw new OutsideException(OutsideFault.Unavailable, "Microsoft could not be reached, or did not answer.", failed);
        }
        catch (Exception failed) when (failed is JsonException or InvalidOperationException or FormatException)
        {
            throw new OutsideException(OutsideFault.Unavailable, "Microsoft sent an answer that cannot be read.") { MayBeOfOne = true };
        }
    }
}
