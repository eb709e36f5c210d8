using System.Net;
using System.Net.Http.Headers;
using Google.Apis.Http;
using ProviderBridge.Sync;

namespace ProviderBridge.Accounts;

/// <summary>Gives each request of Google's library the access token of an account; one that is refused before its time is renewed once.</summary>
public sealed class AccountAccess(AccountTokens tokens, AccountKey account) : IConfigurableHttpClientInitializer, IHttpExecuteInterceptor, IHttpUnsuccessfulResponseHandler
{
    /// <inheritdoc/>
    public void Initialize(ConfigurableHttpClient httpClient)
    {
        ArgumentNullException.ThrowIfNull(httpClient);
        httpClient.MessageHandler.Credential = this;
        httpClient.MessageHandler.AddUnsuccessfulResponseHandler(this);
    }

    /// <inheritdoc/>
    public async Task InterceptAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.GetAsync(account, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<bool> HandleResponseAsync(HandleUnsuccessfulResponseArgs args)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (args.Response.StatusCode != HttpStatusCode.Unauthorized || args.Request.Headers.Authorization?.Parameter is not { } used) return Task.FromResult(false);
        tokens.Refused(account, used);
        return Task.FromResult(args.SupportsRetry && args.CurrentFailedTry == 1);
    }
}
