using System.Security.Cryptography;
using System.Text;
using Microsoft.Graph.Models;

namespace ProviderBridge.Microsoft;

/// <summary>How events of ours are known at Microsoft.</summary>
internal static class EventKeys
{
    /// <summary>The extended property that has the tag.</summary>
    public const string Property = "String {8f0d5c1e-6a53-4c0e-9d6b-2f5f1c3a7e40} Name HxTag";

    /// <summary>
    /// The transaction id with which an event is made: the same each time it is asked for, so that an answer that was lost on the way makes no second event.
    /// </summary>
    /// <param name="linkId">The link.</param>
    /// <param name="uid">The appointment's UID.</param>
    /// <param name="generation">How many events of this key were deleted before.</param>
    public static string Transaction(string linkId, string uid, int generation) => new Guid(Hash($"{linkId}|{uid}|{generation}").AsSpan(0, 16)).ToString();

    /// <summary>Names a link, and nobody.</summary>
    public static string OfLink(string linkId) => Convert.ToHexStringLower(Hash(linkId).AsSpan(0, 12));

    /// <summary>What is noted with an event of ours: the link and the appointment's UID. A copy that somebody makes has it too.</summary>
    public static List<SingleValueLegacyExtendedProperty> Tag(string link, string uid) => [new() { Id = Property, Value = $"{link}|{uid}" }];

    /// <summary>The UID that a link has noted; null where it has noted none.</summary>
    public static string? Read(Event one, string link) =>
        one.SingleValueExtendedProperties?.FirstOrDefault(property => string.Equals(property.Id, Property, StringComparison.OrdinalIgnoreCase))?.Value is { } value && value.StartsWith(link + "|", StringComparison.Ordinal)
            ? value[(link.Length + 1)..]
            : null;

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
