using System.Xml.Linq;
using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;

namespace CalDavServer.Dav.Reports;

/// <summary>DAV:expand-property (RFC 3253 §3.8): properties, and instead of the hrefs in them what is found there.</summary>
internal sealed class ExpandPropertyReport : IReport
{
    // a response within a response within a response: a small request must not ask for a huge answer
    private const int MaxBytes = 4 * 1024 * 1024;
    private static readonly XName Property = XName.Get("property", DavNames.Dav);
    private static readonly XName Href = XName.Get("href", DavNames.Dav);

    public PropertyName Name => DavNames.D("expand-property");

    public bool AppliesTo(DavResource resource) => true;

    public async ValueTask<DavError?> InvokeAsync(DavRequest request, DavResource resource, XElement body, Depth depth)
    {
        foreach (var property in body.Descendants())
        {
            if (property.Name != Property || property.Attribute("name")?.Value is not { } name || !DavNames.IsName(name, property.Attribute("namespace")?.Value))
                return DavError.BadRequest("expand-property holds property elements, each with the name of a property.");
        }

        await request.ReadFactsAsync();
        using var output = new MultistatusWriter(request);
        output.Start();
        await new Expansion(request, output).WriteAsync(resource, body);
        if (output.Xml.Length > MaxBytes) return DavError.Forbidden(DavNames.D("number-of-matches-within-limits"), "The expanded properties are too many: ask for fewer.");
        await output.EndAsync();
        return null;
    }

    private sealed class Expansion(DavRequest request, MultistatusWriter output)
    {
        public async ValueTask WriteAsync(DavResource resource, XElement asked)
        {
            request.Cancelled.ThrowIfCancellationRequested();
            if (resource.LacksProperties) await resource.ReadPropertiesAsync(request.Snapshot, request.Caller.Level);
            var xml = output.Xml;
            var missing = new List<PropertyName>();
            xml.Raw("<D:response>"u8);
            xml.Href(resource.Href);
            var start = xml.Length;
            var found = 0;
            xml.Raw("<D:propstat><D:prop>"u8);
            foreach (var property in asked.Elements())
            {
                if (xml.Length > MaxBytes) return;
                var name = new PropertyName(property.Attribute("namespace")?.Value ?? DavNames.Dav, property.Attribute("name")!.Value);
                if (property.HasElements ? await TryExpandAsync(resource, name, property) : TryWrite(xml, resource, name)) found++;
                else missing.Add(name);
            }

            if (found == 0 && missing.Count > 0) xml.Rewind(start);
            else xml.Raw("</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"u8);
            if (missing.Count > 0 && (found == 0 || output.MayNameAbsent(missing.Sum(name => name.Namespace.Length + name.Name.Length)))) WriteMissing(missing);
            xml.Raw("</D:response>"u8);
        }

        private async ValueTask<bool> TryExpandAsync(DavResource resource, PropertyName name, XElement asked)
        {
            XElement value;
            using (var scratch = new XmlUtf8Writer())
            {
                if (!TryWrite(scratch, resource, name)) return false;
                value = DavNames.ParseStored(System.Text.Encoding.UTF8.GetString(scratch.Written.Span));
            }

            output.Xml.Open(name);
            foreach (var href in value.Descendants(Href))
            {
                if (output.Xml.Length > MaxBytes) break;
                if (DavPath.TryParse(href.Value, out var path) && await ResourceResolver.ResolveAsync(path, request.Caller, request.Snapshot) is { } target) await WriteAsync(target, asked);
                else output.Status(href.Value, StatusCodes.Status404NotFound);
            }

            output.Xml.Close(name);
            return true;
        }

        private bool TryWrite(XmlUtf8Writer xml, DavResource resource, PropertyName name)
        {
            if (PropertyTable.Find(name) is { } row) return row.TryWrite(xml, resource, request);
            if (!resource.Stored.TryGet(name, out var element)) return false;
            xml.Raw(element);
            return true;
        }

        private void WriteMissing(List<PropertyName> missing)
        {
            output.Xml.Raw("<D:propstat><D:prop>"u8);
            foreach (var name in missing) output.Xml.Empty(name);
            output.Xml.Raw("</D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>"u8);
        }
    }
}
