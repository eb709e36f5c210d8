using ProviderBridge.Accounts;
using ProviderBridge.Google;

namespace CalDavServer.Links;

/// <summary>What connects accounts at Google, where the server is registered there.</summary>
internal sealed record GoogleConnection(GoogleSignIn SignIn, AccountTokens Tokens, GoogleCalendars Calendars) : IDisposable
{
    public void Dispose()
    {
        SignIn.Dispose();
        Calendars.Dispose();
    }
}
