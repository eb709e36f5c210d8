using System.Buffers;
using System.Text;

namespace CalDavServer.Dav;

/// <summary>What a path names, by its shape alone.</summary>
internal enum DavPathKind
{
    /// <summary><c>/</c></summary>
    Root,

    /// <summary><c>/dav/</c></summary>
    DavRoot,

    /// <summary><c>/dav/principals/</c></summary>
    Principals,

    /// <summary><c>/dav/principals/{id}/</c></summary>
    Principal,

    /// <summary><c>/dav/calendars/</c></summary>
    Calendars,

    /// <summary><c>/dav/calendars/{id}/</c></summary>
    Home,

    /// <summary><c>/dav/calendars/{id}/{collection}/</c></summary>
    Collection,

    /// <summary><c>/dav/calendars/{id}/{collection}/{object}</c></summary>
    Object,
}

/// <summary>A path of the DAV tree, its segments percent-decoded (RFC 3986 §2.4: decoded once, after splitting).</summary>
/// <param name="Kind">What it names.</param>
/// <param name="Id">Principal id, or null.</param>
/// <param name="Collection">Collection segment, or null.</param>
/// <param name="Object">Object segment, or null.</param>
internal readonly record struct DavPath(DavPathKind Kind, string? Id = null, string? Collection = null, string? Object = null)
{
    /// <summary>Longest segment taken, in UTF-8 bytes once decoded.</summary>
    public const int MaxSegmentBytes = 255;

    /// <summary>What is said of a longer one.</summary>
    public const string LongNameReason = "A name in an address has at most 255 bytes in UTF-8.";

    /// <summary>Whether a raw path that is no path of the tree has a segment longer than is taken.</summary>
    public static bool HasLongName(ReadOnlySpan<char> rawPath)
    {
        foreach (var range in rawPath.Split('/'))
        {
            var segment = rawPath[range];
            // a percent sign stands for one byte with the two digits after it
            if (Encoding.UTF8.GetByteCount(segment) - (2 * segment.Count('%')) > MaxSegmentBytes) return true;
        }

        return false;
    }

    /// <summary>Parses the raw (still encoded) path of a request target or href. False: not in the tree, or a segment that no resource may have.</summary>
    public static bool TryParse(ReadOnlySpan<char> rawPath, out DavPath path)
    {
        path = default;
        if (rawPath.Length == 0 || rawPath[0] != '/') return false;
        var rest = rawPath[1..];
        if (rest.Length > 0 && rest[^1] == '/') rest = rest[..^1];
        if (rest.Length == 0)
        {
            path = new DavPath(DavPathKind.Root);
            return rawPath.Length == 1;
        }

        Span<Range> parts = stackalloc Range[6];
        var count = rest.Split(parts, '/');
        if (count > 5 || !rest[parts[0]].SequenceEqual("dav")) return false;
        if (count == 1)
        {
            path = new DavPath(DavPathKind.DavRoot);
            return true;
        }

        var principals = rest[parts[1]].SequenceEqual("principals");
        if (!principals && !rest[parts[1]].SequenceEqual("calendars")) return false;
        if (count == 2)
        {
            path = new DavPath(principals ? DavPathKind.Principals : DavPathKind.Calendars);
            return true;
        }

        if (principals && count > 3) return false;
        string? collection = null, member = null;
        if (!TryDecode(rest[parts[2]], out var id)) return false;
        if (count > 3 && !TryDecode(rest[parts[3]], out collection)) return false;
        if (count > 4 && !TryDecode(rest[parts[4]], out member)) return false;
        path = principals ? new DavPath(DavPathKind.Principal, id)
            : count == 3 ? new DavPath(DavPathKind.Home, id)
            : count == 4 ? new DavPath(DavPathKind.Collection, id, collection)
            : new DavPath(DavPathKind.Object, id, collection, member);
        return true;
    }

    /// <summary>The canonical encoded path; collections end with a slash.</summary>
    public string ToHref() => Kind switch
    {
        DavPathKind.Root => "/",
        DavPathKind.DavRoot => "/dav/",
        DavPathKind.Principals => "/dav/principals/",
        DavPathKind.Principal => $"/dav/principals/{Encode(Id!)}/",
        DavPathKind.Calendars => "/dav/calendars/",
        DavPathKind.Home => $"/dav/calendars/{Encode(Id!)}/",
        DavPathKind.Collection => $"/dav/calendars/{Encode(Id!)}/{Encode(Collection!)}/",
        _ => $"/dav/calendars/{Encode(Id!)}/{Encode(Collection!)}/{Encode(Object!)}",
    };

    /// <summary>Percent-encodes a segment: unreserved characters stand, and those that clients expect to see unchanged (<c>@ : ! $ ' ( ) * + , ; =</c>).</summary>
    public static string Encode(string segment)
    {
        if (segment.AsSpan().IndexOfAnyExcept(Plain) < 0) return segment;
        var encoded = new StringBuilder(segment.Length + 16);
        foreach (var next in Encoding.UTF8.GetBytes(segment))
        {
            if (next < 0x80 && Plain.Contains((char)next)) encoded.Append((char)next);
            else encoded.Append('%').Append(next.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }

    private static readonly System.Buffers.SearchValues<char> Plain =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~@:!$'()*+,;=");

    // Decodes once. Refused: bad escapes, bad UTF-8, an empty or dot segment, a slash or control character that was encoded.
    private static bool TryDecode(ReadOnlySpan<char> raw, out string segment)
    {
        segment = "";
        if (raw.Length == 0 || raw.Length > 3 * MaxSegmentBytes) return false;
        if (raw.IndexOfAnyExcept(Plain) < 0)
        {
            if (raw is "." or ".." || raw.Length > MaxSegmentBytes) return false;
            segment = raw.ToString();
            return true;
        }

        Span<byte> bytes = stackalloc byte[3 * MaxSegmentBytes + 4];
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] == '%')
            {
                if (!RequestTarget.TryReadByte(raw[i..], out bytes[length])) return false;
                length++;
                i += 2;
            }
            else if (Rune.DecodeFromUtf16(raw[i..], out var rune, out _) != OperationStatus.Done)
            {
                return false;
            }
            else
            {
                if (length + 4 > bytes.Length) return false;
                length += rune.EncodeToUtf8(bytes[length..]);
                i += rune.Utf16SequenceLength - 1;
            }
        }

        bytes = bytes[..length];
        if (length > MaxSegmentBytes || !System.Text.Unicode.Utf8.IsValid(bytes)) return false;
        foreach (var next in bytes)
        {
            if (next < 0x20 || next == 0x7f || next == (byte)'/') return false;
        }

        segment = Encoding.UTF8.GetString(bytes);
        return segment is not ("." or "..");
    }
}
