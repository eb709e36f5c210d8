using Microsoft.Graph;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Abstractions.Store;
using Microsoft.Kiota.Http.HttpClientLibrary;
using Microsoft.Kiota.Serialization.Json;

namespace ProviderBridge.Microsoft;

/// <summary>Clients of Microsoft Graph.</summary>
public static class GraphClient
{
    /// <summary>Has ids stay the same when an event is moved, times in UTC and words without markup: said with every request.</summary>
    private const string Prefer = "IdType=\"ImmutableId\", outlook.timezone=\"UTC\", outlook.body-content-type=\"text\"";

    /// <summary>A client that sends what it asks through a handler, which brings the access. The library's own tries are not used: what is tried again is decided by what was asked.</summary>
    /// <param name="handler">Where requests go; it is disposed with the client.</param>
    /// <param name="api">The root of Graph.</param>
    public static GraphServiceClient Over(HttpMessageHandler handler, Uri api)
    {
        ArgumentNullException.ThrowIfNull(api);
        var http = new HttpClient(new Preferring { InnerHandler = handler }) { Timeout = TimeSpan.FromSeconds(100) };
        return new GraphServiceClient(new FullBodyAdapter(http) { BaseUrl = api.AbsoluteUri.TrimEnd('/') });
    }

    /// <summary>Writes of a body all that it has, each time. By itself the library writes what was set since it was last written: what is sent again after a failure would be empty.</summary>
    private sealed class FullBodyAdapter(HttpClient http)
        : HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), serializationWriterFactory: new JsonSerializationWriterFactory(), httpClient: http), IRequestAdapter
    {
        // each client asks for it when it is made
        void IRequestAdapter.EnableBackingStore(IBackingStoreFactory backingStoreFactory)
        {
        }
    }

    private sealed class Preferring : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.TryAddWithoutValidation("Prefer", Prefer);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
