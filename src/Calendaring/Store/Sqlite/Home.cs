using System.Collections.Immutable;

namespace Calendaring.Store.Sqlite;

/// <summary>A principal with what hangs on it.</summary>
/// <param name="Principal">The principal.</param>
/// <param name="Change">The home's change number.</param>
/// <param name="Usage">What the home holds.</param>
/// <param name="Credentials">App passwords, oldest first.</param>
/// <param name="Collections">Keys of the collections by name.</param>
/// <param name="Incarnation">Random at creation.</param>
/// <param name="Swept">The change number up to which the tombstones of its collections have been swept.</param>
internal sealed record Home(
    Principal Principal, long Change, HomeUsage Usage, ImmutableArray<Credential> Credentials, ImmutableSortedDictionary<string, long> Collections, string Incarnation, long Swept)
{
    public static readonly ImmutableSortedDictionary<string, long> NoCollections = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);
}
