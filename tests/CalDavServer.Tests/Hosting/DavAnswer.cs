using System.Text;
using System.Xml.Linq;

namespace CalDavServer.Tests.Hosting;

/// <summary>What the server answered.</summary>
internal sealed record DavAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public XElement Root => XDocument.Parse(Text, LoadOptions.PreserveWhitespace).Root!;

    /// <summary>A header, or null.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The hrefs of a multistatus in order.</summary>
    public IReadOnlyList<string> Hrefs => [.. Root.Elements(Xml.D + "response").Select(response => response.Element(Xml.D + "href")!.Value)];

    /// <summary>The DAV:response of an href.</summary>
    public XElement Response(string href) => Root.Elements(Xml.D + "response").Single(response => response.Element(Xml.D + "href")!.Value == href);

    /// <summary>A property found with 200, or null. With one response in the answer the href may be left out.</summary>
    public XElement? Property(XName name, string? href = null) => Find(name, href, "200");

    /// <summary>The status of a property, e.g. 404; 0 when it is not mentioned.</summary>
    public int PropertyStatus(XName name, string? href = null)
    {
        var propstat = Of(href).Elements(Xml.D + "propstat").FirstOrDefault(propstat => propstat.Element(Xml.D + "prop")!.Element(name) is not null);
        return propstat is null ? 0 : int.Parse(propstat.Element(Xml.D + "status")!.Value.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Whether the body is a DAV:error with this condition.</summary>
    public bool HasCondition(XName name) => Bytes.Length > 0 && Text.StartsWith('<') && Root.Name == Xml.D + "error" && Root.Element(name) is not null;

    private XElement? Find(XName name, string? href, string status) => Of(href)
        .Elements(Xml.D + "propstat")
        .Where(propstat => propstat.Element(Xml.D + "status")!.Value.Contains($" {status} ", StringComparison.Ordinal))
        .Select(propstat => propstat.Element(Xml.D + "prop")!.Element(name))
        .FirstOrDefault(element => element is not null);

    private XElement Of(string? href) => href is null ? Root.Elements(Xml.D + "response").Single() : Response(href);
}
