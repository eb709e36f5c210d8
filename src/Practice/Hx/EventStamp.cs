using System.Globalization;
using Calendaring.ICalendar;
using NodaTime;

namespace Practice.Hx;

/// <summary>Marks events as changed here: DTSTAMP and LAST-MODIFIED are set, SEQUENCE goes up (RFC 5545 §3.8.7.4).</summary>
internal static class EventStamp
{
    public static void Put(Series series, Instant at, int atLeast = 0)
    {
        foreach (var component in series.Object.Events()) Put(component, at, atLeast);
    }

    public static void Put(Component component, Instant at, int atLeast = 0)
    {
        var time = CalendarTime.OfUtc(Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds()));
        var sequence = Math.Max(Sequence(component) + 1, atLeast);
        component.Set(ContentLine.CreateTime("DTSTAMP", time));
        component.Set(ContentLine.CreateTime("LAST-MODIFIED", time));
        component.Set(ContentLine.Create("SEQUENCE", sequence.ToString(CultureInfo.InvariantCulture)));
    }

    public static int Highest(Series series) => series.Object.Events().Max(Sequence);

    private static int Sequence(Component component) =>
        component.Find("SEQUENCE") is { } line && line.TryReadInteger(out var value) && value is >= 0 and < int.MaxValue - 1 ? value : 0;
}
