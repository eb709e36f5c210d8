using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using NodaTime;
using Xunit;
using static Calendaring.Tests.Recurrence.Sets;

namespace Calendaring.Tests.Recurrence;

public class RecurrenceSetTests
{
    private const string Weekly = "VEVENT|SUMMARY:m|DTSTART;TZID=Australia/Sydney:20260105T090000|DTEND;TZID=Australia/Sydney:20260105T100000|RRULE:FREQ=WEEKLY;COUNT=4";

    [Fact]
    public void A_single_event_is_one_occurrence_without_a_recurrence_id()
    {
        var set = Set("VEVENT|DTSTART:20260105T090000Z|DTEND:20260105T100000Z");
        Assert.False(set.Recurring);
        var occurrence = Assert.Single(set.First(10));
        Assert.Null(occurrence.RecurrenceId);
        Assert.Equal(new CalendarTime(new LocalDateTime(2026, 1, 5, 9, 0), CalendarTimeKind.Utc), occurrence.StartTime);
        Assert.Equal((At("20260105T090000Z"), At("20260105T100000Z")), set.Bounds(new(100)));
    }

    [Fact]
    public void A_weekly_series_keeps_its_local_time_across_the_change_of_offset()
    {
        var set = Set("VEVENT|DTSTART;TZID=Australia/Sydney:20260330T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=2");
        Assert.Equal("20260329T220000Z/20260329T230000Z 20260405T230000Z/20260406T000000Z", set.First(9).Spans());
    }

    [Fact]
    public void Recurrence_ids_have_the_form_of_dtstart()
    {
        Assert.Equal(new CalendarTime(new LocalDateTime(2026, 1, 12, 9, 0), CalendarTimeKind.Zoned, "Australia/Sydney"), Set(Weekly).First(2)[1].RecurrenceId);
        var daily = Set("VEVENT|DTSTART;VALUE=DATE:20260105|RRULE:FREQ=DAILY|RDATE:20260106T000000Z");
        Assert.Equal(CalendarTime.OfDate(new LocalDate(2026, 1, 6)), daily.First(2)[1].RecurrenceId);
        var utc = Set("VEVENT|DTSTART:20260105T090000Z|RDATE;TZID=Australia/Sydney:20260106T090000");
        Assert.Equal(CalendarTime.OfUtc(At("20260105T220000Z")), utc.First(2)[1].RecurrenceId);
    }

    [Theory]
    [InlineData("EXDATE;TZID=Australia/Sydney:20260112T090000")]
    [InlineData("EXDATE:20260111T220000Z")]
    [InlineData("EXDATE:20260112T090000")]
    [InlineData("EXDATE;VALUE=DATE:20260112")]
    [InlineData("EXDATE;TZID=Europe/Berlin:20260111T230000")]
    public void An_exdate_of_any_form_takes_its_occurrence_out_and_count_stays(string exdate) =>
        Assert.Equal("20260104T220000Z 20260118T220000Z 20260125T220000Z", Set(Weekly + "|" + exdate).First(9).Starts());

    [Theory]
    [InlineData("EXDATE;VALUE=DATE:20260106")]
    [InlineData("EXDATE:20260106T000000")]
    [InlineData("EXDATE:20260106T000000Z")]
    [InlineData("EXDATE:20260105T130000Z")]
    [InlineData("EXDATE;TZID=Australia/Sydney:20260106T000000")]
    public void An_exdate_of_any_form_takes_a_day_out_of_a_series_of_days(string exdate) =>
        Assert.Equal("20260104T130000Z/20260105T130000Z 20260106T130000Z/20260107T130000Z", Set("VEVENT|DTSTART;VALUE=DATE:20260105|RRULE:FREQ=DAILY;COUNT=3|" + exdate).First(9).Spans());

    [Fact]
    public void Rdates_are_added_in_order_once_each_with_their_own_length()
    {
        var set = Set(
            "VEVENT|DTSTART;TZID=Australia/Sydney:20260105T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=2"
            + "|RDATE;TZID=Australia/Sydney:20260108T090000,20260112T090000|RDATE;VALUE=DATE:20260106|RDATE;VALUE=PERIOD:20260107T000000Z/PT5H,20260109T000000Z/20260109T000500Z");
        Assert.Equal(
            "20260104T220000Z/20260104T230000Z 20260105T220000Z/20260105T230000Z 20260107T000000Z/20260107T050000Z 20260107T220000Z/20260107T230000Z "
            + "20260109T000000Z/20260109T000500Z 20260111T220000Z/20260111T230000Z",
            set.First(9).Spans());
    }

