using System.Xml.Linq;

namespace CalDavServer.Tests.Hosting;

/// <summary>Namespaces and request bodies.</summary>
internal static class Xml
{
    public static readonly XNamespace D = "DAV:";
    public static readonly XNamespace C = "urn:ietf:params:xml:ns:caldav";
    public static readonly XNamespace CS = "http://calendarserver.org/ns/";
    public static readonly XNamespace A = "http://apple.com/ns/ical/";

    public static string PropFind(params XName[] names) => new XElement(D + "propfind", new XElement(D + "prop", names.Select(name => new XElement(name)))).ToString();

    /// <summary>A PROPPATCH that sets properties.</summary>
    public static string Set(params XElement[] properties) => new XElement(D + "propertyupdate", new XElement(D + "set", new XElement(D + "prop", properties))).ToString();

    /// <summary>A PROPPATCH that removes properties.</summary>
    public static string Remove(params XName[] names) =>
        new XElement(D + "propertyupdate", new XElement(D + "remove", new XElement(D + "prop", names.Select(name => new XElement(name))))).ToString();

    /// <summary>A MKCALENDAR that sets properties.</summary>
    public static string MkCalendar(params XElement[] properties) => new XElement(C + "mkcalendar", new XElement(D + "set", new XElement(D + "prop", properties))).ToString();
}
