using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;

namespace ProviderBridge.CalDav;

/// <summary>A request to a CalDAV server: made again for each try and each redirect.</summary>
/// <param name="Method">The method.</param>
/// <param name="Address">Of what.</param>
internal sealed record DavRequest(string Method, Uri Address)
{
    /// <summary>The XML that is sent; null for none.</summary>
    public XElement? Body { get; init; }

    /// <summary>The calendar object that is sent; null for none.</summary>
    public byte[]? Content { get; init; }

    /// <summary>How deep it goes; null when the method does not ask.</summary>
    public string? Depth { get; init; }

    /// <summary>The version that is expected (RFC 9110 §13.1.1).</summary>
    public string? IfMatch { get; init; }

    /// <summary>Whether nothing may be there yet (RFC 9110 §13.1.2).</summary>
    public bool IsNew { get; init; }

    /// <summary>How much of an answer is read.</summary>
    public int MaxBytes { get; init; } = DavAnswer.MaxBytes;

    public HttpRequestMessage ToMessage(Uri address, CalDavCredentials? credentials)
    {
        var message = new HttpRequestMessage(new HttpMethod(Method), address);
        // not waiting to be asked, where the server is known: what iCloud asks for is a scheme of its own (RFC 7617 §2.2)
        message.Headers.Authorization = credentials?.ToHeader();
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("CalendarSync", "1"));
        if (Depth is not null) message.Headers.TryAddWithoutValidation("Depth", Depth);
        if (IfMatch is not null) message.Headers.TryAddWithoutValidation("If-Match", IfMatch);
        if (IsNew) message.Headers.TryAddWithoutValidation("If-None-Match", "*");
        // nobody is written to because an event is removed (RFC 6638 §8.1)
        if (Method == "DELETE") message.Headers.TryAddWithoutValidation("Schedule-Reply", "F");
        if (Body is not null) message.Content = ContentOf("application/xml", Encoding.UTF8.GetBytes($"{new XDeclaration("1.0", "utf-8", null)}{Body.ToString(SaveOptions.DisableFormatting)}"));
        else if (Content is not null) message.Content = ContentOf("text/calendar", Content);
        return message;
    }

    private static ByteArrayContent ContentOf(string type, byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(type, "utf-8") } };
}