    [Fact]
    public void A_long_rdate_period_that_began_before_the_window_overlaps_it()
    {
        var set = Set("VEVENT|DTSTART:20260105T090000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY|RDATE;VALUE=PERIOD:20260101T000000Z/P30D");
        Assert.Equal("20260101T000000Z/20260131T000000Z", set.Between("20260129T000000Z", "20260130T000000Z").Spans());
    }

    [Fact]
    public void Several_rules_make_one_set()
    {
        var set = Set("VEVENT|DTSTART:20260105T090000Z|RRULE:FREQ=WEEKLY;COUNT=3|RRULE:FREQ=DAILY;COUNT=3|RRULE:FREQ=NONSENSE");
        Assert.Equal("20260105T090000Z 20260106T090000Z 20260107T090000Z 20260112T090000Z 20260119T090000Z", set.First(9).Starts());
    }

    [Fact]
    public void A_dtstart_that_does_not_fit_its_rule_is_the_first_and_counts() =>
        Assert.Equal("20260106T090000Z 20260112T090000Z 20260119T090000Z", Set("VEVENT|DTSTART:20260106T090000Z|RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3").First(9).Starts());

    [Fact]
    public void A_rule_that_cannot_be_read_leaves_dtstart() =>
        Assert.Equal("20260106T090000Z", Set("VEVENT|DTSTART:20260106T090000Z|RRULE:FREQ=WEEKLY;BYDAY=7XX").First(9).Starts());

    [Fact]
    public void An_until_before_dtstart_leaves_dtstart() =>
        Assert.Equal("20260106T090000Z", Set("VEVENT|DTSTART:20260106T090000Z|RRULE:FREQ=WEEKLY;UNTIL=20250101T000000Z").First(9).Starts());

    [Theory]
    [InlineData("RECURRENCE-ID;TZID=Australia/Sydney:20260112T090000")]
    [InlineData("RECURRENCE-ID:20260111T220000Z")]
    [InlineData("RECURRENCE-ID;TZID=Europe/Berlin:20260111T230000")]
    [InlineData("RECURRENCE-ID;VALUE=DATE:20260112")]
    [InlineData("RECURRENCE-ID:20260112T090000")]
    public void An_override_of_any_form_replaces_its_occurrence(string id)
    {
        var occurrences = Set(Weekly, $"VEVENT|SUMMARY:o|{id}|DTSTART:20260113T000000Z|DTEND:20260113T003000Z").First(9);
        Assert.Equal("20260104T220000Z/20260104T230000Z 20260113T000000Z/20260113T003000Z 20260118T220000Z/20260118T230000Z 20260125T220000Z/20260125T230000Z", occurrences.Spans());
        Assert.Equal("o", occurrences[1].Summary());
        Assert.Equal(new CalendarTime(new LocalDateTime(2026, 1, 12, 9, 0), CalendarTimeKind.Zoned, "Australia/Sydney"), occurrences[1].RecurrenceId);
        Assert.Equal(CalendarTime.OfUtc(At("20260113T000000Z")), occurrences[1].StartTime);
    }

    [Fact]
    public void An_override_moved_out_of_the_window_is_not_returned_and_one_moved_in_is()
    {
        var set = Set(Weekly, "VEVENT|RECURRENCE-ID:20260111T220000Z|DTSTART:20270111T220000Z|DTEND:20270111T230000Z");
        Assert.Empty(set.Between("20260111T000000Z", "20260113T000000Z"));
        Assert.Equal("20270111T220000Z", set.Between("20270101T000000Z", "20270201T000000Z").Starts());
        Assert.Equal((At("20260104T220000Z"), At("20270111T230000Z")), set.Bounds(new(1000)));
    }

