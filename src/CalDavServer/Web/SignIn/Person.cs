using Calendaring.Store;
using NodaTime;
using Practice.Groups;

namespace CalDavServer.Web.SignIn;

/// <summary>Who is signed in to the pages: in <c>HttpContext.Features</c> of every request of theirs, read from the store for it.</summary>
/// <param name="Principal">The person.</param>
/// <param name="Practice">The practice group; null for a user without one.</param>
/// <param name="SessionId">The session of this browser.</param>
/// <param name="Confirmed">When they last proved in this browser who they are.</param>
internal sealed record Person(Principal Principal, PracticeGroup? Practice, string SessionId, Instant Confirmed)
{
    /// <summary>Up to when they have seen in this browser what was done to their account.</summary>
    public Instant Looked { get; init; }

    public bool IsPractitioner => Principal.Role == PrincipalRole.Practitioner;

    public bool IsAdministrator => Principal.Role == PrincipalRole.Administrator;

    /// <summary>The person of a request. Only where somebody must be signed in.</summary>
    public static Person Of(HttpContext context) => context.Features.Get<Person>() ?? throw new InvalidOperationException("Nobody is signed in.");
}
