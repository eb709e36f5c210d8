using System.Buffers;
using System.Text;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Feeds;

namespace Practice.Tests;

/// <summary>What a device says of an appointment in a word is heard: cancelled, free, private, all day.</summary>
public sealed class What_a_device_says_is_heard : PracticeFixture
{
    private const string Times = "DTSTART;TZID=Australia/Melbourne:20260303T100000\r\nDURATION:PT1H";

    private Diary Administrator => new(Store, Clock, Practitioner.Id, new AuditActor("Ruth", ActorVia.Web, "ruth", "session"));

    private Diary Owner => new(Store, Clock, Practitioner.Id, new AuditActor("Maya Lindqvist", ActorVia.Web, Practitioner.Id, "session"));

    [Theory]
    [InlineData("CANCELLED")]
    [InlineData("cancelled")]
    public async Task A_cancelled_personal_appointment_is_gone_from_the_day_and_comes_back_when_it_is_not(string status)
    {
        await PutAsync(Event("gym", $"{Times}\r\nSUMMARY:Gym"));
        Assert.Single(await ListAsync());
        await ClientEditAsync("gym", text => text.Replace("SUMMARY:Gym", $"SUMMARY:Gym\r\nSTATUS:{status}", StringComparison.Ordinal));
        Assert.Empty(await ListAsync());
        Assert.Empty(await Diary.SearchAsync("Gym", Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 12, 31, 0, 0), 10));
        Assert.Equal(AppointmentStatus.Cancelled, (await GetAsync("gym")).Status);
        Assert.Contains($"STATUS:{status}", await ReadAsync("gym"), StringComparison.Ordinal);
        await ClientEditAsync("gym", text => text.Replace($"STATUS:{status}", "STATUS:TENTATIVE", StringComparison.Ordinal));
        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task A_cancelled_occurrence_of_a_personal_series_is_gone_from_its_day()
    {
        await PutAsync(Event(
            "gym",
            $"{Times}\r\nSUMMARY:Gym\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:gym\r\nDTSTAMP:20260301T000000Z\r\nRECURRENCE-ID;TZID=Australia/Melbourne:20260310T100000\r\nDTSTART;TZID=Australia/Melbourne:20260310T100000\r\nDURATION:PT1H\r\nSUMMARY:Gym\r\nSTATUS:CANCELLED"));
        Assert.Equal([Week(0), Week(2)], (await ListAsync()).Select(one => one.Start.LocalDateTime));
    }

    [Theory]
    [InlineData(PrivacyLevel.FullName)]
    [InlineData(PrivacyLevel.Busy)]
    public async Task A_cancelled_patient_appointment_or_occurrence_is_cancelled(PrivacyLevel level)
    {
        var single = await Diary.BookAsync(Session);
        await ClientEditAsync(single, text => text.Replace("STATUS:CONFIRMED", "STATUS:CANCELLED", StringComparison.Ordinal), level);
        Assert.Equal(AppointmentStatus.Cancelled, (await GetAsync(single)).Status);
        var series = await Diary.BookAsync(Weekly);
        await ClientEditAsync(
            series,
            text => text.Replace(
                "END:VCALENDAR",
                $"BEGIN:VEVENT\r\nUID:{series}\r\nDTSTAMP:20260301T000000Z\r\nRECURRENCE-ID;TZID=Australia/Melbourne:20260310T100000\r\nDTSTART;TZID=Australia/Melbourne:20260310T100000\r\nDURATION:PT45M\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\nEND:VCALENDAR",
                StringComparison.Ordinal),
            level);
        Assert.Equal([1], (await ListAsync()).Where(one => one.Id == series).Select((one, week) => (one, week)).Where(pair => pair.one.Status == AppointmentStatus.Cancelled).Select(pair => pair.week));
    }