    [Fact]
    public void Overrides_alone_are_occurrences()
    {
        var set = Set(
            "VEVENT|RECURRENCE-ID;TZID=Australia/Sydney:20260112T090000|DTSTART;TZID=Australia/Sydney:20260113T090000|DURATION:PT1H",
            "VEVENT|RECURRENCE-ID;TZID=Australia/Sydney:20260105T090000|DTSTART;TZID=Australia/Sydney:20260106T090000|DURATION:PT1H");
        Assert.Null(set.Master);
        Assert.True(set.Recurring);
        var occurrences = set.First(9);
        Assert.Equal("20260105T220000Z 20260112T220000Z", occurrences.Starts());
        Assert.Equal(new CalendarTime(new LocalDateTime(2026, 1, 5, 9, 0), CalendarTimeKind.Zoned, "Australia/Sydney"), occurrences[0].RecurrenceId);
    }

    [Fact]
    public void Of_two_overrides_for_one_occurrence_the_later_is_taken()
    {
        var set = Set(
            Weekly,
            "VEVENT|RECURRENCE-ID:20260111T220000Z|DTSTART:20260113T000000Z",
            "VEVENT|RECURRENCE-ID;TZID=Australia/Sydney:20260112T090000|DTSTART:20260114T000000Z");
        Assert.Equal("20260104T220000Z 20260114T000000Z 20260118T220000Z 20260125T220000Z", set.First(9).Starts());
    }

    [Fact]
    public void Components_of_another_uid_are_left_alone()
    {
        var calendar = Calendar("VEVENT|DTSTART:20260105T090000Z", "BEGIN:VEVENT\nUID:other\nDTSTART:20260106T090000Z\nEND:VEVENT");
        Assert.Single(RecurrenceSet.Of(calendar, new(calendar.Calendar, DateTimeZone.Utc)).First(9));
    }

    [Fact]
    public void An_override_without_dtstart_is_where_the_series_had_it() =>
        Assert.Equal("20260104T220000Z 20260111T220000Z 20260118T220000Z 20260125T220000Z", Set(Weekly, "VEVENT|RECURRENCE-ID:20260111T220000Z|SUMMARY:o").First(9).Starts());

    [Fact]
    public void This_and_future_moves_later_occurrences_until_the_next_such_override()
    {
        var set = Set(
            Weekly.Replace("COUNT=4", "COUNT=6"),
            "VEVENT|SUMMARY:a|RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Australia/Sydney:20260112T090000|DTSTART;TZID=Australia/Sydney:20260113T100000|DURATION:PT30M",
            "VEVENT|SUMMARY:b|RECURRENCE-ID;RANGE=THISANDFUTURE:20260125T220000Z|DTSTART;TZID=Australia/Sydney:20260126T080000|DURATION:PT15M",
            "VEVENT|SUMMARY:c|RECURRENCE-ID;TZID=Australia/Sydney:20260202T090000|DTSTART;TZID=Australia/Sydney:20260202T120000|DURATION:PT5M");
        var occurrences = set.First(20);
        Assert.Equal(
            "20260104T220000Z/20260104T230000Z 20260112T230000Z/20260112T233000Z 20260119T230000Z/20260119T233000Z 20260125T210000Z/20260125T211500Z "
            + "20260202T010000Z/20260202T010500Z 20260208T210000Z/20260208T211500Z",
            occurrences.Spans());
        Assert.Equal("m a a b c b", string.Join(' ', occurrences.Select(o => o.Summary())));
        Assert.Equal(new LocalDateTime(2026, 1, 19, 9, 0), occurrences[2].RecurrenceId!.Value.Local);
        Assert.Equal(new LocalDateTime(2026, 1, 20, 10, 0), occurrences[2].StartTime.Local);
    }

    [Fact]
    public void This_and_future_with_a_new_zone_keeps_the_local_time_of_that_zone()
    {
        var set = Set(
            "VEVENT|DTSTART;TZID=Europe/Berlin:20260302T090000|DURATION:PT1H|RRULE:FREQ=WEEKLY;COUNT=6",
            "VEVENT|RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260316T090000|DTSTART;TZID=Asia/Tokyo:20260316T180000|DURATION:PT1H");
        // Tokyo has no summer time: from 30 March on the series, at 9 in Berlin, is an hour earlier there, and is moved by the same difference
        Assert.Equal("20260302T080000Z 20260309T080000Z 20260316T090000Z 20260323T090000Z 20260330T080000Z 20260406T080000Z", set.First(9).Starts());
    }

