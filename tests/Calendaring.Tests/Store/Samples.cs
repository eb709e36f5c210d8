using System.Text;
using Calendaring.Store;
using NodaTime;

namespace Calendaring.Tests.Store;

/// <summary>Objects and operations for the store's tests.</summary>
internal static class Samples
{
    public static readonly Instant Now = Instant.FromUtc(2026, 3, 2, 9, 0);

    public static CreatePrincipal Principal(string id, string? login = null) =>
        new(new Principal(id, login ?? id + "@example.org", "Name of " + id, null, 0, null));

    public static CreateCollection Collection(string principalId, string name, PropertyBag? properties = null) =>
        new(new Collection(0, principalId, name, Calendaring.Store.Collection.OrdinaryKind, ["VEVENT", "VTODO"], string.Empty, 0, Now, properties ?? PropertyBag.Empty));

    public static PutObject Put(long collectionId, string name, string? text = null, string? uid = null, Expectation expected = default) => new(
        collectionId,
        name,
        Bytes(text ?? name),
        new ObjectIndex(uid ?? "uid-" + name, "VEVENT", Now, Now + Duration.FromHours(1), false),
        expected);

    public static PutObject PutBetween(long collectionId, string name, Instant? start, Instant? end, string component = "VEVENT", bool recurring = false) =>
        Put(collectionId, name) with { Index = new ObjectIndex("uid-" + name, component, start, end, recurring) };

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(StoredObject found) => Encoding.UTF8.GetString(found.Bytes.Span);
}

/// <summary>A clock that stands where it is set.</summary>
internal sealed class SetClock(Instant now) : IClock
{
    public Instant Now { get; set; } = now;

    public Instant GetCurrentInstant() => Now;
}
