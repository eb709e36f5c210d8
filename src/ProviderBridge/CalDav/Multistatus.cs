using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using static ProviderBridge.CalDav.DavNames;

namespace ProviderBridge.CalDav;

/// <summary>What a multistatus says of one resource (RFC 4918 §14.24).</summary>
/// <param name="Address">Which.</param>
/// <param name="Href">The same as it was written: some servers take what they listed only as they listed it.</param>
/// <param name="Status">Its status; 200 when it is told of its properties.</param>
/// <param name="Properties">The properties that it has.</param>
internal sealed record DavItem(Uri Address, string Href, int Status, IReadOnlyDictionary<XName, XElement> Properties)
{
    /// <summary>The path without escapes: servers write one in more ways than one.</summary>
    public string Path => Uri.UnescapeDataString(Address.AbsolutePath);

    public string? Version => Text(DavNames.Version) is { } version ? DavAnswer.VersionOf(version) : null;

    public XElement? Find(XName name) => Properties.GetValueOrDefault(name);

    public string? Text(XName name) => Find(name)?.Value.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>The addresses in a property.</summary>
    /// <exception cref="CalDavException">One is none.</exception>
    public IEnumerable<Uri> AddressesIn(XName name) => Find(name)?.Elements(DavNames.Href).Select(href => href.Value.Trim()).Where(href => href.Length > 0).Select(Resolve) ?? [];

    private Uri Resolve(string href) => Uri.TryCreate(Address, href, out var address) ? address : throw new CalDavException(CalDavProblem.NotCalDav, "The server names something that is not an address.");
}

/// <summary>A multistatus (RFC 4918 §13).</summary>
internal sealed record Multistatus(IReadOnlyList<DavItem> Items, string? SyncToken)
{
    /// <summary>Reads an answer.</summary>
    /// <exception cref="CalDavException">It is none.</exception>
    public static Multistatus Read(DavAnswer answer)
    {
        if (answer.Status != 207) throw new CalDavException(CalDavProblem.NotCalDav, string.Create(CultureInfo.InvariantCulture, $"The server answered {answer.Status} where a multistatus was expected."));
        try
        {
            var root = answer.ReadXml();
            if (root.Name != Dav + "multistatus") throw new CalDavException(CalDavProblem.NotCalDav, "The server's answer is not a multistatus.");
            return new Multistatus([.. root.Elements(Dav + "response").SelectMany(response => Read(response, answer.Address))], root.Element(DavNames.SyncToken)?.Value.Trim());
        }
        catch (Exception garbled) when (garbled is XmlException or UriFormatException)
        {
            throw new CalDavException(CalDavProblem.NotCalDav, "The server's answer cannot be read.");
        }
    }

    private static IEnumerable<DavItem> Read(XElement response, Uri from)
    {
        Dictionary<XName, XElement> properties = [];
        var (status, own) = (StatusOf(response.Element(Status)), response.Elements(Dav + "propstat").ToList());
        foreach (var one in own.Where(one => StatusOf(one.Element(Status)) is null or 200).Elements(Dav + "prop").Elements()) properties[one.Name] = one;
        foreach (var href in response.Elements(Href).Select(href => href.Value.Trim()))
            yield return new DavItem(new Uri(from, href), href, status ?? (own.Count > 0 ? 200 : 500), properties);
    }

    private static int? StatusOf(XElement? status) =>
        status?.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var code, ..] && int.TryParse(code, CultureInfo.InvariantCulture, out var read) ? read : null;
}
