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
            using var stream = new MemoryStream(body.ToArray(), false);
            Measure(stream);
            stream.Position = 0;
            using var reader = XmlReader.Create(stream, Settings);
            root = XDocument.Load(reader, LoadOptions.PreserveWhitespace).Root;
            return root is null ? DavError.BadRequest("The request body has no XML element.") : null;
        }
        catch (XmlException problem)
        {
            return DavError.BadRequest($"The request body is not well-formed XML: line {problem.LineNumber}.");
        }
        catch (ArgumentException)
        {
            return DavError.BadRequest("The request body is in a character encoding that is not supported.");
        }
    }

    // A first pass without a tree, so that depth and count are bounded before memory is spent.
    private static void Measure(Stream stream)
    {
        using var reader = XmlReader.Create(stream, Settings);
        var elements = 0;
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element) continue;
            if (++elements > MaxElements || reader.Depth > MaxDepth) throw new XmlException("Too many or too deeply nested elements.");
        }
    }
}
