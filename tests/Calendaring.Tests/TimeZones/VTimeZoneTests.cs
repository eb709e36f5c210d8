using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;
using Xunit;
using static Calendaring.Tests.Recurrence.Sets;

namespace Calendaring.Tests.TimeZones;

public class VTimeZoneTests
{
    private static DateTimeZone? Zone(string component) => VTimeZone.Of(Calendar(component).Calendar.Components[0]);

    [Theory]
    [InlineData(VTimeZones.OutlookSydney, "Australia/Sydney", 2009)]
    [InlineData(VTimeZones.ExchangeBerlin, "Europe/Berlin", 1997)]
    [InlineData(VTimeZones.AppleNewYork, "America/New_York", 1988)]
    [InlineData(VTimeZones.EvolutionSydney, "Australia/Sydney", 2009)]
    [InlineData(VTimeZones.LotusBerlin, "Europe/Berlin", 1997)]
    [InlineData(VTimeZones.ZimbraNewYork, "America/New_York", 2008)]
    public void The_component_of_a_program_has_the_offsets_of_the_iana_rules(string component, string id, int from)
    {
        var zone = Zone(component)!;
        var expected = DateTimeZoneProviders.Tzdb[id];
        var end = Instant.FromUtc(2200, 1, 1, 0, 0);
        foreach (var interval in expected.GetZoneIntervals(Instant.FromUtc(from, 1, 1, 0, 0), end))
        {
            if (!interval.HasStart || interval.Start < Instant.FromUtc(from, 1, 1, 0, 0)) continue;
            Assert.Equal(interval.WallOffset, zone.GetUtcOffset(interval.Start));
            Assert.Equal(interval.WallOffset, zone.GetUtcOffset(interval.End - Duration.Epsilon));
            if (interval.End > end) break;
            Assert.Equal(interval.Start, zone.GetZoneInterval(interval.Start).Start);
            Assert.Equal(interval.End, zone.GetZoneInterval(interval.Start).End);
        }
    }

    [Fact]
    public void Before_the_first_onset_the_offset_is_the_one_it_changes_from()
    {
        var zone = Zone(VTimeZones.EvolutionSydney)!;
        Assert.Equal(Offset.FromHours(11), zone.GetUtcOffset(Instant.FromUtc(1990, 6, 1, 0, 0)));
        Assert.Equal(Offset.FromHours(11), zone.GetUtcOffset(Instant.MinValue));
    }

