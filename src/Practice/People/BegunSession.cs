using Calendaring.Store;

namespace Practice.People;

/// <summary>A session that has just begun.</summary>
/// <param name="Person">Whose.</param>
/// <param name="Secret">What the browser gets of it, and nobody keeps.</param>
public sealed record BegunSession(Principal Person, string Secret);
