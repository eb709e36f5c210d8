using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Sandbox.SignIn;

/// <summary>Microsoft's library sends the scope with the code again (§B1): what the person ticked counts, so it is not read there. A refresh that asks for what was not allowed is refused (RFC 6749 §6).</summary>
public sealed class ScopeOfExchange : IOpenIddictServerHandler<ExtractTokenRequestContext>
{
    public ValueTask HandleAsync(ExtractTokenRequestContext context)
    {
        if (context.Request is not null && !context.Request.IsRefreshTokenGrantType()) context.Request.Scope = null;
        return default;
    }
}
