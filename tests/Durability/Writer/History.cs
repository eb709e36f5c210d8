using System.Globalization;
using System.Text;
using Calendaring.Store;
using NodaTime;

namespace Durability.Writer;

/// <summary>
/// What a writer does, as a function of its number and the number of the step: so that what must be in the store after any step can be told from the step's number alone. Each step is one batch
/// of an object put or removed and a record that holds the step's number.
/// </summary>
public static class History
{
    /// <summary>Writers at once.</summary>
    public const int Writers = 8;

    /// <summary>Whose home it is.</summary>
    public const string PrincipalId = "p";

    /// <summary>The collection's name.</summary>
    public const string CollectionName = "c";

    private const int Slots = 12;

    /// <summary>Makes the principal and the collection in an empty store.</summary>
    public static async Task<long> MakeCollectionAsync(ICalendarStore store)
    {
        var principal = new Principal(PrincipalId, "p", "p", null, 2, null);
        var collection = new Collection(0, PrincipalId, CollectionName, Collection.OrdinaryKind, ["VEVENT"], string.Empty, 0, Instant.MinValue, PropertyBag.Empty);
        var made = await store.ApplyAsync(StoreBatch.Of(new CreatePrincipal(principal), new CreateCollection(collection)));
        return made.Collections[0].Id;
    }

    /// <summary>The batch of a step.</summary>
    public static StoreBatch Batch(long collectionId, int writer, int step)
    {
        var name = Name(writer, step % Slots);
        var before = Objects(writer, step - 1).ContainsKey(name);
        StoreOperation change = Text(writer, step) is { } text ? Put(collectionId, name, text) : before ? new DeleteObject(collectionId, name) : Put(collectionId, name, "kept");
        return StoreBatch.Of(change, new PutRecord("step", $"w{writer}", "last", Encoding.UTF8.GetBytes(step.ToString(CultureInfo.InvariantCulture))));
    }

    /// <summary>The objects of a writer after a step: texts by name.</summary>
    public static Dictionary<string, string> Objects(int writer, int step)
    {
        var objects = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var last = Math.Max(1, step - Slots + 1); last <= step; last++)
        {
            if (Text(writer, last) is { } text) objects[Name(writer, last % Slots)] = text;
            else if (IsKept(writer, last)) objects[Name(writer, last % Slots)] = "kept";
        }
        return objects;
    }

    /// <summary>The step of a writer that the store is at; 0 when it has done none.</summary>
    public static async Task<int> LastStepAsync(IStoreSnapshot snapshot, int writer) =>
        await snapshot.FindRecordAsync("step", $"w{writer}", "last") is { } record ? int.Parse(record.Document.Span, CultureInfo.InvariantCulture) : 0;

    private static string Name(int writer, int slot) => $"w{writer}-{slot}.ics";

    /// <summary>Texts from a hundred bytes to several pages, each naming its step; null for a removal.</summary>
    private static string? Text(int writer, int step) =>
        step % 5 == 0 ? null : $"writer {writer} step {step} " + new string((char)('a' + (step % 26)), step % 11 == 0 ? 20_000 : 100 + (step * 37 % 900));

    /// <summary>A removal when there is nothing to remove puts something: so every step changes the store.</summary>
    private static bool IsKept(int writer, int step)
    {
        if (step < 1 || Text(writer, step) is not null) return false;
        var before = step - Slots;
        return before < 1 || (Text(writer, before) is null && !IsKept(writer, before));
    }

    private static PutObject Put(long collectionId, string name, string text)
    {
        var start = Instant.FromUtc(2026, 1, 1, 0, 0) + Duration.FromHours(text.Length);
        return new PutObject(collectionId, name, Encoding.UTF8.GetBytes(text), new ObjectIndex("uid-" + name, "VEVENT", start, start + Duration.FromHours(1), false));
    }
}
