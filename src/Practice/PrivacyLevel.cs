namespace Practice;

/// <summary>
/// What of a patient appointment leaves the server, per app password or link (docs/rules.md P1). Ordered: each level shows what the ones before
/// it show.
/// </summary>
public enum PrivacyLevel
{
    /// <summary>The time only.</summary>
    Busy,

    /// <summary>The appointment type.</summary>
    Type,

    /// <summary>Type and the patient's initials. The default.</summary>
    Initials,

    /// <summary>Type and the patient's first name.</summary>
    FirstName,

    /// <summary>Everything, comments included.</summary>
    FullName,
}
