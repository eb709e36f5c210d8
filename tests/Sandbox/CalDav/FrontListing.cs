using System.Globalization;
using System.Xml.Linq;

namespace Sandbox.CalDav;

/// <summary>Changes what a server answers into what iCloud would, or a server that does worse.</summary>
internal sealed class FrontListing(FrontOptions options)
{
    private static readonly XNamespace Dav = "DAV:";
    private static readonly XNamespace Cal = "urn:ietf:params:xml:ns:caldav";
    private static readonly XNamespace Server = "http://calendarserver.org/ns/";
    private readonly Dictionary<string, (Queue<XElement> More, string Token)> _pages = [];
    private int _made;

    /// <summary>The token that a server is asked with, and the rest of a page of ours.</summary>
    public byte[]? NextPage(string body)
    {
        if (TokenOf(body) is not { } token || !_pages.Remove(token, out var page)) return null;
        return Write(Page(new XElement(Dav + "multistatus"), page.More, page.Token, "/"));
    }

    private static string? TokenOf(string body) => XElement.Parse(body).Element(Dav + "sync-token")?.Value;

    public byte[] Change(byte[] answer, string what, string partition, FrontFault? fault, string path, byte[] asked)
    {
        var all = XElement.Parse(System.Text.Encoding.UTF8.GetString(answer));
        if (all.Name != Dav + "multistatus") return answer;
        // the account is on a host of its own, whole address and port (C1)
        foreach (var href in all.Descendants(Cal + "calendar-home-set").Elements(Dav + "href")) href.Value = partition + href.Value;
        all.Descendants(Dav + "getlastmodified").Remove();
        if (!options.TellsChanges) all.Descendants(Dav + "supported-report").Where(one => one.Descendants(Dav + "sync-collection").Any()).Remove();
        if (!options.HasTag) all.Descendants(Server + "getctag").Remove();
        var members = all.Elements(Dav + "response").Where(one => one.Element(Dav + "href")!.Value.EndsWith(".ics", StringComparison.Ordinal)).ToList();
        if (options.IsStrict) foreach (var href in members.Select(one => one.Element(Dav + "href")!)) href.Value = StrictOf(href.Value);
        if (fault?.Kind == "empty-list") members.ForEach(one => one.Remove());
        if (fault?.Kind == "stale-list") members.Take(fault.Amount).ToList().ForEach(one => one.Remove());
        if (what == "sync")
        {
            // a copy of the server that is behind with what changed is behind with its token, too; where it has never told one, the others do not know it
            if (fault?.Kind is "empty-list" or "stale-list") all.Element(Dav + "sync-token")!.Value = TokenOf(System.Text.Encoding.UTF8.GetString(asked)) is { Length: > 0 } token ? token : "http://radicale.org/ns/sync/behind";
            if (members.Count > options.PageSize)
            {
                var end = all.Element(Dav + "sync-token")!.Value;
                members.ForEach(one => one.Remove());
                Page(all, new Queue<XElement>(members), end, path);
            }

            // the collection itself is listed as well (C1)
            all.AddFirst(new XElement(Dav + "response", new XElement(Dav + "href", path), new XElement(Dav + "propstat", new XElement(Dav + "prop", new XElement(Dav + "getetag", "\"whole\"")), new XElement(Dav + "status", "HTTP/1.1 200 OK"))));
        }

        return Write(all);
    }

    /// <summary>Brackets as they are, and commas escaped.</summary>
    public static string StrictOf(string path) => Uri.EscapeDataString(Uri.UnescapeDataString(path)).Replace("%2F", "/", StringComparison.Ordinal).Replace("%28", "(", StringComparison.Ordinal).Replace("%29", ")", StringComparison.Ordinal);

    private XElement Page(XElement all, Queue<XElement> rest, string token, string path)
    {
        all.Element(Dav + "sync-token")?.Remove();
        for (var n = 0; n < options.PageSize && rest.TryDequeue(out var next); n++) all.Add(next);
        if (rest.Count > 0)
        {
            var own = string.Create(CultureInfo.InvariantCulture, $"urn:page:{++_made}");
            _pages[own] = (rest, token);
            token = own;
            all.Add(new XElement(Dav + "response", new XElement(Dav + "href", path), new XElement(Dav + "status", "HTTP/1.1 507 Insufficient Storage"), new XElement(Dav + "error", new XElement(Dav + "number-of-matches-within-limits"))));
        }

        all.Add(new XElement(Dav + "sync-token", token));
        return all;
    }

    private static byte[] Write(XElement all) => System.Text.Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"utf-8\"?>" + all.ToString(SaveOptions.DisableFormatting));
}
