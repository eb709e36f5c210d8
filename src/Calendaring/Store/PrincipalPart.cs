namespace Calendaring.Store;

/// <summary>The resources that every principal has.</summary>
public enum PrincipalPart
{
    /// <summary>The principal resource itself.</summary>
    Principal,

    /// <summary>Its calendar home.</summary>
    Home,

    /// <summary>Its scheduling inbox.</summary>
    Inbox,

    /// <summary>Its scheduling outbox.</summary>
    Outbox,
}