    [Fact]
    public void This_and_future_that_moves_the_last_day_there_is_is_followed_to_the_end()
    {
        var set = Set(
            "VEVENT|DTSTART:20201231T233000Z|DURATION:PT1H|RRULE:FREQ=YEARLY",
            "VEVENT|RECURRENCE-ID;RANGE=THISANDFUTURE:20211231T233000Z|DTSTART:20220101T233000Z|DURATION:PT1H");
        Assert.True(set.First(10_000).Count > 7_900);
    }

    [Fact]
    public void This_and_future_found_in_a_far_window_of_an_endless_series()
    {
        var set = Set(
            "VEVENT|SUMMARY:m|DTSTART:20200106T090000Z|DURATION:PT1H|RRULE:FREQ=WEEKLY",
            "VEVENT|SUMMARY:a|RECURRENCE-ID;RANGE=THISANDFUTURE:20200113T090000Z|DTSTART:20200113T100000Z|DURATION:PT1H");
        var occurrence = Assert.Single(set.Between("20400101T000000Z", "20400108T000000Z"));
        Assert.Equal("20400102T100000Z", new[] { occurrence }.Starts());
        Assert.Equal("a", occurrence.Summary());
        Assert.Null(set.Bounds(new(1000)).End);
    }

    [Fact]
    public void Occurrences_moved_before_earlier_ones_come_in_order_of_start()
    {
        var set = Set(
            "VEVENT|DTSTART:20260105T090000Z|RRULE:FREQ=DAILY;COUNT=6",
            "VEVENT|RECURRENCE-ID;RANGE=THISANDFUTURE:20260108T090000Z|DTSTART:20260106T080000Z");
        Assert.Equal("20260105T090000Z 20260106T080000Z 20260106T090000Z 20260107T080000Z 20260107T090000Z 20260108T080000Z", set.First(9).Starts());
    }

    [Fact]
    public void An_end_given_as_dtend_lasts_exactly_and_a_duration_of_days_nominally()
    {
        const string start = "VEVENT|DTSTART;TZID=Australia/Sydney:20260328T120000|RRULE:FREQ=WEEKLY;COUNT=2|";
        // 4 April 12:00 to 5 April 12:00 is 25 hours
        Assert.Equal("20260328T010000Z/20260329T010000Z 20260404T010000Z/20260405T010000Z", Set(start + "DTEND;TZID=Australia/Sydney:20260329T120000").First(9).Spans());
        Assert.Equal("20260328T010000Z/20260329T010000Z 20260404T010000Z/20260405T020000Z", Set(start + "DURATION:P1D").First(9).Spans());
    }

    [Fact]
    public void A_day_is_the_day_of_the_floating_zone()
    {
        var set = Set("VEVENT|DTSTART;VALUE=DATE:20260404|DTEND;VALUE=DATE:20260406");
        Assert.Equal("20260403T130000Z/20260405T140000Z", set.First(9).Spans());
        Assert.Single(set.Between("20260405T130000Z", "20260405T133000Z"));
        Assert.Empty(set.Between("20260405T140000Z", "20260405T150000Z"));
    }

    [Fact]
    public void A_start_in_the_gap_takes_the_offset_before_it_and_one_that_occurs_twice_is_the_first()
    {
        // Sydney: 4 October 2026 02:00 → 03:00; 5 April 2026 03:00 → 02:00
        Assert.Equal("20261002T163000Z 20261003T163000Z 20261004T153000Z", Set("VEVENT|DTSTART;TZID=Australia/Sydney:20261003T023000|RRULE:FREQ=DAILY;COUNT=3").First(9).Starts());
        Assert.Equal("20260403T153000Z 20260404T153000Z 20260405T163000Z", Set("VEVENT|DTSTART;TZID=Australia/Sydney:20260404T023000|RRULE:FREQ=DAILY;COUNT=3").First(9).Starts());
    }

