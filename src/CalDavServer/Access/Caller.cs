using CalDavServer.Http;
using Calendaring.Store;
using Practice;

namespace CalDavServer.Access;

/// <summary>
/// Who makes a request, and by which app password. Found with <c>HttpContext.Features.Get&lt;Caller&gt;()</c> after authentication.
/// </summary>
/// <param name="Principal">The principal.</param>
/// <param name="Credential">The app password used.</param>
/// <param name="Level">The app password's privacy level.</param>
internal sealed record Caller(Principal Principal, Credential Credential, PrivacyLevel Level) : ISignedIn
{
    public string PersonId => Principal.Id;

    /// <summary>Makes it the caller of a request.</summary>
    public void Enter(HttpContext context)
    {
        context.Features.Set(this);
        context.Features.Set<ISignedIn>(this);
    }
}
