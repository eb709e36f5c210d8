using System.Xml;
using System.Xml.Linq;
using Calendaring.Store;

namespace CalDavServer.Dav;

/// <summary>XML namespaces and the element names that several places use.</summary>
internal static class DavNames
{
    public const string Dav = "DAV:";
    public const string CalDav = "urn:ietf:params:xml:ns:caldav";
    public const string CalendarServer = "http://calendarserver.org/ns/";
    public const string Apple = "http://apple.com/ns/ical/";

    /// <summary>Reads a stored property element: the prefixes it may rely on are those of every answer's root element.</summary>
    public static XElement ParseStored(string element) =>
        XElement.Parse($"<r xmlns:D=\"{Dav}\" xmlns:C=\"{CalDav}\" xmlns:CS=\"{CalendarServer}\" xmlns:A=\"{Apple}\">{element}</r>", LoadOptions.PreserveWhitespace);

    /// <summary>Whether these are the local name and the namespace of an element that could be written: a report may name properties in attributes.</summary>
    public static bool IsName(string name, string? xmlNamespace) =>
        XmlReader.IsName(name) && !name.Contains(':', StringComparison.Ordinal) && xmlNamespace != XNamespace.Xml.NamespaceName && xmlNamespace != XNamespace.Xmlns.NamespaceName;

    public static PropertyName D(string name) => new(Dav, name);

    public static PropertyName C(string name) => new(CalDav, name);

    public static PropertyName CS(string name) => new(CalendarServer, name);

    public static PropertyName A(string name) => new(Apple, name);
}
