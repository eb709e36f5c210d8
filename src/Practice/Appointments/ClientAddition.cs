namespace Practice.Appointments;

/// <summary>Something a client added: known again by its hash, shown from the level on at which it was written.</summary>
/// <param name="Hash">Hash of its unfolded content.</param>
/// <param name="Level">The level of who wrote it.</param>
public sealed record ClientAddition(string Hash, PrivacyLevel Level)
{
    /// <summary>Where in the object it is; null in what was remembered before additions had a place.</summary>
    public string? Place { get; init; }
}
