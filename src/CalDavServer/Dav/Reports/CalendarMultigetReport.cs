using System.Xml.Linq;
using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Reports.CalendarData;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;

namespace CalDavServer.Dav.Reports;

/// <summary>CALDAV:calendar-multiget (RFC 4791 §7.9): every href is answered, the bad ones with a status of their own. Depth is ignored.</summary>
internal sealed class CalendarMultigetReport : IReport
{
    private const int MaxHrefs = 10_000;
    private static readonly XName Href = XName.Get("href", DavNames.Dav);

    public PropertyName Name => DavNames.C("calendar-multiget");

    public bool AppliesTo(DavResource resource) => resource is CalendarResource or CalendarObjectResource;

    public async ValueTask<DavError?> InvokeAsync(DavRequest request, DavResource resource, XElement body, Depth depth)
    {
        var calendar = (resource as CalendarObjectResource)?.Calendar ?? (CalendarResource)resource;
        if (RequestedProperties.TryParseReport(body, out var requested) is { } wrong) return wrong;
        if (FloatingZone.TryFind(body, calendar.Collection, out var zone) is { } badZone) return badZone;
        if (CalendarDataRequest.Compile(requested.CalendarData, zone, new ExpansionAllowance(request.Cancelled)) is { } badData) return badData;
        var hrefs = body.Elements(Href).Select(static element => element.Value.Trim()).ToList();
        if (hrefs.Count == 0) return DavError.BadRequest("A calendar-multiget names at least one href.");
        if (hrefs.Count > MaxHrefs) return DavError.Forbidden(DavNames.D("number-of-matches-within-limits"), $"More than {MaxHrefs} hrefs are asked for.");

        using var output = new MultistatusWriter(request);
        output.Start();
        var answer = new ObjectAnswer(request, output, calendar, requested);
        // an href that is repeated, in this form or another, is answered once: a small request must not ask for a huge answer
        var answered = new HashSet<string>(StringComparer.Ordinal);
        foreach (var href in hrefs)
        {
            if (NameOf(href, request, resource.Path) is { } name)
            {
                if (!answered.Add(name)) continue;
                if (await request.Snapshot.FindRowAsync(calendar.Collection.Id, name) is { Published: true } row)
                {
                    await answer.WriteAsync(row);
                    continue;
                }
            }

            output.Status(href, StatusCodes.Status404NotFound);
            await output.DrainAsync();
        }

        await output.EndAsync();
        return null;
    }

    // The name of the member that an href means, or null when it is none of this calendar: of a calendar object resource, its own only.
    private static string? NameOf(string href, DavRequest request, DavPath scope)
    {
        if (PathOf(href, request.Http.Request) is not { } raw || !DavPath.TryParse(raw, out var path)) return null;
        if (path.Kind != DavPathKind.Object || path.Id != scope.Id || path.Collection != scope.Collection || raw.EndsWith('/')) return null;
        return scope.Object is null || scope.Object == path.Object ? path.Object : null;
    }

    // RFC 4918 §8.3: an absolute path, or an absolute URL of this server; the path as it was written, as Uri would undo some escapes.
    private static string? PathOf(string href, HttpRequest request)
    {
        var here = href.StartsWith('/') ? !href.StartsWith("//", StringComparison.Ordinal) : Destination.IsHere(href, request);
        return here && !href.Contains('?', StringComparison.Ordinal) ? RequestTarget.PathOf(href) : null;
    }
}
