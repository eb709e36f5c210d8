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
        while (true)
        {
            list = list.TrimStart(" \t,");
            if (list.Length == 0) return false;
            if (list[0] == '*') return true;
            var isWeak = list.StartsWith("W/\"");
            if (isWeak) list = list[2..];
            ReadOnlySpan<char> tag;
            if (list[0] == '"')
            {
                var end = list[1..].IndexOf('"');
                if (end < 0) return false;
                tag = list.Slice(1, end);
                list = list[(end + 2)..];
            }
            else
            {
                var end = list.IndexOf(',');
                if (end < 0) end = list.Length;
                tag = list[..end].TrimEnd();
                list = list[end..];
            }

            if (tag.SequenceEqual(etag) && (weakly || !isWeak)) return true;
        }
    }
}
