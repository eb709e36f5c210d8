using System.Globalization;
using Calendaring.Store;

namespace CalDavServer.Dav;

/// <summary>
/// A sync token (RFC 6578 §4): a URI, <c>data:,{incarnation}/{change}</c>, so that a token of an earlier collection of the same name, or of another collection, is known to be foreign.
/// One given in the midst of a first sync that is read in pages ends with <c>/{began}</c>.
/// </summary>
/// <param name="Change">The sync goes on after this change number.</param>
/// <param name="Began">
/// The collection's change number at the first page of a first sync, else 0. What the client may not see and was so by then is not worth a word, and removals are told from then on:
/// the token stays good for as long as those are remembered, however old the objects of its last page are.
/// </param>
internal readonly record struct SyncToken(long Change, long Began = 0)
{
    private const string Prefix = "data:,";

    /// <summary>The change number from which every removal must still be known.</summary>
    public long Needs => Math.Max(Change, Began);

    /// <summary>The token of a collection as it is now.</summary>
    public static string Of(Collection collection) => new SyncToken(collection.Change).ToUri(collection.Incarnation);

    /// <summary>Whether the text is a token of this incarnation.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, ReadOnlySpan<char> incarnation, out SyncToken token)
    {
        token = default;
        if (!text.StartsWith(Prefix)) return false;
        text = text[Prefix.Length..];
        if (text.Length <= incarnation.Length || !text.StartsWith(incarnation) || text[incarnation.Length] != '/') return false;
        text = text[(incarnation.Length + 1)..];
        var slash = text.IndexOf('/');
        var began = 0L;
        if (slash >= 0 && !TryReadNumber(text[(slash + 1)..], out began)) return false;
        if (!TryReadNumber(slash >= 0 ? text[..slash] : text, out var change)) return false;
        token = new SyncToken(change, began);
        return true;
    }

    /// <summary>The token as clients see it.</summary>
    public string ToUri(string incarnation) => Began == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Prefix}{incarnation}/{Change}")
        : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{incarnation}/{Change}/{Began}");

    private static bool TryReadNumber(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
