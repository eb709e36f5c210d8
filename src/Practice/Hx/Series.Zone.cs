using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;

namespace Practice.Hx;

/// <summary>
/// A series in the zone that is its own. Clients write what they edit in the zone they are in, or in UTC: there it would be at another time of
/// day after the next change of the clocks.
/// </summary>
internal sealed partial class Series
{
    /// <summary>Whether this is written in another zone than a series with a zone of its own.</summary>
    public bool IsInOtherZoneThan(Series own) =>
        own.Start.Kind == CalendarTimeKind.Zoned
        && (Start.Kind == CalendarTimeKind.Utc || (Start.Kind == CalendarTimeKind.Zoned && Start.TimeZoneId != own.Start.TimeZoneId));

    /// <summary>Writes the series in the zone of another: it starts at the same moment, and goes on at that local time.</summary>
    public void WriteInZoneOf(Series own)
    {
        var before = Start;
        var start = own.Start with { Local = InstantOf(before).InZone(own.Zone).LocalDateTime };
        var by = Between(before, start);
        // an occurrence is where this series has it, or at the moment at which its own zone has it
        LocalDateTime There(LocalDateTime key) => key.TimeOfDay == before.Local.TimeOfDay ? key + by : InstantOf(key).InZone(own.Zone).LocalDateTime;
        var last = LastOfRule();
        var overrides = Overrides.Select(pair => (Key: There(pair.Key), Event: pair.Value)).ToList();
        var exclusions = Exclusions.Select(There).ToList();
        var dates = TakeDates().Select(date => (There(date.Key), date.Length)).ToList();
        var length = LengthOf(Master);
        TakeZone(own.Start.TimeZoneId!, own.Object.Calendar);
        SetTimes(Master, start, length);
        Forget();
        foreach (var (key, component) in overrides) component.Set(ContentLine.CreateTime("RECURRENCE-ID", TimeOf(key)));
        RewriteExclusions(_ => exclusions);
        AddDates(dates, key => key);
        if (ReadRule() is { } rule && !rule.Equals(own.ReadRule())) SetRule(InZoneOf(own, rule, before, last is { } end ? There(end) : null));
        Forget();
    }

    private RecurrenceRule InZoneOf(Series own, RecurrenceRule rule, CalendarTime before, LocalDateTime? last)
    {
        var turned = RuleTurn.Turn(rule, before.Local, Start.Local) ?? rule;
        return rule.Until is null || last is null || own.ReadRule()?.Until == rule.Until ? turned : turned with { Until = CalendarTime.OfUtc(InstantOf(last.Value)) };
    }

    /// <summary>The last occurrence that a rule with UNTIL gives.</summary>
    private LocalDateTime? LastOfRule()
    {
        return ReadRule() is { Until: not null } && RuleMeaning.Occurrences(this).Select(static key => (LocalDateTime?)key).LastOrDefault() is { } last ? last : null;
    }
}