    [Fact]
    public void Onsets_given_as_rdates_are_taken()
    {
        var zone = Zone("""
            BEGIN:VTIMEZONE
            TZID:Rdates
            BEGIN:STANDARD
            DTSTART:20200405T030000
            RDATE:20210404T030000,20220403T030000
            TZOFFSETFROM:+1100
            TZOFFSETTO:+1000
            END:STANDARD
            BEGIN:DAYLIGHT
            DTSTART:20201004T020000
            RDATE:20211003T020000
            TZOFFSETFROM:+1000
            TZOFFSETTO:+1100
            END:DAYLIGHT
            END:VTIMEZONE
            """)!;
        var sydney = DateTimeZoneProviders.Tzdb["Australia/Sydney"];
        for (var day = Instant.FromUtc(2020, 1, 1, 0, 0); day < Instant.FromUtc(2022, 9, 1, 0, 0); day += Duration.FromDays(1))
            Assert.Equal(sydney.GetUtcOffset(day), zone.GetUtcOffset(day));
        // after the last date nothing changes any more
        Assert.Equal(Offset.FromHours(10), zone.GetUtcOffset(Instant.FromUtc(2500, 1, 1, 0, 0)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("BEGIN:STANDARD\nDTSTART:20200101T000000\nEND:STANDARD")]
    [InlineData("BEGIN:STANDARD\nDTSTART:20200101T000000\nTZOFFSETTO:+9900\nEND:STANDARD")]
    [InlineData("BEGIN:OTHER\nDTSTART:20200101T000000\nTZOFFSETTO:+0900\nEND:OTHER")]
    public void A_component_without_a_readable_observance_is_no_zone(string inner) => Assert.Null(Zone($"BEGIN:VTIMEZONE\nTZID:x\n{inner}\nEND:VTIMEZONE"));

    [Theory]
    [InlineData("TZOFFSETTO:+0900")]
    [InlineData("DTSTART:nonsense\nTZOFFSETTO:+0900")]
    [InlineData("DTSTART:20200101T000000\nRRULE:FREQ=NONSENSE\nTZOFFSETTO:+0900")]
    public void A_broken_observance_gives_a_fixed_offset(string lines)
    {
        var zone = Zone($"BEGIN:VTIMEZONE\nTZID:x\nBEGIN:STANDARD\n{lines}\nEND:STANDARD\nEND:VTIMEZONE")!;
        Assert.Equal(Offset.FromHours(9), zone.GetUtcOffset(Instant.FromUtc(2026, 1, 1, 0, 0)));
        Assert.Equal(Offset.FromHours(9), zone.GetUtcOffset(Instant.FromUtc(1700, 1, 1, 0, 0)));
    }

    [Theory]
    [InlineData("FREQ=SECONDLY")]
    [InlineData("FREQ=MINUTELY;INTERVAL=7")]
    [InlineData("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")]
    [InlineData("FREQ=DAILY;BYHOUR=0,1,2,3,4,5")]
    public void A_hostile_component_costs_little_and_maps_every_local_time(string rule)
    {
        var zone = Zone($"""
            BEGIN:VTIMEZONE
            TZID:{rule}
            BEGIN:STANDARD
            DTSTART:00010101T000000
            RRULE:{rule}
            TZOFFSETFROM:-1800
            TZOFFSETTO:+1800
            END:STANDARD
            BEGIN:DAYLIGHT
            DTSTART:00010101T000500
            RRULE:{rule}
            TZOFFSETFROM:+1800
            TZOFFSETTO:-1800
            END:DAYLIGHT
            END:VTIMEZONE
            """)!;
        var clock = new LocalClock(zone);
        var started = ThreadClock.Milliseconds;
        for (var year = 1; year <= 9999; year += 37)
        {
            var instant = clock.ToInstant(Calendaring.Recurrence.CivilDay.OfYear(year) * 86_400L);
            Assert.InRange(clock.ToLocal(instant) - instant, -18 * 3600, 18 * 3600);
        }
        var taken = ThreadClock.Milliseconds - started;
        Assert.True(taken < 2000, $"{taken} ms");
    }

    [Fact]
    public void A_known_name_goes_before_the_component_and_an_unknown_one_takes_it()
    {
        var wrong = VTimeZones.ExchangeBerlin.Replace("TZID:Custom Europe", "TZID:Australia/Sydney");
        var calendar = Calendar(wrong, VTimeZones.OutlookSydney, VTimeZones.ExchangeBerlin).Calendar;
        var resolver = new ZoneResolver(calendar, DateTimeZone.Utc);
        CalendarTime In(string id) => new(new LocalDateTime(2026, 1, 5, 9, 0), CalendarTimeKind.Zoned, id);
        Assert.Equal(At("20260104T220000Z"), resolver.ToInstant(In("Australia/Sydney")));
        Assert.Equal(At("20260104T220000Z"), resolver.ToInstant(In("Customized Time Zone")));
        Assert.Equal(At("20260105T080000Z"), resolver.ToInstant(In("Custom Europe")));
        Assert.Equal(At("20260105T090000Z"), resolver.ToInstant(In("No such zone")));
        Assert.Equal(At("20260105T070000Z"), resolver.ToInstant(In("GMT+2")));
    }

    [Fact]
    public void Utc_floating_and_days_need_no_name()
    {
        var sydney = DateTimeZoneProviders.Tzdb["Australia/Sydney"];
        var resolver = new ZoneResolver(null, sydney);
        var local = new LocalDateTime(2026, 1, 5, 0, 0);
        Assert.Equal(DateTimeZone.Utc, resolver.ZoneOf(new(local, CalendarTimeKind.Utc)));
        Assert.Equal(sydney, resolver.ZoneOf(new(local, CalendarTimeKind.Floating)));
        Assert.Equal(sydney, resolver.ZoneOf(CalendarTime.OfDate(local.Date)));
        Assert.Equal(At("20260104T130000Z"), resolver.ToInstant(CalendarTime.OfDate(local.Date)));
    }

    [Fact]
    public void A_gap_takes_the_offset_before_it_and_an_overlap_the_first()
    {
        var resolver = new ZoneResolver(null, DateTimeZoneProviders.Tzdb["Australia/Sydney"]);
        Assert.Equal(At("20261003T163000Z"), resolver.ToInstant(new(new(2026, 10, 4, 2, 30), CalendarTimeKind.Floating)));
        Assert.Equal(At("20260404T153000Z"), resolver.ToInstant(new(new(2026, 4, 5, 2, 30), CalendarTimeKind.Floating)));
    }

    [Fact]
    public void A_clock_agrees_with_every_iana_zone_around_its_changes()
    {
        foreach (var id in DateTimeZoneProviders.Tzdb.Ids)
        {
            var zone = DateTimeZoneProviders.Tzdb[id];
            var clock = new LocalClock(zone);
            foreach (var interval in zone.GetZoneIntervals(Instant.FromUtc(2005, 1, 1, 0, 0), Instant.FromUtc(2030, 1, 1, 0, 0)))
            {
                if (!interval.HasEnd) continue;
                for (var minutes = -27 * 60; minutes <= 27 * 60; minutes += 270)
                {
                    var instant = interval.End + Duration.FromMinutes(minutes);
                    var local = instant.InZone(zone).LocalDateTime;
                    var seconds = instant.ToUnixTimeSeconds();
                    Assert.Equal(Calendaring.Recurrence.CivilDay.SecondsOf(local), clock.ToLocal(seconds));
                    var expected = zone.MapLocal(local).EarlyInterval.WallOffset;
                    Assert.Equal((local.WithOffset(expected)).ToInstant().ToUnixTimeSeconds(), clock.ToInstant(Calendaring.Recurrence.CivilDay.SecondsOf(local)));
                }
            }
        }
    }
}
