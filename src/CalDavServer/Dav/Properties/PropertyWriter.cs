using CalDavServer.Dav.Reports.CalendarData;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using CalDavServer.Http;
using Calendaring.Store;
using Practice.Hx;

namespace CalDavServer.Dav.Properties;

/// <summary>Writes the DAV:response of one resource with the properties asked for, from the property table.</summary>
internal static class PropertyWriter
{
    private static readonly PropertyName CalendarData = DavNames.C("calendar-data");

    /// <summary>
    /// Writes href and propstats: found properties with 200, the others with 404 (left out with Prefer: return=minimal, RFC 8144 §2.1). For a calendar object resource
    /// <paramref name="bytes"/> are the representation shown to the caller, needed only when calendar-data is asked for.
    /// </summary>
    public static ValueTask WriteResponseAsync(
        DavRequest request, MultistatusWriter output, DavResource resource, RequestedProperties requested, ReadOnlyMemory<byte>? bytes = null)
    {
        if (resource.LacksProperties && requested.MayBeStored(resource.Kind)) return WriteWithPropertiesAsync(request, output, resource, requested, bytes);
        if (LacksFacts(request, resource, requested)) return WriteWithFactsAsync(request, output, resource, requested, bytes);
        // last: what is made of it is written at once
        if (bytes is null && LacksBytes(resource, requested)) return WriteWithBytesAsync(request, output, (CalendarObjectResource)resource, requested);
        Write(request, output, resource, requested, bytes);
        return default;
    }

    /// <summary>The same for a resource of which all that is asked for is at hand.</summary>
    public static void Write(DavRequest request, MultistatusWriter output, DavResource resource, RequestedProperties requested, ReadOnlyMemory<byte>? bytes)
    {
        request.ShownBytes = bytes?.Length;
        output.Xml.Raw("<D:response>"u8);
        resource.WriteHref(output.Xml);
        switch (requested.Mode)
        {
            case RequestedMode.Prop: WriteListed(request, output, resource, requested, bytes); break;
            case RequestedMode.AllProp: WriteAll(request, output, resource, requested, bytes); break;
            default: WriteNames(request, output, resource); break;
        }

        output.Xml.Raw("</D:response>"u8);
    }

    private static void WriteListed(DavRequest request, MultistatusWriter output, DavResource resource, RequestedProperties requested, ReadOnlyMemory<byte>? bytes)
    {
        var xml = output.Xml;
        var columns = requested.Columns;
        Span<bool> missing = columns.Length <= 256 ? stackalloc bool[columns.Length] : new bool[columns.Length];
        var (absent, absentBytes) = (0, 0);
        var start = xml.Length;
        xml.Raw("<D:propstat><D:prop>"u8);
        for (var i = 0; i < columns.Length; i++)
        {
            if (TryWrite(request, output, resource, requested, i)) continue;
            missing[i] = true;
            absent++;
            absentBytes += requested.Names[i].Namespace.Length + requested.Names[i].Name.Length;
        }

        var data = requested.CalendarData is not null;
        if (data && bytes is { } shown) CalendarDataWriter.Write(xml, requested.CalendarData!, shown);
        var found = columns.Length - absent + (data && bytes is not null ? 1 : 0);
        var showAbsent = !request.ReturnMinimal && (absent > 0 || (data && bytes is null)) && output.MayNameAbsent(absentBytes);
        if (found == 0 && showAbsent) xml.Rewind(start);
        else xml.Raw("</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"u8);
        if (!showAbsent) return;

        xml.Raw("<D:propstat><D:prop>"u8);
        for (var i = 0; i < missing.Length; i++)
        {
            if (missing[i]) xml.Empty(requested.Names[i]);
        }

        if (data && bytes is null) xml.Empty(CalendarData);
        xml.Raw("</D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>"u8);
    }

    private static bool TryWrite(DavRequest request, MultistatusWriter output, DavResource resource, RequestedProperties requested, int i)
    {
        if (requested.Columns[i] is { } column) return column.TryWrite(output.Xml, resource, request);
        if (!resource.Stored.TryGet(requested.Names[i], out var element)) return false;
        WriteStored(output.Xml, element);
        return true;
    }

    private static void WriteStored(XmlUtf8Writer xml, string element)
    {
        if (element.Length < LongText.LeastMarkup) xml.Raw(element);
        else xml.Long(new LongText.Markup(element));
    }

