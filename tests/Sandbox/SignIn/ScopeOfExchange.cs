using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Sandbox.SignIn;

/// <summary>Microsoft's library sends the scope with the code again (§B1): what the person ticked counts, so it is not read here.</summary>
public sealed class ScopeOfExchange : IOpenIddictServerHandler<ExtractTokenRequestContext>
{
    public ValueTask HandleAsync(ExtractTokenRequestContext context)
    {
        if (context.Request is not null) context.Request.Scope = null;
        return default;
    }
}
