using CalDavServer.Dav.Reports;
using Calendaring.Store;

namespace CalDavServer.Dav.Methods;

/// <summary>REPORT (RFC 3253 §3.6): the report is a row of the report table.</summary>
internal sealed class ReportMethod : IMethod
{
    public string Name => "REPORT";

    public async ValueTask<DavError?> InvokeAsync(DavRequest request)
    {
        var (root, error) = await request.ReadXmlAsync();
        if (error is not null) return error;
        if (root is null) return DavError.BadRequest("A REPORT says in its body which report it asks for.");
        var report = ReportTable.Find(new PropertyName(root.Name.NamespaceName, root.Name.LocalName));
        if (report is null || !report.AppliesTo(request.Resource!))
            return DavError.Forbidden(DavNames.D("supported-report"), "The report is not offered here; supported-report-set says which are.");
        request.Http.Features.Set(report);
        return await report.InvokeAsync(request, request.Resource!, root, request.Depth ?? Depth.Zero);
    }
}
