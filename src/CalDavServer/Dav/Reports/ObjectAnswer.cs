using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Reports.CalendarData;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using CalDavServer.Http;
using Calendaring.Store;
using Practice.Hx;

namespace CalDavServer.Dav.Reports;

/// <summary>
/// Writes the objects of one calendar into a report's answer, each as the caller is shown it. An object that cannot be written gets a status of its own: it never fails the report.
/// </summary>
internal sealed class ObjectAnswer(DavRequest request, MultistatusWriter output, CalendarResource calendar, RequestedProperties requested)
{
    private readonly bool _hasTemplate = ObjectTemplate.Fits(requested);
    private readonly bool _needsStored = requested.MayBeStored(ResourceKinds.Object);
    private ObjectTemplate? _template;

    // hardly any object has properties of its own: which have is asked once
    private IReadOnlySet<string>? _described;

    /// <summary>Whether the bytes are needed for what is asked of each object.</summary>
    public bool NeedsBytes => requested.CalendarData is not null;

    public MultistatusWriter Output => output;

    /// <summary>The bytes that the caller is shown; null when they cannot be made, and then that has been said.</summary>
    public ReadOnlyMemory<byte>? Shown(StoredObject stored)
    {
        try
        {
            return HxCalendar.Represent(stored, request.Caller.Level);
        }
        catch (CorruptObjectException)
        {
            WriteBroken(stored.Row);
            return null;
        }
    }

    /// <summary>Writes an object whose bytes are at hand, or not needed.</summary>
    public ValueTask WriteAsync(ObjectRow row, ReadOnlyMemory<byte>? shown)
    {
        if (!ResourceResolver.TryGetETag(row, request.Caller.Level, out var etag)) return default;
        if (_needsStored && _described is null) return DescribeAndWriteAsync(row, shown);
        var isDescribed = _described?.Contains(row.Name) == true;
        if (_hasTemplate && !isDescribed)
        {
            _template ??= new ObjectTemplate(request, ResourceOf(row, etag, isDescribed), requested);
            _template.Write(output.Xml, row.Name, etag);
            return output.DrainAsync();
        }

        var resource = ResourceOf(row, etag, isDescribed);
        var start = output.Xml.Length;
        try
        {
            // hardly ever is anything waited for, and there may be ten thousand in an answer
            var writing = PropertyWriter.WriteResponseAsync(request, output, resource, requested, shown);
            if (!writing.IsCompletedSuccessfully) return FinishAsync(writing, resource, start);
        }
        catch (Exception problem) when (IsOfTheObject(problem))
        {
            TakeBack(problem, resource, start);
        }

        return output.DrainAsync();
    }

    /// <summary>Writes an object by its row; its bytes are read when they are needed.</summary>
    public ValueTask WriteAsync(ObjectRow row) => NeedsBytes ? ReadAndWriteAsync(row) : WriteAsync(row, null);

    /// <summary>Says that an object is damaged.</summary>
    public void WriteBroken(ObjectRow row)
    {
        StoreLog.Damaged(request.Log, request.Http.Request.Method, calendar.Collection.Id);
        output.Status(HrefOf(row.Name), StatusCodes.Status500InternalServerError, new DavError(500, null, "The stored object is damaged."));
    }

    /// <summary>Says that there is no such object.</summary>
    public void WriteAbsent(string name) => output.Status(HrefOf(name), StatusCodes.Status404NotFound);

    private CalendarObjectResource ResourceOf(ObjectRow row, string etag, bool isDescribed)
    {
        var resource = new CalendarObjectResource(calendar, row, etag);
        if (!isDescribed) resource.HasNoProperties();
        return resource;
    }

    private string HrefOf(string name) => calendar.Href + DavPath.Encode(name);

    private static bool IsOfTheObject(Exception problem) => problem is ExpansionLimitException or FormatException or CorruptObjectException;

    private async ValueTask FinishAsync(ValueTask writing, CalendarObjectResource resource, int start)
    {
        try
        {
            await writing;
        }
        catch (Exception problem) when (IsOfTheObject(problem))
        {
            TakeBack(problem, resource, start);
        }

        await output.DrainAsync();
    }

    private async ValueTask DescribeAndWriteAsync(ObjectRow row, ReadOnlyMemory<byte>? shown)
    {
        _described = await request.Snapshot.ListMembersWithPropertiesAsync(calendar.Collection, (int)request.Caller.Level);
        await WriteAsync(row, shown);
    }

    private async ValueTask ReadAndWriteAsync(ObjectRow row)
    {
        if (await Candidates.ReadAsync(request.Snapshot, row, WriteBroken) is { } stored && Shown(stored) is { } shown) await WriteAsync(row, shown);
    }

    // what was written of it goes, and a status of its own stands for it
    private void TakeBack(Exception problem, CalendarObjectResource resource, int start)
    {
        output.Xml.Rewind(start);
        if (problem is ExpansionLimitException)
            output.Status(resource.Href, StatusCodes.Status507InsufficientStorage, new DavError(507, DavNames.D("number-of-matches-within-limits"), problem.Message));
        else WriteBroken(resource.Row);
    }
}
