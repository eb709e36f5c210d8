using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Fuzzing.Mutations;

/// <summary>Elements of an XML body that are left out, doubled, renamed, moved into each other, or have other attributes or text.</summary>
internal static class XmlMutation
{
    private const int MaxLength = 300_000;
    private static readonly XNamespace D = "DAV:";
    private static readonly XNamespace C = "urn:ietf:params:xml:ns:caldav";
    private static readonly XNamespace CS = "http://calendarserver.org/ns/";
    private static readonly XNamespace A = "http://apple.com/ns/ical/";

    private static readonly XName[] Names =
    [
        .. "propfind prop allprop propname include propertyupdate set remove displayname resourcetype collection getetag getcontenttype getcontentlength getlastmodified creationdate supported-report-set sync-token sync-level limit nresults sync-collection href principal-URL current-user-principal current-user-privilege-set owner acl supported-privilege-set acl-restrictions principal-collection-set quota-used-bytes quota-available-bytes expand-property property principal-property-search property-search match principal-match self principal-search-property-set acl-principal-prop-set apply-to-principal-collection-set mkcol supportedlock lockdiscovery group-member-set alternate-URI-set getcontentlanguage error"
            .Split(' ').Select(name => D + name),
        .. "calendar-query calendar-multiget free-busy-query filter comp-filter prop-filter param-filter is-not-defined text-match time-range calendar-data comp allcomp allprop prop expand limit-recurrence-set limit-freebusy-set timezone timezone-id calendar-description calendar-timezone calendar-timezone-id supported-calendar-component-set supported-calendar-data supported-collation-set max-resource-size min-date-time max-date-time max-instances max-attendees-per-instance calendar-home-set calendar mkcalendar calendar-user-address-set calendar-user-type schedule-inbox-URL schedule-outbox-URL schedule-calendar-transp transparent opaque schedule-default-calendar-URL"
            .Split(' ').Select(name => C + name),
        CS + "getctag", CS + "email-address-set", CS + "calendar-proxy-read-for", A + "calendar-color", A + "calendar-order", XName.Get("note", "urn:x"), "none",
    ];

    private static readonly string[] Attributes = ["name", "start", "end", "collation", "negate-condition", "match-type", "test", "namespace", "novalue", "content-type", "version", "symbolic-color", "type"];

    private static readonly string[] Texts =
    [
        "VCALENDAR", "VEVENT", "VTODO", "VALARM", "VTIMEZONE", "VJOURNAL", "VFREEBUSY", "DTSTART", "SUMMARY", "UID", "ATTENDEE", "RRULE", "TZID", "X-NONE", "20260101T000000Z", "20270101T000000Z", "19000101T000000Z",
        "99991231T235959Z", "00010101T000000Z", "20260101", "20261301T000000Z", "-00010101T000000Z", "yes", "no", "anyof", "allof", "i;octet", "i;ascii-casemap", "i;unicode-casemap", "i;none", "contains", "equals", "1",
        "infinite", "10", "{token}", "data:,x/1", "{object}", "{calendar}", "{calendar}none.ics", "{origin}{object}", "{other}work/a.ics", "{principal}", "/", "http://elsewhere.example/", "#FF0000FF", "#zz", "Europe/Berlin", "No/Where",
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text/calendar", "2.0", "DAV:", "getetag", "mailto:alice@example.com",
    ];

    public static FuzzRequest? Apply(FuzzRequest request, Random random)
    {
        if (!request.Body.Contains('<', StringComparison.Ordinal) || request.Body.Length > MaxLength || Read(request.Body) is not { } root) return null;
        for (var times = 1 + random.Next(3); times > 0; times--) Change(root, random);
        var written = Write(root);
        return written is null || written.Length > MaxLength ? null : request with { Body = written };
    }

    private static void Change(XElement root, Random random)
    {
        var all = root.DescendantsAndSelf().Take(500).ToList();
        var element = random.Of(all);
        switch (random.Next(12))
        {
            case 0 when element != root:
                element.Remove();
                break;
            case 1 when element != root:
                element.AddAfterSelf(new XElement(element));
                break;
            case 2:
                element.Name = random.Of(Names);
                break;
            case 3:
                element.Add(new XElement(random.Of(Names)));
                break;
            case 4 when all.Count < 200:
                element.Add(new XElement(random.Of(all)));
                break;
            case 5:
                element.SetAttributeValue(random.Of(Attributes), random.Next(4) == 0 ? Clean(random.Text()) : random.Of(Texts));
                break;
            case 6 when element.Attributes().FirstOrDefault(attribute => !attribute.IsNamespaceDeclaration) is { } attribute:
                attribute.Value = random.Next(3) == 0 ? Clean(random.Shuffle(attribute.Value)) : random.Of(Texts);
                break;
            case 7 when element.Attributes().FirstOrDefault(attribute => !attribute.IsNamespaceDeclaration) is { } removed:
                removed.Remove();
                break;
            case 8 when !element.HasElements:
                element.Value = random.Next(3) == 0 ? Clean(random.Shuffle(element.Value)) : random.Of(Texts);
                break;
            case 9 when element != root:
                element.Parent!.AddFirst(new XElement(element));
                element.Remove();
                break;
            case 10 when random.Next(10) == 0:
                Nest(element, random.Of(Names), random.Next(80));
                break;
            case 11 when random.Next(10) == 0 && all.Count < 50:
                for (var n = random.Next(1_200); n > 0; n--) element.Add(new XElement(random.Of(Names), n));
                break;
        }
    }

    private static void Nest(XElement element, XName name, int depth)
    {
        for (; depth > 0; depth--)
        {
            var inner = new XElement(name);
            element.Add(inner);
            element = inner;
        }
    }

    private static string Clean(string text) => string.Concat(text.Where(XmlConvert.IsXmlChar));

    private static XElement? Read(string body)
    {
        try
        {
            return XElement.Parse(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body)), LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string? Write(XElement root)
    {
        try
        {
            return Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(root.ToString(SaveOptions.DisableFormatting)));
        }
        catch (Exception odd) when (odd is XmlException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
