using Microsoft.Extensions.Primitives;

namespace CalDavServer.Dav;

/// <summary>Entity tags in headers (RFC 9110 §8.8.3, §13.1).</summary>
internal static class ETag
{
    public static string Quote(string etag) => string.Concat("\"", etag, "\"");

    /// <summary>
    /// Whether a list of entity tags names this one, or is <c>*</c> and there is one: the strong comparison, by which a weak tag names nothing (RFC 9110 §8.8.3.2, §13.1.1). Tags
    /// without quotes are taken: a client of Outlook sends them.
    /// </summary>
    public static bool Matches(StringValues header, string? etag) => Matches(header, etag, false);

    /// <summary>The weak comparison, for If-None-Match (RFC 9110 §13.1.2): <c>W/"x"</c> names <c>"x"</c>.</summary>
    public static bool MatchesWeakly(StringValues header, string? etag) => Matches(header, etag, true);

    /// <summary>Whether a header can be read as <c>*</c> or as a list of entity tags, the tolerated spellings among them.</summary>
    public static bool IsList(StringValues header)
    {
        foreach (var value in header)
        {
            var list = value.AsSpan();
            while (TryTake(ref list, out var tag, out _))
            {
                if (tag.IsEmpty) return false;
            }
        }

        return true;
    }

    private static bool Matches(StringValues header, string? etag, bool weakly)
    {
        foreach (var value in header)
        {
            if (Matches(value.AsSpan(), etag, weakly)) return true;
        }

        return false;
    }

    private static bool Matches(ReadOnlySpan<char> list, string? etag, bool weakly)
    {
        if (etag is null) return false;
        if (list.Trim(" \t,") is "*") return true;
        while (TryTake(ref list, out var tag, out var isWeak))
        {
            if (tag.Trim('"').SequenceEqual(etag) && (weakly || !isWeak)) return true;
        }

        return false;
    }

    // Takes the next tag, with its quotes; an empty one where there is none that could be read. False at the end of the list.
    private static bool TryTake(ref ReadOnlySpan<char> list, out ReadOnlySpan<char> tag, out bool isWeak)
    {
        tag = default;
        list = list.TrimStart(" \t,");
        isWeak = list.StartsWith("W/\"");
        if (list.Length == 0) return false;
        if (isWeak) list = list[2..];
        var quoted = list[0] == '"';
        var close = quoted ? list[1..].IndexOf('"') : -1;
        var end = quoted && close >= 0 ? close + 2 : list.IndexOf(',');
        if (end < 0) end = list.Length;
        var read = list[..end].TrimEnd(" \t");
        list = list[end..].TrimStart(" \t");
        var good = quoted ? close >= 0 && (list.Length == 0 || list[0] == ',') : !read.Contains('"');
        if (good) tag = read;
        else list = default;
        return true;
    }
}
