using System.Diagnostics.Metrics;

namespace Calendaring.ICalendar;

/// <summary>How often calendar objects are parsed and indexed in this process: what a request has parsed and indexed once it does not parse or index again.</summary>
public static class ReadingMetrics
{
    /// <summary>The meter's name. It is not that of the server's own metrics: these are for measurements and tests.</summary>
    public const string MeterName = "CalendarSync.Reading";

    private static readonly Meter Meter = new(MeterName);

    internal static Counter<long> Parsed { get; } = Meter.CreateCounter<long>("calendarsync.objects.parsed", "{object}", "Calendar objects that were parsed.");

    internal static Counter<long> Indexed { get; } = Meter.CreateCounter<long>("calendarsync.objects.indexed", "{object}", "Calendar objects whose index row was made.");
}
