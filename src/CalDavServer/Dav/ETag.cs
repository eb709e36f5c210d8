using Microsoft.Extensions.Primitives;

namespace CalDavServer.Dav;

/// <summary>Entity tags in headers (RFC 9110 §8.8.3, §13.1).</summary>
internal static class ETag
{
    public static string Quote(string etag) => string.Concat("\"", etag, "\"");

    /// <summary>
    /// Whether a list of entity tags names this one, or is <c>*</c> and there is one. Tags without quotes are taken (a client of Outlook sends them), and so are those that a
    /// compressing proxy has made weak: each of ours is strong.
    /// </summary>
    public static bool Matches(StringValues header, string? etag)
    {
        foreach (var value in header)
        {
            if (Matches(value.AsSpan(), etag)) return true;
        }

        return false;
    }

    private static bool Matches(ReadOnlySpan<char> list, string? etag)
    {
        if (etag is null) return false;
        while (true)
        {
            list = list.TrimStart(" \t,");
            if (list.Length == 0) return false;
            if (list[0] == '*') return true;
            if (list.StartsWith("W/\"")) list = list[2..];
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

            if (tag.SequenceEqual(etag)) return true;
        }
    }
}
