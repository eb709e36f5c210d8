using System.Runtime.InteropServices;
using System.Xml;
using System.Xml.Linq;

namespace CalDavServer.Dav.Xml;

/// <summary>Reads XML request bodies: no DTD, no entities beyond the five, bounded size, depth and number of elements (RFC 4918 §20.6).</summary>
internal static class XmlRequest
{
    public const int MaxOctets = 1_048_576;
    private const int MaxDepth = 64;
    private const int MaxElements = 20_000;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxOctets,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = false,
    };

    /// <summary>Parses a body already read. The error is a 400, or 413-like 403 when a limit is met.</summary>
    public static DavError? TryParse(ReadOnlyMemory<byte> body, out XElement? root)
    {
        root = null;
        try
        {
            var octets = MemoryMarshal.TryGetArray(body, out var segment) ? segment : body.ToArray();
            using var stream = new MemoryStream(octets.Array!, octets.Offset, octets.Count, writable: false);
            using var reader = XmlReader.Create(stream, Settings);
            root = ReadTree(reader);
            return root is null ? DavError.BadRequest("The request body has no XML element.") : null;
        }
        catch (XmlException problem)
        {
            root = null;
            return DavError.BadRequest($"The request body is not well-formed XML: line {problem.LineNumber}.");
        }
        catch (ArgumentException)
        {
            root = null;
            return DavError.BadRequest("The request body is in a character encoding that is not supported.");
        }
    }

    // by hand, so that number and depth of the elements are bounded as the tree grows
    private static XElement? ReadTree(XmlReader reader)
    {
        XElement? root = null;
        XElement? parent = null;
        var elements = 0;
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (++elements > MaxElements || reader.Depth > MaxDepth) throw new XmlException("Too many or too deeply nested elements.");
                    var isEmpty = reader.IsEmptyElement;
                    var element = ReadElement(reader);
                    parent?.Add(element);
                    root ??= element;
                    if (!isEmpty) parent = element;
                    break;
                case XmlNodeType.EndElement:
                    parent = parent!.Parent;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    parent?.Add(reader.Value);
                    break;
            }
        }

        return root;
    }

    private static XElement ReadElement(XmlReader reader)
    {
        var element = new XElement(XNamespace.Get(reader.NamespaceURI) + reader.LocalName);
        while (reader.MoveToNextAttribute())
        {
            // the tree writes a declaration of the default namespace without one of its own
            var space = reader.Prefix.Length == 0 ? XNamespace.None : XNamespace.Get(reader.NamespaceURI);
            element.Add(new XAttribute(space + reader.LocalName, reader.Value));
        }

        return element;
    }
}
