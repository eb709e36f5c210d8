using Calendaring.Store;

namespace Practice;

/// <summary>
/// The one place that knows what the outside sees of an appointment, and what an external add, edit, move or removal does to it (halaxy.md R4, R6, §2, §3).
/// </summary>
public static class HxCalendar
{
    /// <summary>The path segment of the HX_ calendar in a practitioner's home.</summary>
    public const string CollectionName = "hx";

    /// <summary>The ETag of the representation that a level is shown, without quotes: an ETag belongs to a representation. Needs no octets.</summary>
    public static string ETagOf(ObjectRow row, PrivacyLevel level) => throw new NotImplementedException();

    /// <summary>The octets that a level is shown. A personal appointment, and any at <see cref="PrivacyLevel.FullName"/>, is as stored.</summary>
    public static ReadOnlyMemory<byte> Represent(StoredObject stored, PrivacyLevel level) => throw new NotImplementedException();

    /// <summary>Decides what a change means. Pure: nothing is written here.</summary>
    public static HxDecision Accept(ExternalChange change) => throw new NotImplementedException();
}
