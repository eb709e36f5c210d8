using System.Collections.Frozen;
using Calendaring.Store;

namespace CalDavServer.Dav.Reports;

/// <summary>All reports, by the root element of their request.</summary>
internal static class ReportTable
{
    /// <summary>The rows, as supported-report-set lists them.</summary>
    public static IReadOnlyList<IReport> Rows { get; } =
    [
        new CalendarQueryReport(),
        new CalendarMultigetReport(),
        new FreeBusyQueryReport(),
        new SyncCollectionReport(),
        new ExpandPropertyReport(),
        new PrincipalPropertySearchReport(),
        new PrincipalSearchPropertySetReport(),
        new PrincipalMatchReport(),
        new AclPrincipalPropSetReport(),
    ];

    private static readonly FrozenDictionary<PropertyName, IReport> ByName = Rows.ToFrozenDictionary(report => report.Name);

    /// <summary>The report of a name, or null.</summary>
    public static IReport? Find(PropertyName name) => ByName.GetValueOrDefault(name);
}