    [Theory]
    [InlineData("PRIVATE", true)]
    [InlineData("CONFIDENTIAL", true)]
    [InlineData("confidential", true)]
    [InlineData("X-SECRET", true)]
    [InlineData("PUBLIC", false)]
    public async Task A_private_personal_appointment_is_Private_for_everybody_but_its_owner(string kind, bool hidden)
    {
        await PutAsync(Event("own", $"{Times}\r\nSUMMARY:Oncologist\r\nLOCATION:Ward 7\r\nDESCRIPTION:Bring the letter\r\nCOLOR:crimson\r\nCATEGORIES:Oncologist\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nCLASS:{kind}"), PrivacyLevel.Busy);
        foreach (var diary in new[] { Owner, Diary })
        {
            var own = (await diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 12, 31, 0, 0)))[0];
            Assert.Equal(("Oncologist", "Ward 7", "Bring the letter"), (own.Title, own.Location, own.Comments));
        }

        var seen = (await Administrator.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 12, 31, 0, 0))).Append(await Administrator.GetAsync(new AppointmentTarget("own"))).ToList();
        Assert.Equal(4, seen.Count);
        Assert.All(seen, one => Assert.Equal(hidden ? ("Private", null, null, null) : ("Oncologist", "Ward 7", "Bring the letter", "crimson"), (one.Title, one.Location, one.Comments, one.Colour)));
        Assert.Equal(hidden, (await Administrator.SearchAsync("Oncologist", Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 12, 31, 0, 0), 10)).Count == 0);
        foreach (var level in Enum.GetValues<PrivacyLevel>())
        {
            var feed = new ArrayBufferWriter<byte>();
            new FeedCalendar(Hx, Melbourne, level, new LocalDateTime(2026, 1, 1, 0, 0)).Write((await FindAsync("own"))!, feed);
            var text = Encoding.UTF8.GetString(feed.WrittenSpan);
            Assert.Contains("DTSTART;TZID=Australia/Melbourne:20260303T100000", text, StringComparison.Ordinal);
            Assert.Contains("RRULE:FREQ=WEEKLY;COUNT=3", text, StringComparison.Ordinal);
            foreach (var secret in new[] { "Oncologist", "Ward 7", "Bring the letter", "crimson" })
                Assert.Equal(!hidden, text.Contains(secret, StringComparison.Ordinal));
            if (hidden) Assert.Contains("SUMMARY:Private", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task One_private_occurrence_is_hidden_and_so_are_the_others_of_a_private_series()
    {
        await PutAsync(Event(
            "own",
            $"{Times}\r\nSUMMARY:Gym\r\nRRULE:FREQ=WEEKLY;COUNT=2\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:own\r\nDTSTAMP:20260301T000000Z\r\nRECURRENCE-ID;TZID=Australia/Melbourne:20260310T100000\r\nDTSTART;TZID=Australia/Melbourne:20260310T100000\r\nDURATION:PT1H\r\nSUMMARY:Oncologist\r\nCLASS:PRIVATE"));
        Assert.Equal(["Gym", "Private"], await TitlesAsync());
        await ClientEditAsync("own", text => text.Replace("SUMMARY:Gym", "SUMMARY:Gym\r\nCLASS:PRIVATE", StringComparison.Ordinal).Replace("SUMMARY:Oncologist\r\nCLASS:PRIVATE", "SUMMARY:Oncologist", StringComparison.Ordinal));
        Assert.Equal(["Private", "Private"], await TitlesAsync());

        async Task<IEnumerable<string>> TitlesAsync() =>
            (await Administrator.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 12, 31, 0, 0))).Select(one => one.Title);
    }

    [Fact]
    public async Task Others_may_move_and_delete_what_is_private_and_neither_overwrite_nor_learn_what_it_says()
    {
        await Directory.CreatePersonAsync("tom", "Tom", null, PrincipalRole.Practitioner, Group.Id, "tom");
        await PutAsync(Event("own", $"{Times}\r\nSUMMARY:Oncologist\r\nCLASS:PRIVATE"));
        var target = new AppointmentTarget("own");
        foreach (var edit in new[] { new AppointmentEdit { Title = "x" }, new AppointmentEdit { Location = "x" }, new AppointmentEdit { Comments = "x" }, new AppointmentEdit { Colour = "teal" } })
            Assert.Equal(DiaryFault.Conflict, (await Assert.ThrowsAsync<DiaryException>(() => Administrator.EditAsync(target, edit))).Fault);
        await Assert.ThrowsAsync<DiaryException>(() => Administrator.ConvertToPatientAsync(target, [Jane], "Standard consultation"));
        await Assert.ThrowsAsync<DiaryException>(() => Administrator.HandOverAsync(target, "tom", new AppointmentEdit()));
        await Administrator.EditAsync(target, new AppointmentEdit { Start = Week(1) });
        Assert.Equal(("Oncologist", Week(1)), ((await GetAsync("own")).Title, (await GetAsync("own")).Start.LocalDateTime));
        await Owner.EditAsync(target, new AppointmentEdit { Title = "Checkup" });
        Assert.Equal("Checkup", (await GetAsync("own")).Title);
        await Administrator.CancelAsync(target, CancelChoice.Delete);
        Assert.Null(await FindAsync("own"));
    }

    [Theory]
    [InlineData("TRANSPARENT", true)]
    [InlineData("transparent", true)]
    [InlineData("OPAQUE", false)]
    public async Task What_is_marked_as_free_is_so_in_the_diary(string marked, bool free)
    {
        await PutAsync(Event("gym", $"{Times}\r\nSUMMARY:Gym\r\nTRANSP:{marked}"));
        Assert.Equal(free, (await ListAsync())[0].Transparent);
    }

    [Theory]
    [InlineData(PrivacyLevel.FullName)]
    [InlineData(PrivacyLevel.Busy)]
    public async Task A_patient_appointment_that_a_device_made_all_day_gets_its_time_back_in_the_diary(PrivacyLevel level)
    {
        var id = await Diary.BookAsync(Session);
        await ClientEditAsync(id, text => FlipText(text), level);
        Assert.True((await GetAsync(id)).AllDay);
        foreach (var edit in new[] { new AppointmentEdit { AllDay = false }, new AppointmentEdit { AllDay = false, Start = Week(0) }, new AppointmentEdit { AllDay = false, Length = Duration.FromMinutes(45) } })
            Assert.Equal(DiaryFault.Invalid, (await Assert.ThrowsAsync<DiaryException>(() => Diary.EditAsync(new AppointmentTarget(id), edit))).Fault);
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { AllDay = false, Start = Week(0), Length = Duration.FromMinutes(45) });
        var back = await GetAsync(id);
        Assert.Equal((false, Week(0), Duration.FromMinutes(45), AppointmentKind.Patient), (back.AllDay, back.Start.LocalDateTime, back.End.ToInstant() - back.Start.ToInstant(), back.Kind));
        Assert.Contains("DTSTART;TZID=Australia/Melbourne:20260303T100000", await ReadAsync(id, level), StringComparison.Ordinal);
        Assert.Contains("BEGIN:VTIMEZONE", await ReadAsync(id, level), StringComparison.Ordinal);
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { AllDay = true });
        Assert.Equal((true, new LocalDate(2026, 3, 3), new LocalDate(2026, 3, 4)), ((await GetAsync(id)).AllDay, (await GetAsync(id)).Start.Date, (await GetAsync(id)).End.Date));
    }

    [Fact]
    public async Task So_does_a_series_with_what_was_moved_and_cancelled_in_it()
    {
        var id = await Diary.BookAsync(Weekly);
        await Diary.CancelAsync(new AppointmentTarget(id, Week(1)), CancelChoice.Cancel, SeriesScope.ThisOne);
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), new AppointmentEdit { Location = "Room 9" }, SeriesScope.ThisOne);
        await Diary.EditAsync(new AppointmentTarget(id, Week(3)), new AppointmentEdit { AllDay = true });
        var all = await ListAsync();
        Assert.All(all, one => Assert.True(one.AllDay));
        Assert.Equal(Enumerable.Range(0, 6).Select(week => Week(week).Date), all.Select(one => one.Start.Date));
        Assert.Equal((AppointmentStatus.Cancelled, "Room 9"), (all[1].Status, all[2].Location));
        await Diary.EditAsync(new AppointmentTarget(id, all[4].Occurrence), new AppointmentEdit { AllDay = false, Start = Week(4).PlusHours(3), Length = Duration.FromHours(1) });
        all = await ListAsync();
        Assert.Equal(Enumerable.Range(0, 6).Select(week => Week(week).PlusHours(3)), all.Select(one => one.Start.LocalDateTime));
        Assert.All(all.Where((_, week) => week != 1), one => Assert.Equal((false, Duration.FromHours(1)), (one.AllDay, one.End.ToInstant() - one.Start.ToInstant())));
        Assert.Equal((AppointmentStatus.Cancelled, "Room 9"), (all[1].Status, all[2].Location));
    }

    [Theory]
    [InlineData(SeriesScope.ThisOne)]
    [InlineData(SeriesScope.ThisAndFollowing)]
    public async Task So_does_a_part_of_a_series(SeriesScope scope)
    {
        var id = await Diary.BookAsync(Weekly);
        var part = await Diary.EditAsync(new AppointmentTarget(id, Week(3)), new AppointmentEdit { AllDay = true }, scope);
        Assert.Equal(scope == SeriesScope.ThisOne ? [3] : [3, 4, 5], (await ListAsync()).Select((one, week) => (one, week)).Where(pair => pair.one.AllDay).Select(pair => pair.week));
        var key = (await ListAsync())[3].Occurrence;
        await Diary.EditAsync(new AppointmentTarget(part, key), new AppointmentEdit { AllDay = false, Start = Week(3), Length = Duration.FromMinutes(45) }, scope);
        Assert.Equal(Enumerable.Range(0, 6).Select(Week), (await ListAsync()).Select(one => one.Start.LocalDateTime));
        Assert.All(await ListAsync(), one => Assert.False(one.AllDay));
    }

    private static string FlipText(string text)
    {
        text = System.Text.RegularExpressions.Regex.Replace(text, "DTSTART;TZID[^\r]*", "DTSTART;VALUE=DATE:20260303");
        return System.Text.RegularExpressions.Regex.Replace(text, "DTEND;TZID[^\r]*", "DTEND;VALUE=DATE:20260304");
    }
}
