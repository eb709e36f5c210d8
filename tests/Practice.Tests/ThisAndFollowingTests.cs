using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>"This and following" as phones do it: the old series is ended in the phone's own spelling of its rule, and a new one is added.</summary>
public sealed class This_and_following_as_phones_do_it : PracticeFixture
{
    private const string Shown = "RRULE:FREQ=WEEKLY;COUNT=6";

    [Theory]
    [InlineData("FREQ=WEEKLY;WKST=MO;UNTIL=20260323T225959Z")]
    [InlineData("FREQ=WEEKLY;UNTIL=20260323T225959Z;WKST=MO;BYDAY=TU")]
    [InlineData("UNTIL=20260323T225959Z;BYDAY=TU;INTERVAL=1;FREQ=WEEKLY")]
    [InlineData("FREQ=WEEKLY;UNTIL=20260324T095959;BYDAY=TU")]
    [InlineData("FREQ=WEEKLY;UNTIL=20260323;WKST=SU")]
    [InlineData("FREQ=WEEKLY;UNTIL=20260317;WKST=SU;BYDAY=TU")]
    [InlineData("FREQ=WEEKLY;COUNT=3;BYDAY=TU;WKST=MO")]
    [InlineData("FREQ=WEEKLY;COUNT=6;UNTIL=20260323T225959Z;WKST=MO")]
    [InlineData("FREQ=WEEKLY;COUNT=3;UNTIL=20261231T225959Z;WKST=MO")]
    [InlineData("FREQ=DAILY;INTERVAL=7;UNTIL=20260323T225959Z")]
    public async Task However_the_rule_is_written_the_rest_of_the_old_series_is_cancelled(string rule)
    {
        foreach (var level in Enum.GetValues<PrivacyLevel>())
        {
            var id = await Diary.BookAsync(Weekly);
            var decision = await ClientEditAsync(id, text => text.Replace(Shown, $"RRULE:{rule}", StringComparison.Ordinal), level);
            Assert.Empty(((HxAccepted)decision).Rejected);
            var all = (await ListAsync()).Where(one => one.Id == id || one.Follows == id).ToList();
            Assert.Equal(Enumerable.Range(0, 6).Select(Week), all.Select(one => one.Start.LocalDateTime));
            Assert.Equal([.. Enumerable.Repeat(AppointmentStatus.Booked, 3), .. Enumerable.Repeat(AppointmentStatus.Cancelled, 3)], all.Select(one => one.Status));
            Assert.DoesNotContain("COUNT=6", await ReadAsync(id), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, "FREQ=WEEKLY;WKST=MO;COUNT=6")]
    [InlineData(null, "COUNT=6;BYDAY=TU;FREQ=WEEKLY;INTERVAL=1")]
    [InlineData(null, "FREQ=WEEKLY;UNTIL=20260407T000000Z")]
    [InlineData(null, "FREQ=WEEKLY;UNTIL=20260407T100000;BYDAY=TU")]
    [InlineData(null, "FREQ=WEEKLY;UNTIL=20260407")]
    [InlineData(null, "FREQ=WEEKLY;COUNT=6;UNTIL=20300101")]
    [InlineData(Frequency.Monthly, "FREQ=MONTHLY;BYMONTHDAY=3;WKST=SU")]
    [InlineData(Frequency.Monthly, "FREQ=MONTHLY;BYMONTHDAY=3;BYHOUR=10;BYMINUTE=0")]
    [InlineData(Frequency.Daily, "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR,SA,SU;WKST=MO")]
    [InlineData(Frequency.Daily, "FREQ=WEEKLY;BYDAY=SU,MO,TU,WE,TH,FR,SA")]
    public async Task The_same_rule_in_other_words_is_no_change_and_asks_nothing(Frequency? unit, string rule)
    {
        var id = await Diary.BookAsync(unit is { } known ? Session with { Repeat = new RecurrenceRule(known) } : Weekly);
        var before = await ListAsync();
        foreach (var level in Enum.GetValues<PrivacyLevel>())
        {
            var decision = await ClientEditAsync(
                id,
                text => System.Text.RegularExpressions.Regex.Replace(text, "RRULE:[^\r]*", $"RRULE:{rule}")
                    .Replace("END:VEVENT", $"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:{level}\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT", StringComparison.Ordinal),
                level);
            Assert.Empty(((HxAccepted)decision).Rejected);
            Assert.Equal(before.Select(one => (one.Start, one.Status)), (await ListAsync()).Select(one => (one.Start, one.Status)));
        }
    }

    [Theory]
    [InlineData("FREQ=WEEKLY;BYDAY=TU,TH;COUNT=6")]
    [InlineData("FREQ=WEEKLY;INTERVAL=2;COUNT=6;WKST=SU")]
    [InlineData("FREQ=WEEKLY;COUNT=7;WKST=MO")]
    [InlineData("FREQ=WEEKLY;UNTIL=20260415")]
    [InlineData("FREQ=WEEKLY")]
    [InlineData("FREQ=DAILY;INTERVAL=7;COUNT=7")]
    public async Task Another_rule_in_whatever_words_is_not_taken_and_is_asked_about(string rule)
    {
        var id = await Diary.BookAsync(Weekly);
        var decision = await ClientEditAsync(id, text => text.Replace(Shown, $"RRULE:{rule}", StringComparison.Ordinal));
        Assert.Equal(RejectionKind.Repeat, Assert.Single(Assert.Single(((HxAccepted)decision).Rejected).Fields).Kind);
        Assert.Equal(Enumerable.Range(0, 6).Select(Week), (await ListAsync()).Select(one => one.Start.LocalDateTime));
    }

    [Theory]
    [InlineData(true, PrivacyLevel.FullName)]
    [InlineData(false, PrivacyLevel.FullName)]
    [InlineData(true, PrivacyLevel.Initials)]
    [InlineData(false, PrivacyLevel.Initials)]
    [InlineData(true, PrivacyLevel.Busy)]
    [InlineData(false, PrivacyLevel.Busy)]
    public async Task Whichever_comes_first_the_new_series_and_the_ended_rest_name_each_other(bool newFirst, PrivacyLevel level)
    {
        var id = await Diary.BookAsync(Weekly);
        var summary = (await ReadAsync(id, level))!.Split("\r\n").Single(line => line.StartsWith("SUMMARY:", StringComparison.Ordinal));
        Task<HxDecision> End() => ClientEditAsync(id, text => text.Replace(Shown, "RRULE:FREQ=WEEKLY;WKST=MO;UNTIL=20260323T225959Z", StringComparison.Ordinal), level);
        Task<HxDecision> Add() => PutAsync(
            Event("new-one", $"DTSTART;TZID=Australia/Melbourne:20260325T140000\r\nDURATION:PT45M\r\n{summary}\r\nRRULE:FREQ=WEEKLY;WKST=MO;COUNT=3\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT10M\r\nEND:VALARM"),
            level);
        if (newFirst) await Add();
        await End();
        if (!newFirst) await Add();
        var ended = (await ListAsync()).First(one => one.Follows == id);
        Assert.Equal(("new-one", AppointmentStatus.Cancelled), (ended.FollowedBy, ended.Status));
        Assert.Equal(ended.Id, (await GetAsync("new-one")).Follows);
        Assert.Empty(await Diary.ListRejectedAsync());
    }

    [Fact]
    public async Task What_was_added_long_ago_by_another_device_or_with_another_title_is_not_its_continuation()
    {
        var id = await Diary.BookAsync(Weekly);
        await PutAsync(Event("other-title", "DTSTART;TZID=Australia/Melbourne:20260325T140000\r\nSUMMARY:Gym\r\nRRULE:FREQ=WEEKLY"));
        await PutAsync(Event("early", "DTSTART;TZID=Australia/Melbourne:20260325T140000\r\nSUMMARY:Standard consultation · Jane Brownlow\r\nRRULE:FREQ=WEEKLY"));
        Clock.Now += Duration.FromHours(2);
        await ClientEditAsync(id, text => text.Replace(Shown, "RRULE:FREQ=WEEKLY;UNTIL=20260323T225959Z", StringComparison.Ordinal));
        Assert.Null((await GetAsync("other-title")).Follows);
        Assert.Null((await GetAsync("early")).Follows);
    }

    [Theory]
    [InlineData("phone", "Old phone", true)]
    [InlineData("tablet", "Maya's phone", false)]
    public async Task A_device_is_known_by_its_app_password_and_not_by_what_it_is_called(string endedBy, string label, bool isSame)
    {
        var id = await Diary.BookAsync(Weekly);
        await PutAsync(Event("new-one", "DTSTART;TZID=Australia/Melbourne:20260325T140000\r\nSUMMARY:Standard consultation · Jane Brownlow\r\nRRULE:FREQ=WEEKLY;COUNT=3"));
        PhonePassword = (endedBy, label);
        await ClientEditAsync(id, text => text.Replace(Shown, "RRULE:FREQ=WEEKLY;UNTIL=20260323T225959Z", StringComparison.Ordinal));
        var added = await GetAsync("new-one");
        Assert.Equal(isSame, added.Follows is not null);
        Assert.Equal(("phone", "Maya's phone"), (added.OriginId, added.Origin));
    }

    [Fact]
    public async Task A_device_that_is_called_like_the_diary_is_none()
    {
        PhonePassword = ("phone", AppointmentDetails.FromDiary);
        await PutAsync(Event("own", "DTSTART;TZID=Australia/Melbourne:20260325T140000\r\nSUMMARY:Gym"));
        var added = await GetAsync("own");
        Assert.Equal(("phone", AppointmentDetails.FromDiary), (added.OriginId, added.Origin));
        Assert.False(AppointmentDetails.Read((await FindAsync("own"))!.Row.Details).IsFromDiary);
        Assert.True(AppointmentDetails.Read((await FindAsync(await Diary.BookAsync(Weekly)))!.Row.Details).IsFromDiary);
    }

    [Fact]
    public async Task What_an_ended_series_still_has_beside_its_rule_raises_no_question()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(4)), new AppointmentEdit { Start = Week(4).PlusHours(1) }, SeriesScope.ThisOne);
        var decision = await ClientEditAsync(id, text => text.Replace(Shown, "RRULE:FREQ=WEEKLY;UNTIL=20260323T225959Z", StringComparison.Ordinal));
        Assert.Empty(((HxAccepted)decision).Rejected);
        Assert.Equal(3, (await ListAsync()).Count(one => one.Status == AppointmentStatus.Booked));
    }
}

