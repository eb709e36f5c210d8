using Polly;
using ProviderBridge.Sync;

namespace ProviderBridge.CalDav;

/// <summary>
/// Sends requests about one calendar. What fails for the moment is sent again: what is made has a name of its own and may not be there yet, what is changed names its version, so that what was done the first time is not done
/// again.
/// </summary>
internal sealed class CalDavRequests(CalDavAccess access, ResiliencePipeline pipeline)
{
    public CalDavAccess Access => access;

    /// <summary>Sends a request.</summary>
    /// <exception cref="OutsideException">There is no answer that says something about what was asked for.</exception>
    public Task<DavAnswer> SendAsync(DavRequest request, CancellationToken cancelled) => DoAsync(stop => access.SendAsync(request, stop), cancelled);

    /// <summary>Reads a multistatus.</summary>
    /// <exception cref="OutsideException">It is none.</exception>
    public static Multistatus Read(DavAnswer answer)
    {
        try
        {
            return Multistatus.Read(answer);
        }
        catch (CalDavException garbled)
        {
            throw garbled.ToOutside();
        }
    }

    /// <summary>Does what may fail, as a link is told of failures.</summary>
    public async Task<T> DoAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancelled) => await pipeline.ExecuteAsync(
        async stop =>
        {
            try
            {
                return await ask(stop);
            }
            catch (CalDavException failed)
            {
                throw failed.ToOutside();
            }
        },
        cancelled);
}
