using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;

namespace CalDavServer.Dav.Reports;

/// <summary>
/// The DAV:response of the objects of a calendar when nothing is asked that differs between them but the ETag: the writer of all responses makes it once, and the answer of a listing of ten
/// thousand is copied from it.
/// </summary>
internal sealed class ObjectTemplate
{
    /// <summary>Stands where the ETag will be: no XML has this byte.</summary>
    private const char Hole = '\u0001';

    private readonly byte[] _beforeName;
    private readonly byte[] _beforeETag;
    private readonly byte[] _end;

    /// <summary>The template of what is asked for, by one object of the calendar.</summary>
    public ObjectTemplate(DavRequest request, CalendarObjectResource sample, RequestedProperties requested)
    {
        using var output = new MultistatusWriter(request);
        PropertyWriter.Write(request, output, sample with { ETag = Hole.ToString() }, requested, null);
        var response = output.Xml.Written.Span;
        var name = response.IndexOf(sample.Calendar.MemberHrefStart) + sample.Calendar.MemberHrefStart.Length;
        var hole = response.IndexOf((byte)Hole);
        _beforeName = response[..name].ToArray();
        _beforeETag = response[(name + DavPath.Encode(sample.Row.Name).Length)..hole].ToArray();
        _end = response[(hole + 1)..].ToArray();
    }

    /// <summary>Whether objects without dead properties differ in nothing of what is asked for but the ETag.</summary>
    public static bool Fits(RequestedProperties requested) =>
        requested is { Mode: RequestedMode.Prop, CalendarData: null }
        && requested.Columns.Contains(ResourceProperties.GetETag)
        && Array.TrueForAll(requested.Columns, static column => column == ResourceProperties.GetETag || column is null or { SameOnObjects: true } || !column.IsOnObjects);

    /// <summary>Writes the response of an object that has no dead properties.</summary>
    public void Write(XmlUtf8Writer xml, string name, string etag)
    {
        xml.Raw(_beforeName);
        xml.Raw(DavPath.Encode(name));
        xml.Raw(_beforeETag);
        xml.Raw(etag);
        xml.Raw(_end);
    }
}
