using System.Globalization;
using System.Xml.Linq;

namespace CalDavServer.Dav.Reports;

/// <summary>What a sync-collection asks for (RFC 6578 §6.1).</summary>
/// <param name="Token">The token as sent; null the first time.</param>
/// <param name="Infinite">Whether it asks for all that is below, and not only for what is directly in the collection.</param>
/// <param name="Limit">Entries in the answer at most.</param>
internal readonly record struct SyncRequest(string? Token, bool Infinite, int Limit)
{
    /// <summary>Entries in one answer, whatever the client's limit.</summary>
    private const int MaxEntries = 20_000;
    private static readonly XNamespace D = DavNames.Dav;

    /// <summary>The refusal of a token (RFC 6578 §3.2).</summary>
    public static DavError BadToken { get; } =
        DavError.Forbidden(DavNames.D("valid-sync-token"), "The sync token is not of this collection, or too old: begin again with an empty one.");

    /// <summary>Reads the body and the Depth header, which is 0 (RFC 6578 §3.2); clients send 1 too.</summary>
    public static DavError? TryParse(XElement body, Depth depth, out SyncRequest sync)
    {
        sync = default;
        if (depth == Depth.Infinity) return DavError.BadRequest("A sync-collection has Depth 0.");
        var level = body.Element(D + "sync-level")?.Value.Trim();
        if (level is not (null or "1" or "infinite" or "infinity")) return DavError.BadRequest("A sync-level is 1 or infinite.");
        if (TryReadLimit(body, out var limit) is { } wrong) return wrong;
        if (body.Element(D + "sync-token") is not { } element) return DavError.BadRequest("A sync-collection has a sync-token, empty the first time.");
        var token = element.Value.Trim();
        sync = new SyncRequest(token.Length == 0 ? null : token, level is "infinite" or "infinity", limit);
        return null;
    }

    private static DavError? TryReadLimit(XElement body, out int limit)
    {
        limit = MaxEntries;
        if (body.Element(D + "limit") is not { } element) return null;
        if (!int.TryParse(element.Element(D + "nresults")?.Value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var asked))
            return DavError.BadRequest("A limit holds nresults, a number.");
        if (asked == 0) return DavError.Forbidden(DavNames.D("number-of-matches-within-limits"), "A limit must allow at least one result.");
        limit = Math.Min(asked, MaxEntries);
        return null;
    }
}
