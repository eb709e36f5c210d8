using System.Xml.Linq;
using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;

namespace CalDavServer.Dav.Methods;

/// <summary>PROPPATCH (RFC 4918 §9.2).</summary>
internal sealed class PropPatchMethod : IMethod
{
    public string Name => "PROPPATCH";

    public async ValueTask<DavError?> InvokeAsync(DavRequest request)
    {
        var (root, error) = await request.ReadXmlAsync();
        if (error is not null) return error;
        if (root is null || root.Name != XName.Get("propertyupdate", DavNames.Dav)) return DavError.BadRequest("The body of a PROPPATCH is a DAV:propertyupdate element.");
        var update = PropertyUpdate.Parse(root);
        if (update.IsEmpty) return DavError.BadRequest("DAV:propertyupdate sets or removes at least one property.");

        var (_, refused) = await WriteLoop.ApplyAsync(request, request.Path, () => PlanAsync(request, update));
        if (refused is not null && !update.Failed) return refused;
        await AnswerAsync(request, update);
        return null;
    }

    private static async ValueTask<WritePlan> PlanAsync(DavRequest request, PropertyUpdate update)
    {
        if (await ResourceResolver.ResolveAsync(request.Path, request.Caller, request.Snapshot) is not { } resource) return WritePlan.Refused(DavError.NotFound);
        if (await Conditions.CheckAsync(request, resource) is { } failed) return WritePlan.Refused(failed);
        var properties = update.Apply(resource.Stored, resource.Kind);
        if (update.Failed) return WritePlan.Refused(new DavError(424));
        return resource switch
        {
            CalendarResource calendar => WritePlan.Of(new UpdateCollection(calendar.Collection.Id, update.Changes)),
            CalendarObjectResource member => await PlanObjectAsync(request, member, properties),
            _ => WritePlan.Of(new UpdatePrincipalProperties(resource.Owner!.Id, properties, resource.Stored, PartOf(resource))),
        };
    }

    private static PrincipalPart PartOf(DavResource resource) => resource switch
    {
        HomeResource => PrincipalPart.Home,
        ScheduleBoxResource box => box.IsInbox ? PrincipalPart.Inbox : PrincipalPart.Outbox,
        _ => PrincipalPart.Principal,
    };

    private static async ValueTask<WritePlan> PlanObjectAsync(DavRequest request, CalendarObjectResource member, PropertyBag properties)
    {
        var row = member.Row;
        if (await request.Snapshot.FindObjectAsync(member.Calendar.Collection.Id, row.Name) is not { } stored) return WritePlan.Refused(DavError.NotFound);
        return WritePlan.Of(new PutObject(
            member.Calendar.Collection.Id, row.Name, stored.Octets, row.Index, Expectation.AtChange(row.Change), row.Published, row.Details, properties, row.ScheduleTag));
    }

    private static async ValueTask AnswerAsync(DavRequest request, PropertyUpdate update)
    {
        if (request.ReturnMinimal) Preferences.Applied(request.Http.Response, "return=minimal");

        // RFC 8144 §2.2: nothing to say
        if (request.ReturnMinimal && !update.Failed)
        {
            request.Http.Response.ContentLength = 0;
            return;
        }

        using var output = new MultistatusWriter(request);
        output.Start();
        output.Xml.Raw("<D:response>"u8);
        output.Xml.Href(request.Resource!.Href);
        update.WritePropstats(output);
        output.Xml.Raw("</D:response>"u8);
        await output.EndAsync();
    }
}
