namespace Calendaring.Store;

/// <summary>
/// Removes a principal with all that is theirs: home, calendars, objects, app passwords, the records they own or are the subject of, and those whose owner begins with their id and a slash. The lines of their logs, and those about them, are erased; so are
/// the lines of <paramref name="MentionedIn"/> whose document names their id, or, where it has no id of a person, their name or a former one that nobody else of the group has now. Their logs stay, under a random owner. Fails with NotFound. <see cref="IStoreMaintenance.PurgeDeletedAsync"/> takes the bytes out of the file.
/// </summary>
public sealed record ErasePrincipal(string PrincipalId, IReadOnlyList<string> MentionedIn, IReadOnlyList<string>? FormerNames = null) : StoreOperation;
