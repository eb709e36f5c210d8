using System.Xml;
using System.Xml.Linq;

namespace ProviderBridge.CalDav;

/// <summary>What a CalDAV server answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Address">Of what: after redirects another than was asked for.</param>
/// <param name="ETag">The version (RFC 9110 §8.8.3); null when it does not say.</param>
/// <param name="Modified">When that was made; null when it does not say.</param>
/// <param name="Location">Where what was made is (RFC 9110 §10.2.2); null when it does not say.</param>
/// <param name="Body">The body.</param>
internal sealed record DavAnswer(int Status, Uri Address, string? ETag, DateTimeOffset? Modified, Uri? Location, byte[] Body)
{
    /// <summary>How much of an answer is read: a listing of some 80 000 objects.</summary>
    public const int MaxBytes = 24 * 1024 * 1024;

    /// <summary>How deep elements may be in one another: who reads what is deeper recurses with it, and a stack that overflows ends the process.</summary>
    private const int MaxDepth = 64;

    // no DTD: an entity could be any file of this machine, or be a thousand times its size
    private static readonly XmlReaderSettings Safe = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxBytes };

    public bool IsDone => Status is >= 200 and < 300;

    public bool IsGone => Status is 404 or 410;

    /// <summary>Whether the version is a weak one (RFC 9110 §8.8.1): then what is there need not be what was sent.</summary>
    public bool IsWeak { get; init; }

    /// <summary>A version as it is compared: in quotes, and strong. A proxy on the way may have called it weak, and then it would never match (RFC 9110 §13.1.1).</summary>
    public static string VersionOf(string tag)
    {
        if (tag.StartsWith("W/", StringComparison.Ordinal)) tag = tag[2..];
        return tag.StartsWith('"') ? tag : $"\"{tag}\"";
    }

    /// <summary>The precondition that did not hold (RFC 4918 §16); null when none is named. Servers write elements of their own beside it: SabreDAV names its exception first.</summary>
    public XElement? Precondition
    {
        get
        {
            try
            {
                return Body.Length > 0 && !IsDone && ReadXml() is { } error && error.Name == DavNames.Error ? error.Elements().FirstOrDefault(one => one.Name.Namespace == DavNames.Dav || one.Name.Namespace == DavNames.Cal) : null;
            }
            catch (XmlException)
            {
                return null;
            }
        }
    }

    /// <summary>Reads the body.</summary>
    /// <exception cref="XmlException">It is not XML, or deeper than anything that is meant.</exception>
    public XElement ReadXml()
    {
        using (var reader = XmlReader.Create(new MemoryStream(Body), Safe))
        {
            while (reader.Read())
            {
                if (reader.Depth > MaxDepth) throw new XmlException("The elements are nested too deeply.");
            }
        }

        using var again = XmlReader.Create(new MemoryStream(Body), Safe);
        return XElement.Load(again);
    }
}
