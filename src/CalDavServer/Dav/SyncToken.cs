using System.Globalization;
using Calendaring.Store;

namespace CalDavServer.Dav;

/// <summary>
/// Sync tokens (RFC 6578 §4): a URI, <c>data:,{incarnation}/{change}</c>, so that a token of an earlier collection of the same name, or of another collection, is known to be foreign.
/// </summary>
internal static class SyncToken
{
    private const string Prefix = "data:,";

    public static string Of(Collection collection) => Of(collection.Incarnation, collection.Change);

    public static string Of(string incarnation, long change) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{incarnation}/{change}");

    /// <summary>The change number of a token of this incarnation; false for any other text.</summary>
    public static bool TryParse(ReadOnlySpan<char> token, ReadOnlySpan<char> incarnation, out long change)
    {
        change = 0;
        if (!token.StartsWith(Prefix)) return false;
        token = token[Prefix.Length..];
        return token.Length > incarnation.Length + 1 && token.StartsWith(incarnation) && token[incarnation.Length] == '/'
            && long.TryParse(token[(incarnation.Length + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out change);
    }
}
