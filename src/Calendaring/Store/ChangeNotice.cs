namespace Calendaring.Store;

/// <summary>Told after each commit that touched a home: a hint, never the truth.</summary>
/// <param name="PrincipalId">Whose home.</param>
/// <param name="CollectionId">The collection changed.</param>
/// <param name="Change">Its new change number.</param>
public readonly record struct ChangeNotice(string PrincipalId, long CollectionId, long Change);
