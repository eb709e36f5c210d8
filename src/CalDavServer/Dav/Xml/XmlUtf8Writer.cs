using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Calendaring.Store;

namespace CalDavServer.Dav.Xml;

/// <summary>
/// Writes XML as UTF-8 into one pooled buffer, from which the caller drains to the response; a long text is only noted, and written a piece at a time when its turn comes. The four namespaces of <see cref="DavNames"/> have fixed prefixes, declared on the root
/// element; an element of another namespace declares its own. Not an XML library: it writes what the server says, and nothing is indented.
/// </summary>
internal sealed class XmlUtf8Writer : IDisposable
{
    private const int LongestEscape = 6;
    private const int EscapedAtOnce = 4096;

    private const int FirstBuffer = 16 * 1024;
    private const int NextBuffer = 64 * 1024;

    // what has to wait here for its end is never so long: a request that asks for more is refused
    private const int MaxBuffer = 32 * 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _length;
    private List<(int At, LongText Text)>? _long;

    /// <summary>Bytes waiting to be drained.</summary>
    public int Length => _length;

    /// <summary>Whether a long text waits to be written.</summary>
    public bool HasLong => _long is { Count: > 0 };

    /// <summary>What has been written and not drained.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>Forgets all that was written after a <see cref="Length"/> noted earlier.</summary>
    public void Rewind(int length)
    {
        _length = length;
        while (_long is [.., var (at, _)] && at >= length) _long.RemoveAt(_long.Count - 1);
    }

    /// <summary>Notes a long text, to be written where the writer is now.</summary>
    public void Long(LongText text) => (_long ??= []).Add((_length, text));

    /// <summary>
    /// Writes what was noted, with what stands before, between and behind, from the beginning: after each step the caller may drain. Until the last step nothing else is written.
    /// </summary>
    public IEnumerable<int> WriteLong()
    {
        var (head, length, texts) = (_buffer, _length, _long!);
        (_buffer, _length, _long) = ([], 0, null);
        try
        {
            var written = 0;
            foreach (var (at, text) in texts)
            {
                for (; written < at; written += Math.Min(NextBuffer / 2, at - written))
                {
                    Raw(head.AsSpan(written, Math.Min(NextBuffer / 2, at - written)));
                    yield return _length;
                }

                foreach (var _ in text.WriteTo(this)) yield return _length;
            }

            Raw(head.AsSpan(written, length - written));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(head);
        }
    }

    /// <summary>Sends all that was written as the whole answer.</summary>
    public async ValueTask SendAsync(DavRequest request)
    {
        request.ReleaseSnapshot();
        var response = request.Http.Response;
        response.ContentType = "application/xml; charset=utf-8";
        response.ContentLength = _length;
        await response.Body.WriteAsync(Written, request.Cancelled);
    }

    /// <summary>Hands over all that was written, with its buffer, as a piece of a longer answer.</summary>
    public void MoveTo(Sending sending)
    {
        var (buffer, length) = (_buffer, _length);
        if (buffer.Length > 2 * Math.Max(length, FirstBuffer))
        {
            // a large buffer made for what might have been longer
            buffer = ArrayPool<byte>.Shared.Rent(length);
            Written.Span.CopyTo(buffer);
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = [];
        _length = 0;
        sending.Take(buffer, length);
    }

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Bytes as they are: markup that is known to be good. Inlined, so that a tag of known length is a few instructions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>Text as it is: an element that was stored as XML, or markup.</summary>
    public void Raw(ReadOnlySpan<char> markup)
    {
        var target = Reserve(Encoding.UTF8.GetMaxByteCount(markup.Length));
        _length += Encoding.UTF8.GetBytes(markup, target);
    }

    /// <summary>Character data: escaped; characters that XML 1.0 has no way to write become U+FFFD.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny(NotInXml) >= 0) text = text.ToString().Replace('\ufffe', '\ufffd').Replace('\uffff', '\ufffd');
        while (text.Length > 0)
        {
            var plain = text.IndexOfAny(Special);
            if (plain < 0)
            {
                Raw(text);
                return;
            }

            if (plain > 0) Raw(text[..plain]);
            Raw(Escape(text[plain]));
            text = text[(plain + 1)..];
        }
    }

