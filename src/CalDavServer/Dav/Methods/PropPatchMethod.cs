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
        if (refused?.Condition == DavNames.D("quota-not-exceeded")) update.Refuse(refused);
        if (refused is not null && !update.Failed) return refused;
        await AnswerAsync(request, update);
        return null;
    }

    private static async ValueTask<WritePlan> PlanAsync(DavRequest request, PropertyUpdate update)
    {
        if (await ResourceResolver.ResolveAsync(request.Path, request.Caller, request.Snapshot) is not { } resource) return WritePlan.Refused(DavError.NotFound);
        if (await Preconditions.CheckAsync(request, resource) is { } failed) return WritePlan.Refused(failed);
        update.Check(resource.Kind);
        if (update.Failed || resource.PropertyTarget is not { } target) return WritePlan.Refused(new DavError(424));
        var expected = resource is CalendarObjectResource member ? Expectation.AtChange(member.Row.Change) : Expectation.Any;
        return WritePlan.Of(new SetProperties(target, (int)request.Caller.Level, update.Changes, request.Quotas.PropertyRoom, expected));
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
