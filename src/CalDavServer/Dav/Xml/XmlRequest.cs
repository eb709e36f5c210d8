using System.Runtime.InteropServices;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace CalDavServer.Dav.Xml;

/// <summary>Reads XML request bodies: no DTD, no entities beyond the five, bounded size, depth and number of elements (RFC 4918 §20.6).</summary>
internal static class XmlRequest
{
    public const int MaxBytes = 1_048_576;
    private const int MaxDepth = 64;
    private const int MaxElements = 20_000;

    // of one element: the tree compares each with those before it
    private const int MaxAttributes = 1_000;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxBytes,
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
            var bytes = MemoryMarshal.TryGetArray(body, out var segment) ? segment : body.ToArray();
            using var stream = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
            using var reader = XmlReader.Create(stream, Settings);
            if (ReadTree(reader, out root) is { } beyond) return DavError.BadRequest(beyond);
            return root is null ? DavError.BadRequest("The request body has no XML element.") : null;
        }
        catch (XmlException problem)
        {
            root = null;
            return DavError.BadRequest($"The request body is not well-formed XML, or has a document type declaration: line {Math.Max(problem.LineNumber, 1)}.");
        }
        catch (ArgumentException)
        {
            root = null;
            return DavError.BadRequest("The request body is in a character encoding that is not supported.");
        }
    }

    // By hand, so that number and depth of the elements are bounded as the tree grows. What is beyond a limit, or null.
    private static string? ReadTree(XmlReader reader, out XElement? root)
    {
        root = null;
        XElement? parent = null;
        var elements = 0;

        // in one piece, as each that the tree is given is copied with those before it
        var text = new StringBuilder();
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (Beyond(++elements, reader.AttributeCount, reader.Depth) is { } limit) return limit;
                    AddText(parent, text);
                    var isEmpty = reader.IsEmptyElement;
                    var element = ReadElement(reader);
                    parent?.Add(element);
                    root ??= element;
                    if (!isEmpty) parent = element;
                    break;
                case XmlNodeType.EndElement:
                    AddText(parent, text);
                    parent = parent!.Parent;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace:
                    text.Append(reader.Value);
                    break;
            }
        }

        return null;
    }

    private static string? Beyond(int elements, int attributes, int depth) =>
        elements > MaxElements ? $"The request body has more than {MaxElements} XML elements."
        : attributes > MaxAttributes ? $"An XML element of the request body has more than {MaxAttributes} attributes."
        : depth > MaxDepth ? $"The XML elements of the request body are nested deeper than {MaxDepth}."
        : null;

    private static void AddText(XElement? parent, StringBuilder text)
    {
        if (text.Length > 0) parent?.Add(text.ToString());
        text.Clear();
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
