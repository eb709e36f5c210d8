using Calendaring.ICalendar;
using Calendaring.TimeZones;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.TimeZones;

public sealed class ZoneDefinitionTests
{
    private static readonly LocalDateTime From = new(2026, 3, 1, 9, 0);

    [Fact]
    public void Every_IANA_zone_read_back_from_its_definition_has_the_same_offsets_for_ten_years()
    {
        List<string> wrong = [];
        foreach (var id in DateTimeZoneProviders.Tzdb.Ids)
        {
            var zone = DateTimeZoneProviders.Tzdb[id];
            var calendar = new Component("VCALENDAR");
            var definition = ZoneDefinition.Of(zone, From);
            definition.Set(ContentLine.Create("TZID", "unknown-to-everybody"));
            calendar.Add(definition);
            var read = CalendarObject.Parse(new CalendarObject(calendar).ToBytes());
            var resolver = new ZoneResolver(read.Calendar, DateTimeZone.Utc);
            for (var day = 0; day < 3650; day += 5)
            {
                var local = From.PlusDays(day).PlusHours(day % 24);
                var expected = local.InZoneLeniently(zone).ToInstant();
                if (zone.MapLocal(local).Count != 1) continue;
                var actual = resolver.ToInstant(new CalendarTime(local, CalendarTimeKind.Zoned, "unknown-to-everybody"));
                if (actual == expected) continue;
                wrong.Add($"{id} at {local}: {actual - expected}");
                break;
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void A_zone_with_steady_rules_is_two_rules()
    {
        var definition = ZoneDefinition.Of(DateTimeZoneProviders.Tzdb["Australia/Melbourne"], From);
        Assert.Equal(["DAYLIGHT", "STANDARD"], definition.Components.Select(component => component.Name).Order());
        Assert.All(definition.Components, component => Assert.NotNull(component.Find("RRULE")));
    }

    [Fact]
    public void A_zone_without_DST_is_one_observance()
    {
        var observance = Assert.Single(ZoneDefinition.Of(DateTimeZoneProviders.Tzdb["Asia/Kolkata"], From).Components);
        Assert.Equal("+0530", observance.Find("TZOFFSETTO")?.RawValue);
    }
}
