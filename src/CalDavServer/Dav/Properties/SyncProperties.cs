using CalDavServer.Dav.Reports;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Properties;

/// <summary>What tells a client that something changed, and which reports it may ask for: RFC 6578 §4, RFC 3253 §3.1.5, getctag.</summary>
internal static class SyncProperties
{
    public static IReadOnlyList<LiveProperty> Rows { get; } =
    [
        new(D("sync-token"), ResourceKinds.Calendar | ResourceKinds.Home, Token),
        new(CS("getctag"), ResourceKinds.Calendar | ResourceKinds.Home, Token),
        new(D("supported-report-set"), ResourceKinds.Any, SupportedReportSet),
    ];

    // one text for both: each is only compared
    private static bool Token(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        var level = request.Caller.Level;
        if (resource is CalendarResource calendar)
        {
            request.Lag.Told(calendar.Collection);
            xml.Text(SyncToken.Of(calendar.Collection, level));
        }
        else
        {
            xml.Text(SyncToken.Of(((HomeResource)resource).State, level));
        }

        return true;
    }

    private static bool SupportedReportSet(XmlUtf8Writer xml, DavResource resource, DavRequest request)
    {
        foreach (var report in ReportTable.Rows)
        {
            if (!report.AppliesTo(resource)) continue;
            xml.Raw("<D:supported-report><D:report>"u8);
            xml.Empty(report.Name);
            xml.Raw("</D:report></D:supported-report>"u8);
        }

        return true;
    }
}
