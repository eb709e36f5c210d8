using System.Xml.Linq;
using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Reports.CalendarData;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;

namespace CalDavServer.Dav.Reports;

/// <summary>CALDAV:calendar-multiget (RFC 4791 §7.9): every href is answered, the bad ones with a status of their own. On a home the hrefs are of any calendar in it. Depth is ignored.</summary>
internal sealed class CalendarMultigetReport : IReport
{
    private const int MaxHrefs = 10_000;
    private static readonly XName Href = XName.Get("href", DavNames.Dav);

    public PropertyName Name => DavNames.C("calendar-multiget");

    public bool AppliesTo(DavResource resource) => CalendarScope.Contains(resource);

    public async ValueTask<DavError?> InvokeAsync(DavRequest request, DavResource resource, XElement body, Depth depth)
    {
        if (RequestedProperties.TryParseReport(body, out var requested) is { } wrong) return wrong;
        var calendars = await CalendarScope.ListAsync(request, resource);
        if (CalendarDataRequest.Compile(requested.CalendarData, DateTimeZone.Utc, new ExpansionAllowance(request.Cancelled)) is { } badData) return badData;
        // nearly every client asks for objects as they are, and then no zone has to be read
        var (zones, badZone) = NeedsZone(requested.CalendarData, body) ? await CalendarScope.FindZonesAsync(request, calendars, body) : (null, null);
        if (badZone is not null) return badZone;
        var hrefs = body.Elements(Href).Select(static element => element.Value.Trim()).ToList();
        if (hrefs.Count == 0) return DavError.BadRequest("A calendar-multiget names at least one href.");
        if (hrefs.Count > MaxHrefs) return DavError.Forbidden(DavNames.D("number-of-matches-within-limits"), $"More than {MaxHrefs} hrefs are asked for.");

        using var output = new MultistatusWriter(request);
        output.Start();
        var answers = new Dictionary<string, (ObjectAnswer Answer, long CollectionId, DateTimeZone Zone)>(StringComparer.Ordinal);
        for (var i = 0; i < calendars.Count; i++)
            answers.Add(calendars[i].Collection.Name, (new ObjectAnswer(request, output, calendars[i], requested), calendars[i].Collection.Id, zones?[i] ?? DateTimeZone.Utc));

        // an href that is repeated, in this form or another, is answered once: a small request must not ask for a huge answer
        var answered = new HashSet<DavPath>();
        foreach (var href in hrefs)
        {
            if (MemberOf(href, request, resource.Path) is { } path && answers.TryGetValue(path.Collection!, out var calendar))
            {
                if (!answered.Add(path)) continue;
                if (await request.Snapshot.FindRowAsync(calendar.CollectionId, path.Object!) is { Published: true } row)
                {
                    CalendarDataRequest.UseZone(requested.CalendarData, calendar.Zone);
                    await calendar.Answer.WriteAsync(row);
                    continue;
                }
            }

            output.Status(href, StatusCodes.Status404NotFound);
            await output.DrainAsync();
        }

        await output.EndAsync();
        return null;
    }

    private static bool NeedsZone(XElement? calendarData, XElement report) =>
        (calendarData is not null && !CalendarDataRequest.Of(calendarData).IsWhole) || FloatingZone.IsSaid(report);

    // The member that an href means, or null when it is none of the resource asked: of a calendar object resource, itself only.
    private static DavPath? MemberOf(string href, DavRequest request, DavPath scope)
    {
        if (PathOf(href, request.Http.Request) is not { } raw || raw.EndsWith('/') || !DavPath.TryParse(raw, out var path)) return null;
        if (path.Kind != DavPathKind.Object || path.Id != scope.Id) return null;
        if (scope.Collection is not null && path.Collection != scope.Collection) return null;
        return scope.Object is null || scope.Object == path.Object ? path : null;
    }

    // RFC 4918 §8.3: an absolute path, or an absolute URL of this server; the path as it was written, as Uri would undo some escapes.
    private static string? PathOf(string href, HttpRequest request)
    {
        var here = href.StartsWith('/') ? !href.StartsWith("//", StringComparison.Ordinal) : Destination.IsHere(href, request);
        return here && !href.Contains('?', StringComparison.Ordinal) ? RequestTarget.PathOf(href) : null;
    }
}
