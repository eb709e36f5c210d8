using Calendaring.Store;

namespace CalDavServer.Dav.Xml;

/// <summary>The tags of an element that is written often, as bytes made once.</summary>
internal sealed class ElementTags
{
    public ElementTags(PropertyName name)
    {
        using var xml = new XmlUtf8Writer();
        xml.Open(name);
        Open = xml.Written.ToArray();
        xml.Rewind(0);
        xml.Close(name);
        Close = xml.Written.ToArray();
    }

    /// <summary><c>&lt;name&gt;</c></summary>
    public byte[] Open { get; }

    /// <summary><c>&lt;/name&gt;</c></summary>
    public byte[] Close { get; }
}
