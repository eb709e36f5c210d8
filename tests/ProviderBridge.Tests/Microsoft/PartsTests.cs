using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using FsCheck.Fluent;
using NodaTime;
using ProviderBridge.Microsoft;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Mapping;

namespace ProviderBridge.Tests.Microsoft;

/// <summary>What Microsoft has no pattern for is there in parts: single events with the same times and the same words.</summary>
public sealed class A_series_without_a_pattern
{
    private static readonly DateTimeZone Melbourne = DateTimeZoneProviders.Tzdb["Australia/Melbourne"];
    private static readonly Instant Now = Instant.FromUtc(2026, 6, 10, 0, 0);

    private static readonly string[] Rules =
    [
        "FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=30;COUNT=20", "FREQ=MONTHLY;BYMONTHDAY=-2", "FREQ=MONTHLY;BYDAY=2MO,4MO;COUNT=40", "FREQ=MONTHLY;BYDAY=5MO", "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1,-1",
        "FREQ=YEARLY;BYMONTH=3,9", "FREQ=YEARLY;BYWEEKNO=10,40;BYDAY=TU", "FREQ=YEARLY;BYYEARDAY=100,-1", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2", "FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU", "FREQ=DAILY;BYMONTH=6;UNTIL=20270620T000000Z",
        "FREQ=DAILY;BYHOUR=9,15;COUNT=60", "FREQ=DAILY;COUNT=2000", "FREQ=HOURLY;INTERVAL=7;COUNT=90",
    ];

    [Fact]
    public void Has_events_at_the_same_times_with_the_same_words_and_comes_back_as_it_was()
    {
        var seen = 0;
        var calendar = new MicrosoftCalendar(null!, "", new("", ""), Melbourne, null!, SystemClock.Instance);
        foreach (var seed in Gen.Choose(0, 9_999_999).Sample(200, 1))
        {
            var content = Appointments.Make(new Random(seed), Rules);
            if (GraphParts.Of(content, Melbourne) is not { } parts) continue;
            List<string> before = [.. Appointments.View(content).Select(line => line.EndsWith(" True True", StringComparison.Ordinal) ? line[..^4] + "False" : line)];
            var back = calendar.Render(content);
            var after = Appointments.View(back);
            Assert.True(before.SequenceEqual(after), $"seed {seed}\n{Appointments.Text(content)}\n{Appointments.Text(back)}\n{string.Join('\n', before.Except(after))}\n--\n{string.Join('\n', after.Except(before))}");
            Assert.Equal(Appointments.Text(back), Appointments.Text(calendar.Render(back)));

            var due = parts.Due(Now, 400);
            var events = due.Select(key => GraphReader.Read(GraphSeries.Single(parts.At(key)), "a", Melbourne)!).SelectMany(Appointments.View).Order(StringComparer.Ordinal).ToList();
            Assert.True(events.SequenceEqual(Expected(content)), $"seed {seed}\n{Appointments.Text(content)}\n{string.Join('\n', events.Except(Expected(content)))}\n--\n{string.Join('\n', Expected(content).Except(events))}");
            Assert.Equal(due.Order(), parts.Occurring(due.Append("20200101").Append("20200101T000000").Append("nonsense")).Order());
            seen++;
        }

        Assert.True(seen > 100, $"{seen}");
    }

    /// <summary>What was removed is taken out, what was moved is an override, and the rule is as it was.</summary>
    [Fact]
    public void Takes_from_its_parts_single_occurrences_only()
    {
        var content = Appointments.Parse("DTSTART;TZID=Australia/Melbourne:20260601T090000\r\nDURATION:PT1H\r\nSUMMARY:One\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=6\r\n");
        var parts = GraphParts.Of(content, Melbourne)!;
        var moved = GraphParts.Of(Appointments.Parse("DTSTART;TZID=Australia/Melbourne:20260616T110000\r\nDURATION:PT1H\r\nSUMMARY:Other\r\nRDATE:20260701T000000Z\r\n"), Melbourne)!.At("20260616T110000");
        var read = parts.Compose("a", new Dictionary<string, global::Microsoft.Graph.Models.Event> { ["20260601T090000"] = parts.At("20260601T090000"), ["20260615T090000"] = moved }, new HashSet<string> { "20260701T090000" });
        var events = read.Calendar.Components.Where(one => one.Name == "VEVENT").ToList();
        Assert.Equal(2, events.Count);
        Assert.Equal(("FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=6", "20260701T090000"), (events[0].Find("RRULE")!.RawValue, events[0].Find("EXDATE")!.RawValue));
        Assert.Equal(("20260615T090000", "20260616T110000", "Other"), (events[1].Find("RECURRENCE-ID")!.RawValue, events[1].Find("DTSTART")!.RawValue, events[1].Find("SUMMARY")!.RawValue));
    }

