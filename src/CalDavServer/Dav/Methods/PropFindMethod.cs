using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Reports;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;
using Practice.Hx;

namespace CalDavServer.Dav.Methods;

/// <summary>PROPFIND (RFC 4918 §9.1), Depth 0 and 1. Members are written as they are read.</summary>
internal sealed class PropFindMethod : IMethod
{
    public string Name => "PROPFIND";

    public async ValueTask<DavError?> InvokeAsync(DavRequest request)
    {
        var resource = request.Resource!;
        var (root, error) = await request.ReadXmlAsync();
        if (error is not null) return error;
        if (RequestedProperties.TryParse(root, out var requested) is { } refused) return refused;
        var depth = request.Depth ?? Depth.Infinity;

        // no Depth means infinity, and that is refused
        if (depth == Depth.Infinity && resource.IsCollection)
            return DavError.Forbidden(DavNames.D("propfind-finite-depth"), "Ask with Depth: 0 or Depth: 1.");

        if (request.ReturnMinimal) Preferences.Applied(request.Http.Response, "return=minimal");
        using var output = new MultistatusWriter(request);
        output.Start();
        if (depth == Depth.Zero || !resource.IsCollection || !request.Preferences.DepthNoRoot)
            await PropertyWriter.WriteResponseAsync(request, output, resource, requested);
        if (depth == Depth.One) await WriteMembersAsync(request, output, resource, requested);
        await output.EndAsync();
        return null;
    }

    private static async ValueTask WriteMembersAsync(DavRequest request, MultistatusWriter output, DavResource parent, RequestedProperties requested)
    {
        if (parent is CalendarResource calendar)
        {
            var answer = new ObjectAnswer(request, output, calendar, requested);
            await foreach (var row in request.Snapshot.ListRowsAsync(calendar.Collection.Id)) await answer.WriteAsync(row);
            return;
        }

        foreach (var member in await MembersAsync(request, parent))
        {
            await PropertyWriter.WriteResponseAsync(request, output, member, requested);
            await output.DrainAsync();
        }
    }

    private static async ValueTask<IReadOnlyList<DavResource>> MembersAsync(DavRequest request, DavResource parent)
    {
        var members = new List<DavResource>();
        switch (parent.Path.Kind)
        {
            case DavPathKind.Root:
                members.Add(new TreeResource(new DavPath(DavPathKind.DavRoot)));
                break;
            case DavPathKind.DavRoot:
                members.Add(new TreeResource(new DavPath(DavPathKind.Principals)));
                members.Add(new TreeResource(new DavPath(DavPathKind.Calendars)));
                break;
            case DavPathKind.Principals:
                await AddPrincipalsAsync(request, members);
                break;
            case DavPathKind.Calendars:
                var home = new DavPath(DavPathKind.Home, request.Caller.Principal.Id);
                if (await ResourceResolver.ResolveAsync(home, request.Caller, request.Snapshot) is { } own) members.Add(own);
                break;
            case DavPathKind.Home:
                await AddCollectionsAsync(request, ((HomeResource)parent).Principal, members);
                break;
        }

        return members;
    }

    private static async ValueTask AddPrincipalsAsync(DavRequest request, List<DavResource> members)
    {
        foreach (var principal in await ResourceResolver.ListKnownAsync(request.Caller, request.Snapshot))
        {
            if (ResourceResolver.OfPrincipal(principal, request.Caller) is { } member) members.Add(member);
        }
    }

    private static async ValueTask AddCollectionsAsync(DavRequest request, Principal owner, List<DavResource> members)
    {
        foreach (var collection in await request.Snapshot.ListCollectionsAsync(owner.Id))
        {
            if (!HxCalendar.IsHidden(collection)) members.Add(ResourceResolver.OfCalendar(owner, collection));
        }

        members.Add(ResourceResolver.OfBox(owner, inbox: true));
        members.Add(ResourceResolver.OfBox(owner, inbox: false));
    }
}