    // RFC 4918 §9.1: the live properties of that document, and all dead ones
    private static void WriteAll(DavRequest request, MultistatusWriter output, DavResource resource, RequestedProperties requested, ReadOnlyMemory<byte>? bytes)
    {
        var xml = output.Xml;
        xml.Raw("<D:propstat><D:prop>"u8);
        foreach (var row in PropertyTable.Rows)
        {
            if (row.InAllProp || Includes(requested, row)) row.TryWrite(xml, resource, request);
        }

        foreach (var (name, element) in resource.Stored.Values)
        {
            if (PropertyTable.Find(name) is null) WriteStored(xml, element);
        }

        if (requested.CalendarData is not null && bytes is { } shown) CalendarDataWriter.Write(xml, requested.CalendarData, shown);
        xml.Raw("</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"u8);
        if (requested.Names.Count > 0 && !request.ReturnMinimal) WriteAbsentIncludes(request, output, resource, requested);
    }

    // what include names is asked for as in a list: a name that is not there has a status (RFC 4918 §9.1)
    private static void WriteAbsentIncludes(DavRequest request, MultistatusWriter output, DavResource resource, RequestedProperties requested)
    {
        var xml = output.Xml;
        var start = xml.Length;
        var absent = 0;
        xml.Raw("<D:propstat><D:prop>"u8);
        for (var i = 0; i < requested.Columns.Length; i++)
        {
            var before = xml.Length;
            var exists = TryWrite(request, output, resource, requested, i);
            xml.Rewind(before);
            if (exists) continue;
            xml.Empty(requested.Names[i]);
            absent++;
        }

        if (absent == 0 || !output.MayNameAbsent(requested.NameBytes)) xml.Rewind(start);
        else xml.Raw("</D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>"u8);
    }

    private static bool Includes(RequestedProperties requested, LiveProperty row) => Array.IndexOf(requested.Columns, row) >= 0;

    private static void WriteNames(DavRequest request, MultistatusWriter output, DavResource resource)
    {
        var xml = output.Xml;
        xml.Raw("<D:propstat><D:prop>"u8);
        foreach (var row in PropertyTable.Rows)
        {
            var start = xml.Length;
            var exists = row.TryWrite(xml, resource, request);
            xml.Rewind(start);
            if (exists) xml.Empty(row.Name);
        }

        foreach (var name in resource.Stored.Values.Keys)
        {
            if (PropertyTable.Find(name) is null) xml.Empty(name);
        }

        xml.Raw("</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>"u8);
    }

    private static bool LacksBytes(DavResource resource, RequestedProperties requested)
    {
        if (resource is not CalendarObjectResource { IsShownAsStored: false }) return false;
        if (requested.Mode != RequestedMode.Prop) return true;
        foreach (var column in requested.Columns)
        {
            if (column is { NeedsBytes: true }) return true;
        }

        return false;
    }

    private static bool LacksFacts(DavRequest request, DavResource resource, RequestedProperties requested)
    {
        if ((resource.Kind & ResourceKinds.Owned) == 0 || (request.UsedBytes is not null && request.HxAccess is not null && request.HasPracticeZone)) return false;
        // whether a calendar has a time zone at all
        if (requested.Mode == RequestedMode.PropName && !request.HasPracticeZone) return true;
        foreach (var column in requested.Columns)
        {
            if (column is { NeedsUsage: true } && request.UsedBytes is null) return true;
            if (column is { NeedsHxAccess: true } && request.HxAccess is null) return true;
            if (column is { NeedsPracticeZone: true } && !request.HasPracticeZone) return true;
        }

        return false;
    }

    // getcontentlength of a representation that is made when it is asked for; calendar-data stays absent
    private static async ValueTask WriteWithBytesAsync(
        DavRequest request, MultistatusWriter output, CalendarObjectResource resource, RequestedProperties requested)
    {
        // an object that is damaged has no length, and fails no listing
        ReadOnlyMemory<byte>? shown = null;
        try
        {
            if (await request.Snapshot.FindObjectAsync(resource.Row.CollectionId, resource.Row.Name) is { } stored) shown = HxCalendar.Represent(stored, request.Caller.Level);
        }
        catch (CorruptObjectException)
        {
            StoreLog.Damaged(request.Log, request.Http.Request.Method, resource.Row.CollectionId);
        }

        Write(request, output, resource, requested with { CalendarData = null }, shown);
    }

    private static async ValueTask WriteWithPropertiesAsync(
        DavRequest request, MultistatusWriter output, DavResource resource, RequestedProperties requested, ReadOnlyMemory<byte>? bytes)
    {
        await resource.ReadPropertiesAsync(request.Snapshot, request.Caller.Level, requested.Stored);
        await WriteResponseAsync(request, output, resource, requested, bytes);
    }

    private static async ValueTask WriteWithFactsAsync(
        DavRequest request, MultistatusWriter output, DavResource resource, RequestedProperties requested, ReadOnlyMemory<byte>? bytes)
    {
        await request.ReadFactsAsync();
        await WriteResponseAsync(request, output, resource, requested, bytes);
    }
}