    [Fact]
    public void Times_moved_out_of_a_gap_come_in_order_and_once()
    {
        var set = Set("VEVENT|DTSTART;TZID=Australia/Sydney:20261004T013000|RRULE:FREQ=MINUTELY;INTERVAL=30;COUNT=6");
        // 01:30, 02:00 and 02:30 (in the gap: 03:00 and 03:30), 03:00 and 03:30 (the same again), 04:00
        Assert.Equal("20261003T153000Z 20261003T160000Z 20261003T163000Z 20261003T170000Z", set.First(9).Starts());
    }

    [Theory]
    [InlineData("VEVENT|DTSTART:20260105T090000Z", "20260105T090000Z", "20260105T090001Z", 1)]
    [InlineData("VEVENT|DTSTART:20260105T090000Z", "20260105T080000Z", "20260105T090000Z", 0)]
    [InlineData("VEVENT|DTSTART:20260105T090000Z|DTEND:20260105T100000Z", "20260105T100000Z", "20260105T110000Z", 0)]
    [InlineData("VEVENT|DTSTART:20260105T090000Z|DTEND:20260105T100000Z", "20260105T095959Z", "20260105T110000Z", 1)]
    [InlineData("VEVENT|DTSTART:20260105T090000Z|DTEND:20260105T080000Z", "20260105T083000Z", "20260105T090000Z", 0)]
    [InlineData("VTODO|DUE:20260105T090000Z", "20260105T080000Z", "20260105T090000Z", 1)]
    [InlineData("VTODO|DUE:20260105T090000Z", "20260105T090000Z", "20260105T100000Z", 0)]
    [InlineData("VTODO|DTSTART:20260105T090000Z", "20260105T090000Z", "20260105T100000Z", 1)]
    [InlineData("VTODO|DTSTART:20260105T090000Z|DURATION:PT1H", "20260105T100000Z", "20260105T110000Z", 1)]
    [InlineData("VTODO|DTSTART:20260105T090000Z|DUE:20260105T100000Z", "20260105T100000Z", "20260105T110000Z", 0)]
    [InlineData("VTODO|DTSTART:20260105T090000Z|DUE:20260105T100000Z", "20260105T093000Z", "20260105T110000Z", 1)]
    [InlineData("VJOURNAL|DTSTART;VALUE=DATE:20260105", "20260105T120000Z", "20260105T123000Z", 1)]
    [InlineData("VJOURNAL|DTSTART:20260105T090000Z", "20260105T120000Z", "20260105T123000Z", 0)]
    [InlineData("VTODO|SUMMARY:undated", "20260105T120000Z", "20260105T123000Z", 0)]
    [InlineData("VJOURNAL|SUMMARY:undated", "20260105T120000Z", "20260105T123000Z", 0)]
    public void The_overlap_is_that_of_rfc_4791_for_the_component(string component, string from, string until, int count) =>
        Assert.Equal(count, Set(DateTimeZone.Utc, component).Between(from, until).Count);

    [Fact]
    public void A_recurring_todo_with_due_alone_recurs_by_it()
    {
        var occurrences = Set("VTODO|DUE:20260105T090000Z|RRULE:FREQ=DAILY;COUNT=3").Between("20260106T000000Z", "20260108T000000Z");
        Assert.Equal("20260106T090000Z/20260106T090000Z 20260107T090000Z/20260107T090000Z", occurrences.Spans());
    }

    [Fact]
    public void Bounds_of_a_rule_with_until_do_not_walk_it()
    {
        var set = Set("VEVENT|DTSTART:19700105T090000Z|DURATION:PT1H|RRULE:FREQ=DAILY;UNTIL=20991231T235959Z");
        var budget = new ExpansionBudget(300);
        Assert.Equal((At("19700105T090000Z"), At("20991231T100000Z")), set.Bounds(budget));
        Assert.False(budget.Exhausted);
    }

