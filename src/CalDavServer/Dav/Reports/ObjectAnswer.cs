using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Reports.CalendarData;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring.Store;
using Practice;

namespace CalDavServer.Dav.Reports;

/// <summary>
/// Writes the objects of one calendar into a report's answer, each as the caller is shown it. An object that cannot be written gets a status of its own: it never fails the report.
/// </summary>
internal sealed class ObjectAnswer(DavRequest request, MultistatusWriter output, DavPath calendarPath, Principal principal, Collection collection, RequestedProperties requested)
{
    /// <summary>Whether the octets are needed for what is asked of each object.</summary>
    public bool NeedsOctets => requested.CalendarData is not null;

    public MultistatusWriter Output => output;

    /// <summary>The octets that the caller is shown.</summary>
    public ReadOnlyMemory<byte> Shown(StoredObject stored) =>
        collection.Kind == CollectionKind.Hx ? HxCalendar.Represent(stored, request.Caller.Level) : stored.Octets;

    /// <summary>Writes an object whose octets are at hand, or not needed.</summary>
    public async ValueTask WriteAsync(ObjectRow row, ReadOnlyMemory<byte>? shown)
    {
        var etag = collection.Kind == CollectionKind.Hx ? HxCalendar.ETagOf(row, request.Caller.Level) : row.ETag;
        var resource = new CalendarObjectResource(PathOf(row.Name), principal, collection, row, etag);
        var start = output.Xml.Length;
        try
        {
            await PropertyWriter.WriteResponseAsync(request, output, resource, requested, shown);
        }
        catch (ExpansionLimitException)
        {
            output.Xml.Rewind(start);
            output.Status(resource.Href, StatusCodes.Status507InsufficientStorage, new DavError(507, DavNames.D("number-of-matches-within-limits")));
        }
        catch (Exception problem) when (problem is FormatException or CorruptObjectException)
        {
            output.Xml.Rewind(start);
            WriteBroken(row.Name);
        }

        await output.DrainAsync(request.Cancelled);
    }

    /// <summary>Writes an object by its row; its octets are read when they are needed.</summary>
    public async ValueTask WriteAsync(ObjectRow row)
    {
        if (!NeedsOctets) await WriteAsync(row, null);
        else if (await Candidates.ReadAsync(request.Snapshot, row, WriteBroken) is { } stored) await WriteAsync(row, Shown(stored));
    }

    /// <summary>Says that an object is damaged.</summary>
    public void WriteBroken(string name) =>
        output.Status(PathOf(name).ToHref(), StatusCodes.Status500InternalServerError, new DavError(500, null, "The stored object is damaged."));

    private DavPath PathOf(string name) => calendarPath with { Kind = DavPathKind.Object, Object = name };
}
