using System.Globalization;
using Calendaring.Store;
using Practice;

namespace CalDavServer.Dav;

/// <summary>
/// A sync token (RFC 6578 §4): a URI, <c>data:,{scope}/{change}</c>. The scope is the incarnation of the collection, so that a token of an earlier one of the same name, or of another, is
/// known to be foreign. Privacy levels are shown different things, so the level belongs to it: a device whose level is changed has been told of ETags that are no more (RFC 6578 §3.5.1), so it
/// begins again. A token given in the midst of a first sync that is read in pages ends with <c>/{began}</c>.
/// </summary>
/// <param name="Change">The sync goes on after this change number; below 1 in the midst of what was there before any change.</param>
/// <param name="Began">
/// The collection's change number at the first page of a first sync, else 0. What the client may not see and was so by then is not worth a word, and removals are told from then on:
/// the token stays good for as long as those are remembered, however old the objects of its last page are.
/// </param>
internal readonly record struct SyncToken(long Change, long Began = 0)
{
    private const string Prefix = "data:,";

    /// <summary>The change number from which every removal must still be known.</summary>
    public long Needs => Math.Max(Change, Began);

    /// <summary>What the tokens of a calendar have in common for callers of a privacy level.</summary>
    public static string ScopeOf(Collection collection, PrivacyLevel level) =>
        Scope(collection.Incarnation, level);

    /// <summary>The same for a home.</summary>
    public static string ScopeOf(HomeState home, PrivacyLevel level) => Scope(home.Incarnation, level);

    /// <summary>The token of a calendar as it is now.</summary>
    public static string Of(Collection collection, PrivacyLevel level) => new SyncToken(collection.Change).ToUri(ScopeOf(collection, level));

    /// <summary>The token of a home as it is now.</summary>
    public static string Of(HomeState home, PrivacyLevel level) => new SyncToken(home.Change).ToUri(ScopeOf(home, level));

    /// <summary>Whether the text is a token of this scope.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, ReadOnlySpan<char> scope, out SyncToken token)
    {
        token = default;
        if (!text.StartsWith(Prefix)) return false;
        text = text[Prefix.Length..];
        if (text.Length <= scope.Length || !text.StartsWith(scope) || text[scope.Length] != '/') return false;
        text = text[(scope.Length + 1)..];
        var slash = text.IndexOf('/');
        var began = 0L;
        if (slash >= 0 && !TryReadNumber(text[(slash + 1)..], out began)) return false;
        var number = slash >= 0 ? text[..slash] : text;
        var early = number is ['-', ..];
        if (!TryReadNumber(early ? number[1..] : number, out var change)) return false;
        if (early) change = -change;
        token = new SyncToken(change, began);
        return true;
    }

    /// <summary>The token as clients see it.</summary>
    public string ToUri(string scope) => Began == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Prefix}{scope}/{Change}")
        : string.Create(CultureInfo.InvariantCulture, $"{Prefix}{scope}/{Change}/{Began}");

    private static string Scope(string incarnation, PrivacyLevel level) => string.Create(CultureInfo.InvariantCulture, $"{incarnation}.{(int)level}");

    private static bool TryReadNumber(ReadOnlySpan<char> text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