    [Theory]
    [InlineData("FREQ=WEEKLY")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=-1")]
    public void Is_none_that_has_one(string rule) => Assert.Null(GraphParts.Of(Appointments.Parse($"DTSTART;TZID=Australia/Melbourne:20260331T090000\r\nDURATION:PT1H\r\nSUMMARY:One\r\nRRULE:{rule}\r\n"), Melbourne));

    /// <summary>Several rules are not told apart from one, and a range of occurrences is not in any part.</summary>
    [Theory]
    [InlineData("RRULE:FREQ=WEEKLY\r\nRRULE:FREQ=MONTHLY\r\n")]
    [InlineData("RRULE:FREQ=WEEKLY\r\nEXRULE:FREQ=MONTHLY\r\n")]
    [InlineData("RDATE;VALUE=PERIOD:20260401T000000Z/PT1H\r\n")]
    [InlineData("RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15\r\n", "BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Australia/Melbourne:20260415T090000\r\nDTSTART;TZID=Australia/Melbourne:20260415T100000\r\nEND:VEVENT\r\n")]
    public void Is_refused_where_parts_could_not_say_it(string lines, string after = "")
    {
        var content = Appointments.Parse($"DTSTART;TZID=Australia/Melbourne:20260331T090000\r\nDURATION:PT1H\r\nSUMMARY:One\r\n{lines}", after: after);
        Assert.Equal(OutsideFault.Rejected, Assert.Throws<OutsideException>(() => GraphParts.Of(content, Melbourne)).Fault);
    }

    /// <summary>Four hundred would be over within days, and nobody makes more of them before the next whole listing.</summary>
    [Theory]
    [InlineData("FREQ=MINUTELY", false)]
    [InlineData("FREQ=HOURLY", false)]
    [InlineData("FREQ=HOURLY;COUNT=200", true)]
    [InlineData("FREQ=HOURLY;INTERVAL=2", true)]
    public void Is_refused_where_it_has_too_many(string rule, bool isThere)
    {
        var parts = GraphParts.Of(Appointments.Parse($"DTSTART;TZID=Australia/Melbourne:20260610T120000\r\nDURATION:PT10M\r\nSUMMARY:One\r\nRRULE:{rule}\r\n"), Melbourne)!;
        if (isThere) Assert.Equal(rule.EndsWith("200", StringComparison.Ordinal) ? 200 : 400, parts.Due(Now, 400).Count);
        else Assert.Equal(OutsideFault.Rejected, Assert.Throws<OutsideException>(() => parts.Due(Now, 400)).Fault);
    }

    private static List<string> Expected(CalendarObject content)
    {
        var bare = content.Clone();
        var zones = new ZoneResolver(bare.Calendar, Melbourne);
        var places = content.Clone();
        foreach (var single in places.Calendar.Components.Where(one => one.Find("RECURRENCE-ID") is not null).ToList()) places.Calendar.Remove(single);
        var due = RecurrenceSet.Of(places, zones).Between(Now - Duration.FromDays(31), Now + Duration.FromDays(548), new ExpansionBudget(ExpansionBudget.DefaultSteps)).Where(one => one.Start >= Now - Duration.FromDays(31)).Take(400).Select(one => one.Start).ToHashSet();
        var all = RecurrenceSet.Of(content, zones).Between(Instant.FromUtc(2025, 1, 1, 0, 0), Instant.FromUtc(2030, 1, 1, 0, 0), new ExpansionBudget(ExpansionBudget.DefaultSteps));
        return [.. all.Where(one => due.Contains(zones.ToInstant(one.RecurrenceId ?? one.StartTime))).Select(Tell).Order(StringComparer.Ordinal)];
    }

    private static string Tell(Occurrence one)
    {
        string Of(string name) => one.Component.Find(name)?.Text ?? "";
        var isFree = Of("TRANSP") == "TRANSPARENT";
        return $"{one.Start} {one.End} {one.StartTime.IsDate} {Of("SUMMARY")} {Of("DESCRIPTION")} {Of("LOCATION")} {isFree} {Of("STATUS") == "TENTATIVE" && !isFree}";
    }
}