    [Theory]
    [InlineData("FREQ=DAILY;COUNT=3;UNTIL=20270101T000000Z", 3)]
    [InlineData("FREQ=DAILY;UNTIL=20260106T220000Z;COUNT=30", 3)]
    [InlineData("FREQ=DAILY;UNTIL=20260107;COUNT=2147483647", 3)]
    [InlineData("FREQ=DAILY;UNTIL=20260106T220000Z;COUNT=3", 3)]
    [InlineData("FREQ=DAILY;UNTIL=20250101T000000Z;COUNT=3", 1)]
    public void Of_COUNT_and_UNTIL_together_the_shorter_counts(string rule, int occurrences)
    {
        var set = Set($"VEVENT|DTSTART;TZID=Australia/Sydney:20260105T090000|DURATION:PT1H|RRULE:{rule}");
        Assert.Equal(occurrences, set.Between("20250101T000000Z", "20300101T000000Z").Count);
        var last = At("20260104T230000Z") + Duration.FromDays(occurrences - 1);
        Assert.Equal((At("20260104T220000Z"), last), set.Bounds(new(2000)));
    }

    [Fact]
    public void Bounds_leave_out_what_exdates_take_away_and_are_null_for_an_empty_set()
    {
        var set = Set("VEVENT|DTSTART:20260105T090000Z|RRULE:FREQ=DAILY;COUNT=3|EXDATE:20260105T090000Z,20260107T090000Z");
        Assert.Equal((At("20260106T090000Z"), At("20260106T090000Z")), set.Bounds(new(1000)));
        Assert.Equal((null, null), Set("VEVENT|DTSTART:20260105T090000Z|EXDATE:20260105T090000Z").Bounds(new(1000)));
    }

    [Fact]
    public void Bounds_are_open_when_the_budget_does_not_reach_the_end()
    {
        var (start, end) = Set("VEVENT|DTSTART:20260105T090000Z|RRULE:FREQ=DAILY;COUNT=100000").Bounds(new(500));
        Assert.Equal(At("20260105T090000Z"), start);
        Assert.Null(end);
    }

    [Fact]
    public void An_endless_series_is_lazy_and_ends_with_the_calendar()
    {
        Assert.Equal(3, Set("VEVENT|DTSTART:20260105T090000Z|RRULE:FREQ=SECONDLY").First(3).Count);
        var late = Set("VEVENT|DTSTART;TZID=America/New_York:99991229T230000|DURATION:P2D|RRULE:FREQ=DAILY").First(9);
        Assert.Equal(2, late.Count); // the one of the last day starts after the end of the time line
        Assert.Equal(Instant.MaxValue.ToUnixTimeSeconds(), late[^1].End.ToUnixTimeSeconds());
    }

    [Theory]
    [InlineData("VEVENT|DTSTART:00010101T000000|RRULE:FREQ=YEARLY")]
    [InlineData("VEVENT|DTSTART;TZID=Pacific/Auckland:00010101T000000|RRULE:FREQ=WEEKLY;WKST=SU|DURATION:-P99999999D")]
    [InlineData("VEVENT|DTSTART;VALUE=DATE:99991231|RRULE:FREQ=DAILY|DURATION:P99999999W")]
    [InlineData("VEVENT|DTSTART;TZID=America/New_York:99991231T235959|RRULE:FREQ=SECONDLY|EXDATE;VALUE=DATE:99991231")]
    [InlineData("VTODO|DUE:99991231T235960Z|RRULE:FREQ=MONTHLY;INTERVAL=2147483647")]
    [InlineData("VEVENT|DTSTART:20260105T090000Z|RRULE:FREQ=YEARLY;INTERVAL=2147483647;COUNT=2147483647|DURATION:PT2147483647H")]
    [InlineData("VEVENT|DTSTART:20260105T090000Z|DTEND:20260105|RRULE:RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD;BYMONTHDAY=31;UNTIL=99991231")]
    public void The_ends_of_the_time_line_throw_nothing(string component)
    {
        foreach (var zone in new[] { DateTimeZone.Utc, Sydney, DateTimeZoneProviders.Tzdb["America/New_York"] })
        {
            var set = Set(zone, component);
            _ = set.Between(Instant.MinValue, Instant.MaxValue, new(1000)).Take(5000).Count();
            _ = set.Between(Instant.MaxValue, Instant.MaxValue, new(1000)).Take(5000).Count();
            _ = set.Between(Instant.MinValue, Instant.MinValue, new(1000)).Take(5000).Count();
            _ = set.Bounds(new(1000));
        }
    }
}
