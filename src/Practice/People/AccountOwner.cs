using Calendaring.Store;
using Practice.Audit;

namespace Practice.People;

/// <summary>Somebody who does something to their own account, in the browser in which they are signed in.</summary>
/// <param name="Person">The person.</param>
/// <param name="SessionId">The session of that browser.</param>
/// <param name="Actor">The same for the audit log.</param>
public sealed record AccountOwner(Principal Person, string SessionId, AuditActor Actor);