/// <summary>RANGE=THISANDFUTURE on a patient series (RFC 5545 §3.2.13) means the same at every privacy level.</summary>
public sealed class This_and_future_in_one_object : PracticeFixture
{
    public static TheoryData<PrivacyLevel> Levels => [.. Enum.GetValues<PrivacyLevel>()];

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task It_moves_that_one_and_all_after_it_with_the_same_patient(PrivacyLevel level)
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.EditAsync(new AppointmentTarget(id, Week(5)), new AppointmentEdit { Start = Week(5).PlusHours(-1) }, SeriesScope.ThisOne);
        await OverrideAsync(id, level, "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Australia/Melbourne:20260324T100000", "DTSTART;TZID=Australia/Melbourne:20260325T140000", "DURATION:PT1H");
        await CheckAsync([Week(0), Week(1), Week(2), Later(3), Later(4), Week(5).PlusHours(-1)]);
        var all = await ListAsync();
        Assert.Equal([45, 45, 45, 60, 60, 45], all.Select(one => (int)(one.End.ToInstant() - one.Start.ToInstant()).TotalMinutes));
        Assert.Equal(id, all[3].Follows);
        Assert.Equal(all[3].Id, all[0].FollowedBy);
        Assert.Empty(await Diary.ListRejectedAsync());
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task From_the_first_one_on_it_moves_the_whole(PrivacyLevel level)
    {
        var id = await Diary.BookAsync(Weekly);
        await OverrideAsync(id, level, "RECURRENCE-ID;RANGE=THISANDFUTURE:20260302T230000Z", "DTSTART;TZID=Australia/Melbourne:20260303T140000", "DURATION:PT45M");
        await CheckAsync([.. Enumerable.Range(0, 6).Select(week => Week(week).PlusHours(4))]);
        Assert.Single((await ListAsync()).Select(one => one.Id).Distinct());
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Cancelled_it_cancels_that_one_and_all_after_it(PrivacyLevel level)
    {
        var id = await Diary.BookAsync(Weekly);
        await OverrideAsync(id, level, "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Australia/Melbourne:20260324T100000", "DTSTART;TZID=Australia/Melbourne:20260324T100000", "DURATION:PT45M", "CANCELLED");
        Assert.Equal(Enumerable.Range(0, 6).Select(Week), (await ListAsync()).Select(one => one.Start.LocalDateTime));
        Assert.Equal([.. Enumerable.Repeat(AppointmentStatus.Booked, 3), .. Enumerable.Repeat(AppointmentStatus.Cancelled, 3)], (await ListAsync()).Select(one => one.Status));
        var first = await Diary.BookAsync(Weekly);
        await OverrideAsync(first, level, "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Australia/Melbourne:20260303T100000", "DTSTART;TZID=Australia/Melbourne:20260303T100000", "DURATION:PT45M", "CANCELLED");
        Assert.Equal(AppointmentStatus.Cancelled, (await GetAsync(first)).Status);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task Two_of_them_each_go_up_to_the_next(PrivacyLevel level)
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) { Until = CalendarTime.OfDate(Week(5).Date) } });
        await ClientEditAsync(
            id,
            text => With(
                With(text, id, "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Australia/Melbourne:20260310T100000", "DTSTART;TZID=Australia/Melbourne:20260310T080000", "DURATION:PT45M"),
                id,
                "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Australia/Melbourne:20260331T100000",
                "DTSTART;TZID=Australia/Melbourne:20260401T140000",
                "DURATION:PT45M"),
            level);
        await CheckAsync([Week(0), Week(1).PlusHours(-2), Week(2).PlusHours(-2), Week(3).PlusHours(-2), Later(4), Later(5)]);
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task In_a_series_without_an_end_it_goes_on_without_one(PrivacyLevel level)
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Weekly) });
        await OverrideAsync(id, level, "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Australia/Melbourne:20260324T100000", "DTSTART;TZID=Australia/Melbourne:20260325T140000", "DURATION:PT45M");
        Assert.Equal([Week(0), Week(1), Week(2), Later(3), Later(4), Later(5), Later(6)], (await ListAsync()).Take(7).Select(one => one.Start.LocalDateTime));
    }

    [Fact]
    public async Task Where_a_stored_series_has_it_every_level_is_shown_it()
    {
        await PutAsync(With(
            Event("kept", "DTSTART;TZID=Australia/Melbourne:20260303T100000\r\nDURATION:PT45M\r\nSUMMARY:Gym\r\nRRULE:FREQ=WEEKLY;COUNT=6"),
            "kept",
            "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Australia/Melbourne:20260324T100000",
            "DTSTART;TZID=Australia/Melbourne:20260325T140000",
            "DURATION:PT45M"));
        var before = (await ListAsync()).Select(one => one.Start.LocalDateTime).ToList();
        await Diary.ConvertToPatientAsync(new AppointmentTarget("kept"), [Jane], "Standard consultation");
        await CheckAsync(before);
    }

    [Fact]
    public async Task There_are_only_so_many_in_one_object()
    {
        var id = await Diary.BookAsync(Session with { Repeat = new RecurrenceRule(Frequency.Daily) });
        var decision = await ClientEditAsync(
            id,
            text => Enumerable.Range(4, 20).Aggregate(
                text, (all, day) => With(all, id, $"RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Australia/Melbourne:202603{day:00}T100000", $"DTSTART;TZID=Australia/Melbourne:202603{day:00}T110000", "DURATION:PT45M")));
        Assert.IsType<HxRefused>(decision);
    }

    private static LocalDateTime Later(int week) => Week(week).PlusDays(1).PlusHours(4);

    /// <summary>In the diary and at every level.</summary>
    private async Task CheckAsync(IReadOnlyList<LocalDateTime> starts)
    {
        var all = await ListAsync();
        Assert.Equal(starts, all.Select(one => one.Start.LocalDateTime));
        Assert.All(all, one => Assert.Equal((AppointmentKind.Patient, AppointmentStatus.Booked, true), (one.Kind, one.Status, one.Published)));
        foreach (var level in Enum.GetValues<PrivacyLevel>())
        {
            List<LocalDateTime> shown = [];
            foreach (var uid in all.Select(one => one.Id).Distinct())
            {
                var content = Calendaring.ICalendar.CalendarObject.Parse(System.Text.Encoding.UTF8.GetBytes((await ReadAsync(uid, level))!));
                var occurrences = Calendaring.Occurrences.RecurrenceSet.Of(content, new Calendaring.TimeZones.ZoneResolver(content.Calendar, Melbourne));
                shown.AddRange(occurrences.Between(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 12, 31, 0, 0), new(10_000)).Select(one => one.Start.InZone(Melbourne).LocalDateTime));
            }

            Assert.Equal(starts, shown.Order());
        }
    }

    private Task<HxDecision> OverrideAsync(string id, PrivacyLevel level, string recurrenceId, string start, string length, string status = "CONFIRMED") =>
        ClientEditAsync(id, text => With(text, id, recurrenceId, start, length, status), level);

    private static string With(string text, string id, string recurrenceId, string start, string length, string status = "CONFIRMED")
    {
        var summary = text.Split("\r\n").First(line => line.StartsWith("SUMMARY:", StringComparison.Ordinal));
        var more = string.Join("\r\n", text.Split("\r\n").Where(line => line.StartsWith("LOCATION:", StringComparison.Ordinal) || line.StartsWith("DESCRIPTION:", StringComparison.Ordinal) || line.StartsWith("CONTACT:", StringComparison.Ordinal)).Distinct());
        return text.Replace(
            "END:VCALENDAR",
            $"BEGIN:VEVENT\r\nUID:{id}\r\nDTSTAMP:20260302T000000Z\r\n{recurrenceId}\r\n{start}\r\n{length}\r\n{summary}\r\n{more}\r\nSTATUS:{status}\r\nEND:VEVENT\r\nEND:VCALENDAR".Replace("\r\n\r\n", "\r\n", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }
}
