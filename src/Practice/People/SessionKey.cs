namespace Practice.People;

/// <summary>Names a session.</summary>
/// <param name="PersonId">Whose.</param>
/// <param name="SessionId">Its id.</param>
public readonly record struct SessionKey(string PersonId, string SessionId);