    /// <summary>
    /// Character data that is UTF-8 already, such as calendar data. A CR is written as a reference, or XML's line-end rule would drop it. Bytes that are no UTF-8 become U+FFFD.
    /// </summary>
    public void TextUtf8(ReadOnlySpan<byte> bytes)
    {
        if (!Ascii.IsValid(bytes) && (!Utf8.IsValid(bytes) || bytes.IndexOf(Noncharacters) >= 0))
        {
            Text(Encoding.UTF8.GetString(bytes));
            return;
        }

        for (; bytes.Length > EscapedAtOnce; bytes = bytes[EscapedAtOnce..]) EscapeUtf8(bytes[..EscapedAtOnce]);
        EscapeUtf8(bytes);
    }

    public void Number(long value)
    {
        var target = Reserve(20);
        value.TryFormat(target, out var written, default, CultureInfo.InvariantCulture);
        _length += written;
    }

    /// <summary><c>&lt;name&gt;</c></summary>
    public void Open(PropertyName name)
    {
        Raw("<"u8);
        Tag(name, true);
        Raw(">"u8);
    }

    /// <summary><c>&lt;/name&gt;</c></summary>
    public void Close(PropertyName name)
    {
        Raw("</"u8);
        Tag(name, false);
        Raw(">"u8);
    }

    /// <summary><c>&lt;name/&gt;</c></summary>
    public void Empty(PropertyName name)
    {
        Raw("<"u8);
        Tag(name, true);
        Raw("/>"u8);
    }

    /// <summary><c>&lt;name&gt;text&lt;/name&gt;</c></summary>
    public void Element(PropertyName name, ReadOnlySpan<char> text)
    {
        Open(name);
        Text(text);
        Close(name);
    }

    /// <summary><c>&lt;D:href&gt;…&lt;/D:href&gt;</c></summary>
    public void Href(ReadOnlySpan<char> href)
    {
        Raw("<D:href>"u8);
        Text(href);
        Raw("</D:href>"u8);
    }

    /// <summary>The XML declaration and the root element's start tag with the fixed prefixes.</summary>
    public void Root(PropertyName name)
    {
        Raw("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<"u8);
        Tag(name, false);
        Raw(" xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" xmlns:CS=\"http://calendarserver.org/ns/\" xmlns:A=\"http://apple.com/ns/ical/\">"u8);
    }

    private void Tag(PropertyName name, bool declare)
    {
        var prefix = name.Namespace switch
        {
            DavNames.Dav => "D:",
            DavNames.CalDav => "C:",
            DavNames.CalendarServer => "CS:",
            DavNames.Apple => "A:",
            _ => "",
        };
        Raw(prefix.AsSpan());
        Raw(name.Name.AsSpan());
        if (prefix.Length == 0 && declare)
        {
            Raw(" xmlns=\""u8);
            Text(name.Namespace);
            Raw("\""u8);
        }
    }

    private static readonly SearchValues<char> Special = SearchValues.Create(
        "<>&\"\r\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000b\u000c\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    private static readonly SearchValues<char> NotInXml = SearchValues.Create("\ufffe\uffff");

    // how U+FFFE and U+FFFF begin, and a few characters that XML has
    private static ReadOnlySpan<byte> Noncharacters => [0xef, 0xbf];

    private static readonly SearchValues<byte> SpecialUtf8 = SearchValues.Create(
        "<>&\r\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u000b\u000c\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"u8);

    private static ReadOnlySpan<byte> Escape(char c) => c switch
    {
        '<' => "&lt;"u8,
        '>' => "&gt;"u8,
        '&' => "&amp;"u8,
        '"' => "&quot;"u8,
        '\r' => "&#13;"u8,
        _ => "\uFFFD"u8,
    };

    // room is made once for all: every line of calendar data ends in an escape
    private void EscapeUtf8(ReadOnlySpan<byte> bytes)
    {
        var target = Reserve(bytes.Length * LongestEscape);
        var written = 0;
        int plain;
        while ((plain = bytes.IndexOfAny(SpecialUtf8)) >= 0)
        {
            bytes[..plain].CopyTo(target[written..]);
            var escape = Escape((char)bytes[plain]);
            escape.CopyTo(target[(written + plain)..]);
            written += plain + escape.Length;
            bytes = bytes[(plain + 1)..];
        }

        bytes.CopyTo(target[written..]);
        _length += written + bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count) Grow(count);
        return _buffer.AsSpan(_length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int count)
    {
        if (count > MaxBuffer - _length) throw new AnswerLimitException();
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length == 0 ? NextBuffer : Math.Min(_buffer.Length * 2, MaxBuffer), _length + count));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}

/// <summary>An answer would be larger than the server makes: DAV:number-of-matches-within-limits.</summary>
internal sealed class AnswerLimitException() : Exception("The answer is larger than the server allows.");
