namespace Calendaring.Store;

/// <summary>A resource that has properties which clients set.</summary>
/// <param name="PrincipalId">Whose it is.</param>
/// <param name="CollectionId">The collection, or 0 for one of the resources that every principal has.</param>
/// <param name="Member">Path segment of a member of the collection; empty for the collection itself; else which of the principal's resources.</param>
public readonly record struct PropertyTarget(string PrincipalId, long CollectionId, string Member)
{
    /// <summary>Whether it is a collection itself.</summary>
    public bool IsCollection => CollectionId != 0 && Member.Length == 0;

    /// <summary>Whether it is a member of a collection.</summary>
    public bool IsMember => CollectionId != 0 && Member.Length > 0;

    /// <summary>One of a principal's resources: each has its own properties (RFC 4918 §4).</summary>
    public static PropertyTarget Of(string principalId, PrincipalPart part) => new(principalId, 0, part switch
    {
        PrincipalPart.Home => "home",
        PrincipalPart.Inbox => "inbox",
        PrincipalPart.Outbox => "outbox",
        _ => "principal",
    });

    /// <summary>A collection, or a member of it.</summary>
    public static PropertyTarget Of(Collection collection, string member = "")
    {
        ArgumentNullException.ThrowIfNull(collection);
        return new(collection.PrincipalId, collection.Id, member);
    }
}
