using System.Xml.Linq;
using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;
using Practice.Hx;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Methods;

/// <summary>What MKCALENDAR and extended MKCOL share: a calendar with its properties, or nothing.</summary>
internal static class CalendarCreation
{
    private static readonly XName CollectionType = XName.Get("collection", DavNames.Dav);
    private static readonly XName CalendarType = XName.Get("calendar", CalDav);

    /// <summary>The refusal of another type (RFC 5689 §3.3).</summary>
    public static DavError NotACalendar { get; } =
        DavError.Forbidden(D("valid-resourcetype"), "Only calendars can be made: say so in DAV:resourcetype, or use MKCALENDAR.");

    /// <summary>Makes the calendar.</summary>
    /// <param name="request">The request.</param>
    /// <param name="update">The properties it begins with.</param>
    /// <param name="responseName">The root element of the answer that says which property failed; null for a multistatus.</param>
    public static async ValueTask<DavError?> InvokeAsync(DavRequest request, PropertyUpdate update, PropertyName? responseName = null)
    {
        if (!IsLocationOk(request.Path))
            return DavError.Forbidden(C("calendar-collection-location-ok"), "A calendar is made directly in a calendar home.");

        // MKCOL must say the type, and DAVx5 says it in MKCALENDAR too
        var resourceType = D("resourcetype");
        if (update.Take(resourceType) is { } type && !IsCalendar(type)) update.Fail(resourceType, NotACalendar);
        var componentSet = C("supported-calendar-component-set");
        if (CalendarProperties.TryReadComponents(update.Take(componentSet), out var components) is { } wrong) update.Fail(componentSet, wrong);
        update.Check(ResourceKinds.OrdinaryCalendar, creating: true);
        // RFC 4791 §5.3.1.2: a precondition of the request as a whole
        if (responseName is null && update.ErrorOf(C("calendar-timezone")) is { } zone) return zone;
        if (update.Failed)
        {
            await AnswerFailureAsync(request, update, responseName);
            return null;
        }

        var (_, error) = await WriteLoop.ApplyAsync(request, request.Path, () => PlanAsync(request, components, update));
        if (error is null)
        {
            request.Http.Response.StatusCode = StatusCodes.Status201Created;
            request.Http.Response.Headers.CacheControl = "no-cache";
            request.Http.Response.ContentLength = 0;
        }

        return error;
    }

    /// <summary>Whether a calendar may be at a path: the practice's calendar is made by the diary alone, and the inbox and outbox are always there.</summary>
    public static bool IsLocationOk(DavPath path) =>
        path.Kind == DavPathKind.Collection && path.Collection is not (HxCalendar.CollectionName or ResourceResolver.InboxName or ResourceResolver.OutboxName);

    private static bool IsCalendar(XElement type)
    {
        var calendar = false;
        var collection = false;
        foreach (var element in type.Elements())
        {
            if (element.Name == CalendarType) calendar = true;
            else if (element.Name == CollectionType) collection = true;
            else return false;
        }

        return calendar && collection;
    }

    private static async ValueTask<WritePlan> PlanAsync(DavRequest request, IReadOnlyList<string> components, PropertyUpdate update)
    {
        var path = request.Path;
        if (await Preconditions.CheckAsync(request, null) is { } failed) return WritePlan.Refused(failed);
        if (await request.Snapshot.FindCollectionAsync(path.Id!, path.Collection!) is not null)
            return WritePlan.Refused(StoreFailures.Of(StoreFailureKind.Exists));
        if ((await request.Snapshot.ListCollectionsAsync(path.Id!)).Count >= DavLimits.CollectionsPerHome)
            return WritePlan.Refused(new DavError(507, D("quota-not-exceeded"), $"There are {DavLimits.CollectionsPerHome} calendars already."));
        var made = new Collection(0, path.Id!, path.Collection!, Collection.OrdinaryKind, components, "", 0, request.Clock.GetCurrentInstant(), PropertyBag.Empty);
        return WritePlan.Of(new CreateCollection(made, new SetProperties(default, (int)request.Caller.Level, update.Changes, request.Quotas.PropertyRoom)));
    }

    // MKCALENDAR fails as PROPPATCH does (RFC 4791 §5.3.1.1, 207); extended MKCOL in an element of its own (RFC 5689 §3)
    private static async ValueTask AnswerFailureAsync(DavRequest request, PropertyUpdate update, PropertyName? responseName)
    {
        using var output = new MultistatusWriter(request);
        if (responseName is { } own)
        {
            output.Start(StatusCodes.Status403Forbidden, own);
            update.WritePropstats(output);
        }
        else
        {
            output.Start();
            output.Xml.Raw("<D:response>"u8);
            output.Xml.Href(request.Path.ToHref());
            update.WritePropstats(output);
            output.Xml.Raw("</D:response>"u8);
        }

        await output.EndAsync();
    }
}
