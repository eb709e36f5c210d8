using System.Security.Cryptography;
using System.Text;
using Microsoft.Graph.Models;
using ProviderBridge.Sync;

namespace ProviderBridge.Microsoft;

/// <summary>How events of ours are known at Microsoft.</summary>
internal static class EventKeys
{
    /// <summary>The extended property that has the tag.</summary>
    public const string Property = "String {8f0d5c1e-6a53-4c0e-9d6b-2f5f1c3a7e40} Name HxTag";

    /// <summary>The extended property that says which date of a series an event stands for, where the series is there in many.</summary>
    public const string PartProperty = "String {8f0d5c1e-6a53-4c0e-9d6b-2f5f1c3a7e40} Name HxPart";

    /// <summary>
    /// The transaction id with which an event is made: the same each time it is asked for, so that an answer that was lost on the way makes no second event.
    /// </summary>
    /// <param name="link">The link.</param>
    /// <param name="uid">The appointment's UID.</param>
    /// <param name="generation">How many events of this key were deleted before.</param>
    public static string Transaction(LinkKey link, string uid, int generation) => new Guid(Hash($"{link.LinkId}|{uid}|{generation}").AsSpan(0, 16)).ToString();

    /// <summary>Names a link, and nobody.</summary>
    public static string OfLink(LinkKey link) => Convert.ToHexStringLower(Hash(link.LinkId).AsSpan(0, 12));

    /// <summary>What is noted with an event of ours: the link and the appointment's UID. A copy that somebody makes has it too.</summary>
    public static List<SingleValueLegacyExtendedProperty> Tag(string link, string uid) => [new() { Id = Property, Value = $"{link}|{uid}" }];

    /// <summary>What is noted with an event that stands for one date of a series.</summary>
    public static List<SingleValueLegacyExtendedProperty> Tag(string link, string uid, string part) => [.. Tag(link, uid), new() { Id = PartProperty, Value = part }];

    /// <summary>The id of a series that is there in many events: it has none of its own.</summary>
    public static string OfParts(LinkKey link, string uid) => $"parts-{Transaction(link, uid, -1)}";

    /// <summary>The date of a series that an event stands for; null where it stands for itself.</summary>
    public static string? ReadPart(Event one) => Find(one, PartProperty);

    /// <summary>The UID that a link has noted; null where it has noted none.</summary>
    public static string? Read(Event one, string link) =>
        Find(one, Property) is { } value && value.StartsWith(link + "|", StringComparison.Ordinal) ? value[(link.Length + 1)..] : null;

    private static string? Find(Event one, string property) => one.SingleValueExtendedProperties?.FirstOrDefault(noted => string.Equals(noted.Id, property, StringComparison.OrdinalIgnoreCase))?.Value;

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
