using System.Buffers;
using System.Globalization;
using System.Text;

namespace CalDavServer.Dav;

/// <summary>The path inside a request target or href: as it came, still percent-encoded, as an encoded slash in a name is not a slash.</summary>
internal static class RequestTarget
{
    private static readonly SearchValues<char> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>
    /// The path without query, and without scheme and authority in absolute form (RFC 9112 §3.2.2: it is one of this server). What need not have been encoded is decoded, so that one
    /// resource is one path however a client spells it (RFC 3986 §6.2.2.2).
    /// </summary>
    public static string PathOf(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0) target = target[..query];
        if (!target.StartsWith('/'))
        {
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            if (authority < 0) return target;
            var slash = target.IndexOf('/', authority + 3);
            target = slash < 0 ? "/" : target[slash..];
        }

        return target.Contains('%', StringComparison.Ordinal) ? DecodeUnreserved(target) : target;
    }

    /// <summary>Whether every percent sign begins a byte and all bytes together are UTF-8: without overlong forms, without NUL.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> path)
    {
        var bytes = new ArrayBufferWriter<byte>(path.Length * 3);
        for (var at = 0; at < path.Length; at++)
        {
            if (path[at] != '%')
            {
                Encoding.UTF8.GetBytes(path.Slice(at, 1), bytes);
                continue;
            }

            if (!TryReadByte(path[at..], out var next) || next == 0) return false;
            bytes.GetSpan(1)[0] = next;
            bytes.Advance(1);
            at += 2;
        }

        return System.Text.Unicode.Utf8.IsValid(bytes.WrittenSpan);
    }

    /// <summary>Reads <c>%</c> and two hexadecimal digits.</summary>
    public static bool TryReadByte(ReadOnlySpan<char> text, out byte next)
    {
        next = 0;
        return text.Length >= 3 && byte.TryParse(text[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out next);
    }

    private static string DecodeUnreserved(string path)
    {
        var decoded = new StringBuilder(path.Length);
        for (var at = 0; at < path.Length; at++)
        {
            if (path[at] == '%' && TryReadByte(path.AsSpan(at), out var next) && Unreserved.Contains((char)next))
            {
                decoded.Append((char)next);
                at += 2;
            }
            else
            {
                decoded.Append(path[at]);
            }
        }

        return decoded.ToString();
    }
}
