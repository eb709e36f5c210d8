using System.Xml.Linq;

namespace ProviderBridge.CalDav;

/// <summary>Names of XML elements: WebDAV's (RFC 4918), CalDAV's (RFC 4791), and what calendarserver.org added.</summary>
internal static class DavNames
{
    public static readonly XNamespace Dav = "DAV:";
    public static readonly XNamespace Cal = "urn:ietf:params:xml:ns:caldav";
    public static readonly XName Href = Dav + "href";
    public static readonly XName Status = Dav + "status";
    public static readonly XName Error = Dav + "error";
    public static readonly XName Collection = Dav + "collection";
    public static readonly XName Unauthenticated = Dav + "unauthenticated";
    public static readonly XName ResourceType = Dav + "resourcetype";
    public static readonly XName DisplayName = Dav + "displayname";
    public static readonly XName Version = Dav + "getetag";
    public static readonly XName ContentType = Dav + "getcontenttype";
    public static readonly XName LastModified = Dav + "getlastmodified";
    public static readonly XName Principal = Dav + "current-user-principal";
    public static readonly XName Privileges = Dav + "current-user-privilege-set";
    public static readonly XName Reports = Dav + "supported-report-set";
    public static readonly XName SyncCollection = Dav + "sync-collection";
    public static readonly XName SyncToken = Dav + "sync-token";
    public static readonly XName ValidSyncToken = Dav + "valid-sync-token";
    public static readonly XName HomeSet = Cal + "calendar-home-set";
    public static readonly XName Calendar = Cal + "calendar";
    public static readonly XName Components = Cal + "supported-calendar-component-set";
    public static readonly XName Component = Cal + "comp";
    public static readonly XName Data = Cal + "calendar-data";
    public static readonly XName Multiget = Cal + "calendar-multiget";
    public static readonly XName UidConflict = Cal + "no-uid-conflict";
    public static readonly XName CollectionTag = XNamespace.Get("http://calendarserver.org/ns/") + "getctag";
}
