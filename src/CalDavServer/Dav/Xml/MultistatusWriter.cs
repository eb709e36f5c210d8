using CalDavServer.Http;
using Calendaring;
using Calendaring.Store;

namespace CalDavServer.Dav.Xml;

/// <summary>
/// A 207 answer (RFC 4918 §13) written straight to the response: each DAV:response is complete in the buffer, but for its long texts, before it is drained, so that one bad member can be
/// taken back and answered with a status of its own.
/// </summary>
internal sealed class MultistatusWriter(DavRequest request) : IDisposable
{
    /// <summary>Bytes of the names of absent properties that are said of each resource, and in the whole answer: a request that names many would be answered many times its size.</summary>
    private const int AbsentOfEach = 1024;
    private const int AbsentOfAll = 128 * 1024;

    /// <summary>Bytes that are worth a piece of their own: it fits in a buffer of 64 KB with what the last response has beyond.</summary>
    private const int Piece = 48 * 1024;

    private readonly HttpResponse _response = request.Http.Response;
    private readonly CancellationToken _cancelled = request.Cancelled;
    private Sending? _sending;
    private int _absent;
    private PropertyName _root;

    /// <summary>The XML being written.</summary>
    public XmlUtf8Writer Xml { get; } = new();

    /// <summary>Sets status and content type and opens the root element.</summary>
    public void Start() => Start(StatusCodes.Status207MultiStatus, DavNames.D("multistatus"));

    /// <summary>The same for another answer that holds propstats (RFC 5689 §3).</summary>
    public void Start(int status, PropertyName root)
    {
        _root = root;
        _response.StatusCode = status;
        _response.ContentType = "application/xml; charset=utf-8";
        Xml.Root(root);
    }

    /// <summary>A DAV:response with a status and no properties, e.g. 404 for a member that is gone or 507 for a truncated report.</summary>
    public void Status(string href, int status, DavError? error = null)
    {
        Xml.Raw("<D:response>"u8);
        Xml.Href(href);
        StatusLine(status);
        if (error?.Condition is { } condition)
        {
            Xml.Raw("<D:error>"u8);
            Xml.Empty(condition);
            Xml.Raw("</D:error>"u8);
        }

        if (error?.Sentence is { } sentence) Xml.Element(DavNames.D("responsedescription"), sentence);
        Xml.Raw("</D:response>"u8);
    }

    /// <summary>Whether names of absent properties that take so many bytes are still said: the first always. Beyond that they are left out, as with <c>Prefer: return=minimal</c> (RFC 8144 §2.1).</summary>
    public bool MayNameAbsent(int bytes)
    {
        if (bytes <= AbsentOfEach) return true;
        if (_absent > 0 && _absent + bytes > AbsentOfAll) return false;
        _absent += bytes;
        return true;
    }

    /// <summary><c>&lt;D:status&gt;HTTP/1.1 …&lt;/D:status&gt;</c></summary>
    public void StatusLine(int status)
    {
        if (status == 200)
        {
            Xml.Raw("<D:status>HTTP/1.1 200 OK</D:status>"u8);
            return;
        }

        Xml.Raw("<D:status>HTTP/1.1 "u8);
        Xml.Number(status);
        Xml.Raw(" "u8);
        Xml.Text(Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status));
        Xml.Raw("</D:status>"u8);
    }

    /// <summary>Hands what is complete to the response when it is worth it. Call between responses.</summary>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    /// <exception cref="SlowClientException">The client has long not read what it was sent.</exception>
    public ValueTask DrainAsync()
    {
        _cancelled.ThrowIfCancellationRequested();
        if (Xml.HasLong) return DrainLongAsync();
        if (Xml.Length < Piece) return default;
        return HandOverAsync();
    }

    private ValueTask HandOverAsync()
    {
        LongWork.LetOthersGoFirst();
        _sending ??= new Sending(_response, _cancelled);
        if (!_sending.HasRoomFor(Xml.Length)) return WaitAsync();
        Xml.MoveTo(_sending);
        return default;
    }

    /// <summary>
    /// Closes the root element, lets the snapshot go and hands over the rest. With a sync token, that comes first (RFC 6578 §6.4).
    /// </summary>
    public async ValueTask EndAsync(string? syncToken = null)
    {
        if (Xml.HasLong) await DrainLongAsync();
        if (syncToken is not null) Xml.Element(DavNames.D("sync-token"), syncToken);
        Xml.Close(_root);
        request.ReleaseSnapshot();
        if (_sending is not null)
        {
            Xml.MoveTo(_sending);
            await _sending.EndAsync();
            return;
        }

        _response.ContentLength = Xml.Length;
        await _response.BodyWriter.WriteAsync(Xml.Written, _cancelled);
    }

    public void Dispose()
    {
        _sending?.Dispose();
        Xml.Dispose();
    }

    private async ValueTask DrainLongAsync()
    {
        foreach (var waiting in Xml.WriteLong())
        {
            if (waiting >= Piece) await HandOverAsync();
        }
    }

    private async ValueTask WaitAsync()
    {
        await _sending!.WaitAsync();
        Xml.MoveTo(_sending);
    }
}
