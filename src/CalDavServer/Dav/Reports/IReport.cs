using System.Xml.Linq;
using CalDavServer.Dav.Resources;
using Calendaring.Store;

namespace CalDavServer.Dav.Reports;

/// <summary>A report (RFC 3253 §3.6): one class, one row of the report table.</summary>
internal interface IReport
{
    /// <summary>The root element of its request.</summary>
    PropertyName Name { get; }

    /// <summary>Whether the resource offers it: what supported-report-set says, and 403 supported-report otherwise.</summary>
    bool AppliesTo(DavResource resource);

    /// <summary>Answers the report, or says why it is refused: then nothing has been written.</summary>
    ValueTask<DavError?> InvokeAsync(DavRequest request, DavResource resource, XElement body, Depth depth);
}
