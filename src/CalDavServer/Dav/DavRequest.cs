using System.Buffers;
using System.Xml.Linq;
using CalDavServer.Access;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;
using NodaTime;

namespace CalDavServer.Dav;

/// <summary>The Depth header (RFC 4918 §10.2).</summary>
internal enum Depth
{
    Zero,
    One,
    Infinity,
}

/// <summary>One request as methods and reports see it: who asks, for which resource, on one snapshot of the store.</summary>
internal sealed class DavRequest(HttpContext http, Caller caller, ICalendarStore store, IStoreSnapshot snapshot, DavPath path, IClock clock)
{
    public HttpContext Http { get; } = http;

    public Caller Caller { get; } = caller;

    public ICalendarStore Store { get; } = store;

    /// <summary>The one moment this request sees.</summary>
    public IStoreSnapshot Snapshot { get; } = snapshot;

    public DavPath Path { get; } = path;

    /// <summary>The resource at <see cref="Path"/>; null when there is none that the caller may know of.</summary>
    public DavResource? Resource { get; init; }

    public IClock Clock { get; } = clock;

    /// <summary>Whether what is absent need not be said: <c>Prefer: return=minimal</c>, its old spelling, or <c>Brief: t</c> (RFC 8144 §2).</summary>
    public bool ReturnMinimal { get; init; }

    /// <summary>Octets in the caller's home, once a property needed it.</summary>
    public long? HomeSize { get; set; }

    /// <summary>Octets of the representation being described, when it was made for that.</summary>
    public int? ShownOctets { get; set; }

    public CancellationToken Cancelled => Http.RequestAborted;

    /// <summary>Reads the body up to a limit; null when it is larger (the caller answers 413 or a precondition).</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int maxOctets)
    {
        if (Http.Request.ContentLength > maxOctets) return null;
        var reader = Http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(Cancelled);
            if (result.Buffer.Length > maxOctets)
            {
                reader.AdvanceTo(result.Buffer.End);
                return null;
            }

            if (result.IsCompleted)
            {
                var body = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return body;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>Reads and parses an XML body; no body at all gives no root and no error.</summary>
    public async ValueTask<(XElement? Root, DavError? Error)> ReadXmlAsync()
    {
        var body = await ReadBodyAsync(XmlRequest.MaxOctets);
        if (body is null) return (null, new DavError(413, null, $"The request body is larger than {XmlRequest.MaxOctets} octets."));
        if (body.Value.Length == 0) return (null, null);
        var error = XmlRequest.TryParse(body.Value, out var root);
        return (root, error);
    }
}
