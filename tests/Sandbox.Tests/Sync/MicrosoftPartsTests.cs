using System.Text.Json.Nodes;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;
using Sandbox.Tests.Fidelity;

namespace Sandbox.Tests.Sync;

/// <summary>A series for which Microsoft has no pattern is there as single events, which are one appointment all the same: what is done to one of them is an edit of that occurrence.</summary>
public sealed class A_series_in_parts_at_Microsoft : MicrosoftPartsTest
{
    private static readonly string[] Six =
    [
        "2026-03-03 10:00 to 2026-03-03 10:45 Visit", "2026-03-17 10:00 to 2026-03-17 10:45 Visit", "2026-04-03 10:00 to 2026-04-03 10:45 Visit",
        "2026-04-17 10:00 to 2026-04-17 10:45 Visit", "2026-05-03 10:00 to 2026-05-03 10:45 Visit", "2026-05-17 10:00 to 2026-05-17 10:45 Visit",
    ];

    /// <summary>The rows of docs/providers.md for which Microsoft has no pattern.</summary>
    [Theory]
    [InlineData("RRULE:FREQ=MONTHLY;BYMONTHDAY=1,3,15;COUNT=8")]
    [InlineData("RRULE:FREQ=MONTHLY;BYMONTHDAY=-2,3;COUNT=8")]
    [InlineData("RRULE:FREQ=MONTHLY;BYDAY=1TU,3TU;COUNT=8")]
    [InlineData("RRULE:FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1,-1;COUNT=8")]
    [InlineData("RRULE:FREQ=YEARLY;BYMONTH=3,5,9;BYMONTHDAY=3;UNTIL=20261231T000000Z")]
    [InlineData("RRULE:FREQ=YEARLY;BYWEEKNO=10,20,30;BYDAY=TU;UNTIL=20261231T000000Z")]
    [InlineData("RRULE:FREQ=YEARLY;BYYEARDAY=62,100,200;UNTIL=20261231T000000Z")]
    [InlineData("RRULE:FREQ=WEEKLY;BYDAY=TU,TH,FR;BYSETPOS=1,3;COUNT=9")]
    [InlineData("RRULE:FREQ=DAILY;INTERVAL=2;BYDAY=TU,TH;COUNT=5")]
    [InlineData("RRULE:FREQ=DAILY;BYHOUR=10,16;COUNT=6")]
    [InlineData("RRULE:FREQ=HOURLY;INTERVAL=5;COUNT=6")]
    [InlineData("RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4")]
    [InlineData("RRULE:FREQ=WEEKLY;COUNT=4", "RDATE;TZID=Australia/Melbourne:20260305T100000,20260701T150000")]
    [InlineData("RDATE;TZID=Australia/Melbourne:20260305T100000,20260309T100000")]
    [InlineData("RRULE:FREQ=MONTHLY;BYMONTHDAY=3,17;COUNT=6", "EXDATE;TZID=Australia/Melbourne:20260317T100000", "", "RECURRENCE-ID;TZID=Australia/Melbourne:20260503T100000", "DTSTART;TZID=Australia/Melbourne:20260520T150000", "DTEND;TZID=Australia/Melbourne:20260520T160000", "SUMMARY:Later")]
    public async Task Is_there_complete(params string[] rule)
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, [.. Times, .. rule]);
        await link.SettleAsync();
        Assert.True((await link.ThereAsync()).Count > 2);
        Assert.Empty((await link.LinkAsync()).Quarantined);
    }

    [Theory]
    [InlineData("DTSTART;TZID=Australia/Melbourne:20260331T100000", "DTEND;TZID=Australia/Melbourne:20260331T104500", "RRULE:FREQ=MONTHLY;COUNT=4")]
    [InlineData("DTSTART;TZID=Australia/Melbourne:20260330T100000", "DTEND;TZID=Australia/Melbourne:20260330T104500", "RRULE:FREQ=MONTHLY;BYDAY=5MO;COUNT=3")]
    [InlineData("DTSTART;VALUE=DATE:20260303", "DTEND;VALUE=DATE:20260305", "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,17;COUNT=6", "EXDATE;VALUE=DATE:20260417")]
    public async Task Is_there_on_the_same_days(params string[] lines)
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, lines);
        await link.SettleAsync();
        Assert.True((await link.ThereAsync()).Count > 2);
        await link.PersonAsync("expire-tokens");
        await link.SettleAsync();
        Assert.Empty((await link.LinkAsync()).Quarantined);
    }

    /// <summary>The times of the events themselves, whatever zone they are shown in.</summary>
    [Theory]
    [InlineData("DTSTART:20260303T100000Z", "DTEND:20260303T104500Z", "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,17;COUNT=6")]
    [InlineData("DTSTART;TZID=Antarctica/Troll:20260303T100000", "DTEND;TZID=Antarctica/Troll:20260303T104500", "RRULE:FREQ=WEEKLY;COUNT=10", "EXDATE;TZID=Antarctica/Troll:20260317T100000")]
    [InlineData("DTSTART;TZID=America/New_York:20261025T003000", "DURATION:PT2H", "RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=SU,MO;COUNT=4")]
    [InlineData("DTSTART;TZID=America/New_York:20261011T013000", "DURATION:PT1H", "RRULE:FREQ=MONTHLY;BYMONTHDAY=11,1;COUNT=8")]
    public async Task Is_there_at_the_same_moments_in_any_zone(params string[] lines)
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        Assert.Equal("as single events", await Comparison.AskAsync(link.Calendar, new Sample("one", lines), DateTimeZoneProviders.Tzdb["Australia/Melbourne"], TestContext.Current.CancellationToken));
        foreach (var one in await link.SeenAsync()) await link.PersonAsync("delete", new JsonObject { ["event"] = (string)one["id"]! });
        await link.DevicePutsAsync(Uid, lines);
        for (var n = 0; n < 3; n++) Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.PersonAsync("expire-tokens");
        link.Wire.Forget();
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.DoesNotContain(link.Wire.All, one => one.IsWrite);
        Assert.Empty((await link.LinkAsync()).Quarantined);
    }

    [Fact]
    public async Task Follows_what_the_practice_changes()
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, TwoDays);
        await link.SettleAsync();
        Assert.Equal(Six, await link.ThereAsync());

        // one is moved, one taken out: two writes
        link.Wire.Forget();
        await link.DevicePutsAsync(Uid, [.. TwoDays, $"EXDATE;{Zone}:20260417T100000", "", $"RECURRENCE-ID;{Zone}:20260317T100000", $"DTSTART;{Zone}:20260318T120000", $"DTEND;{Zone}:20260318T124500", "SUMMARY:Visit"]);
        await link.PassAsync();
        Assert.Equal(2, link.Wire.All.Count(one => one.IsWrite));
        await link.SettleAsync();
        Assert.Contains("2026-03-18 12:00 to 2026-03-18 12:45 Visit", await link.ThereAsync());
        Assert.Equal(5, (await link.ThereAsync()).Count);

        // what was taken out comes back, and what was moved
        await link.DevicePutsAsync(Uid, TwoDays);
        await link.SettleAsync();
        Assert.Equal(Six, await link.ThereAsync());

        // another rule, other times, other words
        await link.DevicePutsAsync(Uid, [.. Times, "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,20;COUNT=4"]);
        await link.SettleAsync();
        Assert.Equal(4, (await link.ThereAsync()).Count);
        await link.DevicePutsAsync(Uid, $"DTSTART;{Zone}:20260303T110000", $"DTEND;{Zone}:20260303T120000", "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,20;COUNT=4", "SUMMARY:Other");
        await link.SettleAsync();
        Assert.All(await link.ThereAsync(), one => Assert.Contains("11:00 to", one, StringComparison.Ordinal));

        // a pattern that Microsoft has, none, none at all, and back
        foreach (var rule in (string[])["FREQ=WEEKLY;COUNT=3", "FREQ=MONTHLY;BYMONTHDAY=3,17;COUNT=6", "", "FREQ=MONTHLY;BYMONTHDAY=3,17;COUNT=6"])
        {
            await link.DevicePutsAsync(Uid, rule.Length > 0 ? [.. Times, $"RRULE:{rule}"] : Times);
            await link.SettleAsync();
            Assert.Equal(rule switch { "" => 1, [.., '3'] => 3, _ => 6 }, (await link.ThereAsync()).Count);
        }

        await link.Diary.CancelAsync(new AppointmentTarget(Uid), CancelChoice.Delete, SeriesScope.All);
        await link.SettleAsync();
        Assert.Empty(await link.ThereAsync());
    }

    [Fact]
    public async Task Takes_what_the_person_does_to_one_date()
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, TwoDays);
        await link.SettleAsync();
        await link.PersonAsync("move", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-17 10:00"), ["start"] = "2026-03-19T15:00", ["end"] = "2026-03-19T15:30" });
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-04-03 10:00"), ["title"] = "Long visit" });
        await link.PersonAsync("delete", new JsonObject { ["event"] = await link.IdAtAsync("2026-05-03 10:00") });
        await link.SettleAsync();
        var master = (await link.ShownAsync())[Uid].Calendar.Components.Single(one => one.Name == "VEVENT" && one.Find("RECURRENCE-ID") is null);
        // of the rule the parts say nothing
        Assert.Equal("FREQ=MONTHLY;BYMONTHDAY=3,17;COUNT=6", master.Find("RRULE")!.RawValue);
        Assert.Equal("20260503T100000", master.Find("EXDATE")!.RawValue);
        Assert.Equal(2, (await link.ShownAsync())[Uid].Calendar.Components.Count(one => one.Find("RECURRENCE-ID") is not null));
        Assert.Equal(5, (await link.HereAsync()).Count);

        // the practice goes on with the whole, and what single dates have stays
        await link.Diary.EditAsync(new AppointmentTarget(Uid), new AppointmentEdit { Location = "Room 2" });
        await link.SettleAsync();
        Assert.Contains("2026-03-19 15:00 to 2026-03-19 15:30 Visit", await link.ThereAsync());
        Assert.Contains("2026-04-03 10:00 to 2026-04-03 10:45 Long visit", await link.ThereAsync());

        // moved back it is as the series says
        await link.PersonAsync("move", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-19 15:00"), ["start"] = "2026-03-17T10:00", ["end"] = "2026-03-17T10:45" });
        await link.SettleAsync();
        Assert.Contains(Six[1], await link.HereAsync());
    }

    [Fact]
    public async Task Takes_what_the_person_does_to_each_date_as_that()
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, TwoDays);
        await link.SettleAsync();
        foreach (var one in await link.SeenAsync()) await link.PersonAsync("edit", new JsonObject { ["event"] = (string)one["id"]!, ["title"] = "Yoga" });
        await link.SettleAsync();
        Assert.Equal(Six.Select(one => one.Replace("Visit", "Yoga", StringComparison.Ordinal)), await link.HereAsync());
        Assert.Equal("FREQ=MONTHLY;BYMONTHDAY=3,17;COUNT=6", (await link.ShownAsync())[Uid].Calendar.Components.First(one => one.Find("RRULE") is not null).Find("RRULE")!.RawValue);
    }

    [Fact]
    public async Task Is_removed_when_the_person_removes_all_of_it()
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, TwoDays);
        await link.Diary.AddPersonalAsync(new PersonalEntry("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1)));
        await link.SettleAsync();
        foreach (var one in (await link.SeenAsync()).Where(one => (string)one["title"]! == "Visit")) await link.PersonAsync("delete", new JsonObject { ["event"] = (string)one["id"]! });
        await link.SettleAsync();
        Assert.DoesNotContain(Uid, (await link.ShownAsync()).Keys);
        Assert.Single(await link.HereAsync());
    }

    /// <summary>Of a rare date only one is within the horizon: without it the series still goes on.</summary>
    [Fact]
    public async Task Goes_on_when_the_one_date_that_is_there_is_removed()
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, [.. Times, "RRULE:FREQ=YEARLY;INTERVAL=2;BYYEARDAY=62"]);
        for (var n = 0; n < 3; n++) Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.PersonAsync("delete", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-03 10:00") });
        for (var n = 0; n < 3; n++) Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal("20260303T100000", (await link.ShownAsync())[Uid].Calendar.Components.First(one => one.Find("RRULE") is not null).Find("EXDATE")!.RawValue);
        Assert.Empty(await link.ThereAsync());
    }

    [Fact]
    public async Task Is_not_removed_with_very_many_others_without_a_question()
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        for (var n = 0; n < 12; n++) await link.DevicePutsAsync($"{Uid}-{n}", [.. Times, "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,17;COUNT=2"]);
        await link.SettleAsync();
        foreach (var one in await link.SeenAsync()) await link.PersonAsync("delete", new JsonObject { ["event"] = (string)one["id"]! });
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        var held = await link.LinkAsync();
        Assert.Equal((LinkState.DeletesHeld, 12), (held.State, held.HeldDeletions));
        Assert.Equal(24, (await link.HereAsync()).Count);
    }

    [Fact]
    public async Task A_copy_of_one_date_is_an_appointment_of_its_own()
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, TwoDays);
        await link.SettleAsync();
        var copy = await link.PersonAsync("copy", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-17 10:00") });
        await link.PersonAsync("move", new JsonObject { ["event"] = (string)copy!["id"]!, ["start"] = "2026-03-18T10:00", ["end"] = "2026-03-18T10:45" });
        await link.SettleAsync();
        Assert.Equal(2, (await link.ShownAsync()).Count);
        Assert.Equal([.. Six.Append("2026-03-18 10:00 to 2026-03-18 10:45 Visit").Order(StringComparer.Ordinal)], await link.HereAsync());

        // it stays one when the date that it is of is taken out, whoever does that
        await link.DevicePutsAsync(Uid, [.. TwoDays, $"EXDATE;{Zone}:20260317T100000"]);
        await link.PersonAsync("expire-tokens");
        await link.SettleAsync();
        Assert.Equal([.. Six.Except([Six[1]]).Append("2026-03-18 10:00 to 2026-03-18 10:45 Visit").Order(StringComparer.Ordinal)], await link.ThereAsync());
        await link.DevicePutsAsync(Uid, TwoDays);
        await link.SettleAsync();
        Assert.Equal(7, (await link.ThereAsync()).Count);
        await link.PersonAsync("delete", new JsonObject { ["event"] = (string)copy["id"]! });
        await link.SettleAsync();
        Assert.Equal(Six, await link.ThereAsync());
    }

    /// <summary>Cut out and put in elsewhere, it is the same.</summary>
    [Fact]
    public async Task A_copy_of_one_date_that_is_gone_takes_its_place()
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, TwoDays);
        await link.SettleAsync();
        var first = await link.IdAtAsync("2026-03-17 10:00");
        var copy = await link.PersonAsync("copy", new JsonObject { ["event"] = first });
        await link.PersonAsync("move", new JsonObject { ["event"] = (string)copy!["id"]!, ["start"] = "2026-03-18T10:00", ["end"] = "2026-03-18T10:45" });
        await link.PersonAsync("delete", new JsonObject { ["event"] = first });
        await link.SettleAsync();
        Assert.Single(await link.ShownAsync());
        Assert.Equal(6, (await link.HereAsync()).Count);
        Assert.Contains("2026-03-18 10:00 to 2026-03-18 10:45 Visit", await link.HereAsync());
    }

    [Fact]
    public async Task A_date_that_the_person_makes_repeat_is_said()
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, TwoDays);
        await link.SettleAsync();
        var id = await link.IdAtAsync("2026-03-17 10:00");
        await link.PersonAsync("edit", new JsonObject { ["event"] = id, ["changes"] = new JsonObject { ["recurrence"] = JsonNode.Parse((string)link.Weekly("2026-03-17", 3)!) } });
        for (var n = 0; n < 3; n++) Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal([Uid], (await link.LinkAsync()).Quarantined);
        Assert.Equal(Six, await link.HereAsync());
        await link.PersonAsync("edit", new JsonObject { ["event"] = id, ["changes"] = new JsonObject { ["recurrence"] = null } });
        await link.SettleAsync();
        Assert.Empty((await link.LinkAsync()).Quarantined);
    }

    /// <summary>As time goes on there is more of what has no end; what was there stays, and what was taken out stays out.</summary>
    [Fact]
    public async Task Is_there_for_a_year_and_a_half_ahead_whenever_that_is()
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, [.. Times, "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,17"]);
        for (var n = 0; n < 3; n++) Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(Expected(new YearMonth(2026, 3), 36), await StartsAsync());
        await link.PersonAsync("delete", new JsonObject { ["event"] = await link.IdAtAsync("2026-05-17 10:00") });
        for (var n = 0; n < 3; n++) Assert.Equal(PassResult.Done, await link.PassAsync());
        for (var n = 0; n < 2; n++)
        {
            await link.AdvanceAsync(Duration.FromDays(46));
            Assert.Equal(PassResult.Done, await link.PassAsync());
        }

        Assert.Equal(Expected(new YearMonth(2026, 3), 42).Where(one => one != "2026-05-17 10:00"), await StartsAsync());
        link.Wire.Forget();
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.DoesNotContain(link.Wire.All, one => one.IsWrite);

        for (var n = 0; n < 5; n++)
        {
            await link.AdvanceAsync(Duration.FromDays(40));
            Assert.Equal(PassResult.Done, await link.PassAsync());
        }

        Assert.Contains("2028-06-17 10:00", await StartsAsync());
        Assert.Equal((await StartsAsync()).Distinct(), await StartsAsync());

        async Task<List<string>> StartsAsync() => [.. (await link.SeenAsync()).Where(one => (bool)one["live"]!).Select(one => (string)one["start"]!)];
        static IEnumerable<string> Expected(YearMonth first, int count) => Enumerable.Range(0, count).Select(n => $"{first.PlusMonths(n / 2).OnDayOfMonth(n % 2 == 0 ? 3 : 17):uuuu-MM-dd} 10:00");
    }

    [Fact]
    public async Task Is_there_from_a_month_ago_and_four_hundred_times_at_most()
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, $"DTSTART;{Zone}:20200101T100000", $"DTEND;{Zone}:20200101T104500", "RRULE:FREQ=DAILY;BYHOUR=10,16");
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(PassResult.Done, await link.PassAsync());
        var starts = (await link.SeenAsync()).Select(one => (string)one["start"]!).ToList();
        Assert.Equal((400, "2026-01-30 16:00"), (starts.Count, starts[0]));
        Assert.Equal(starts.Distinct(), starts);
    }

    [Fact]
    public async Task Is_compared_as_one()
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, TwoDays);
        await link.SettleAsync();
        var compared = await LinkComparison.MakeAsync(link.Store, link.Calendar, await link.LinkAsync(), TestContext.Current.CancellationToken);
        Assert.Equal((1, true), (compared.Same, compared.IsAgreed));
    }

    /// <summary>A patient's visit every month on the 31st, which not every month has.</summary>
    [Theory]
    [InlineData(PrivacyLevel.Busy, "Brownlow", "Frances", "Wombatology", "zebracomment")]
    [InlineData(PrivacyLevel.Initials, "Brownlow", "Frances", "zebracomment")]
    [InlineData(PrivacyLevel.FirstName, "Brownlow", "zebracomment")]
    public async Task Says_in_no_part_what_the_level_hides(PrivacyLevel level, params string[] hidden)
    {
        await using var link = await MicrosoftLink.StartAsync(level);
        var start = new LocalDateTime(2026, 3, 31, 10, 0);
        var id = await link.Diary.BookAsync(new Booking([link.Jane], "Wombatology", start, Duration.FromMinutes(45)) { Comments = "zebracomment", Repeat = new RecurrenceRule(Frequency.Monthly) { Count = 4 } });
        await link.SettleAsync();
        Assert.Equal(4, (await link.ThereAsync()).Count);
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-05-31 10:00"), ["title"] = "Something else" });
        await link.PersonAsync("move", new JsonObject { ["event"] = await link.IdAtAsync("2026-05-31 10:00"), ["start"] = "2026-05-31T12:00", ["end"] = "2026-05-31T12:45" });
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Comments = "zebracomment again" });
        await link.SettleAsync();
        Assert.DoesNotContain("Something else", string.Join('\n', await link.ThereAsync()), StringComparison.Ordinal);
        Assert.Contains(await link.HereAsync(), one => one.StartsWith("2026-05-31 12:00", StringComparison.Ordinal));
        // lowered, every part is written anew
        await link.PutAsync(await link.LinkAsync() with { Level = PrivacyLevel.Busy, RewritingSince = link.Now, IsLowered = true });
        await link.PassAsync();
        var busy = await SayingAsync(link, PrivacyLevel.Busy);
        Assert.All(await link.SeenAsync(), one => Assert.Equal(busy, (string?)one["title"]));
        var everything = string.Join('\n', link.Wire.Ever.Select(one => $"{one.Method} {Uri.UnescapeDataString(one.Path)}\n{one.Headers}\n{one.Body}"));
        Assert.All(hidden, word => Assert.DoesNotContain(word, everything, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The title of what there is at a level.</summary>
    private static async Task<string> SayingAsync(OutsideLink link, PrivacyLevel level)
    {
        var hx = await link.HxAsync();
        using var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        await foreach (var row in snapshot.ListRowsAsync(hx.Id))
        {
            var shown = CalendarObject.Parse(HxCalendar.Represent((await snapshot.FindObjectAsync(hx.Id, row.Name))!, level));
            return shown.Calendar.Components.First(one => one.Name == "VEVENT").Find("SUMMARY")!.Text;
        }

        return "";
    }
}
