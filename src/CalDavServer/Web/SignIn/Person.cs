using CalDavServer.Http;
using Calendaring.Store;
using Practice;
using Practice.Audit;
using Practice.Groups;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>Who is signed in to the pages: in <c>HttpContext.Features</c> of every request of theirs, read from the store for it.</summary>
/// <param name="Principal">The person.</param>
/// <param name="Practice">The practice group; null for a user without one.</param>
/// <param name="SessionId">The session of this browser.</param>
/// <param name="Browser">This browser where it is now: whoever else uses its cookie is another.</param>
internal sealed record Person(Principal Principal, PracticeGroup? Practice, string SessionId, SessionBrowser Browser) : ISignedIn
{
    public string PersonId => Principal.Id;

    /// <summary>The person for the audit log.</summary>
    public AuditActor Actor => AuditActor.OnPages(Principal, SessionId) with { Browser = Browser.Id };

    /// <summary>What names the session of this browser.</summary>
    public SessionKey Session => new(Principal.Id, SessionId);

    /// <summary>The person as whoever does something to their own account.</summary>
    public AccountOwner Owner => new(Principal, SessionId, Actor);

    public bool IsPractitioner => Principal.Role == PrincipalRole.Practitioner;

    public bool IsAdministrator => Principal.Role == PrincipalRole.Administrator;

    /// <summary>The person of a request. Only where somebody must be signed in.</summary>
    public static Person Of(HttpContext context) => context.Features.Get<Person>() ?? throw new InvalidOperationException("Nobody is signed in.");
}
