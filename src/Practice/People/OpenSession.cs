using Calendaring.Store;
using Practice.Groups;

namespace Practice.People;

/// <summary>A session that lasts.</summary>
/// <param name="Person">Whose.</param>
/// <param name="Practice">Their practice group; null for a user without one.</param>
/// <param name="Session">The session.</param>
public sealed record OpenSession(Principal Person, PracticeGroup? Practice, Session Session);
