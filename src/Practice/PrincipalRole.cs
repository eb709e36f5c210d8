namespace Practice;

/// <summary>What a principal may be (docs/rules.md R9): the store keeps it as a number.</summary>
public enum PrincipalRole
{
    /// <summary>Has an HX_ calendar and a diary.</summary>
    Practitioner,

    /// <summary>Runs a practice group; has no HX_ calendar.</summary>
    Administrator,

    /// <summary>Has ordinary calendars only.</summary>
    User,
}
