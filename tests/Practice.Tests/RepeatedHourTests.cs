using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.Store;
using Calendaring.TimeZones;
using FsCheck.Fluent;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>When the clocks go back, local times come twice. Whatever is written about them is read back as the same moments, here and on a device.</summary>
public sealed class Appointments_around_the_hour_that_comes_twice : PracticeFixture
{
    /// <summary>What happens to an appointment before it is read back.</summary>
    private enum Way
    {
        Book,
        Add,
        MoveThere,
        Lengthen,
        MoveOneOfSeries,
        SplitSeries,
        LengthenSeries,
        CancelOneOfSeries,
        RestoreOneOfSeries,
        RestoreAlone,
        WriteBack,
    }

    [Theory]
    [InlineData("Australia/Melbourne")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Pacific/Auckland")]
    [InlineData("Europe/Berlin")]
    [InlineData("Europe/Dublin")]
    [InlineData("America/New_York")]
    [InlineData("America/Havana")]
    [InlineData("Africa/Casablanca")]
    public async Task What_is_read_back_is_the_same_moments(string zoneId)
    {
        var zone = DateTimeZoneProviders.Tzdb[zoneId];
        var group = await Directory.CreatePracticeAsync(zoneId, zoneId);
        var person = await Directory.CreatePersonAsync(zoneId, "Ida", null, PrincipalRole.Practitioner, group.Id);
        var hx = await HxOfAsync(person.Id);
        var diary = new Diary(Store, Clock, person.Id, new AuditActor("Ida", ActorVia.Web, null, "session"));
        var back = zone.GetZoneIntervals(Instant.FromUtc(2026, 3, 20, 0, 0), Instant.FromUtc(2027, 3, 1, 0, 0))
            .Where(interval => interval.HasEnd && zone.GetUtcOffset(interval.End) < interval.WallOffset).Select(interval => interval.End).First();
        var samples = Gen.Choose(-40, 40).SelectMany(start => Gen.Choose(1, 60), static (start, length) => (Start: start * 5, Length: length * 5));
        foreach (var (from, until) in samples.Sample(30, 2).Append((Start: 30, Length: 15)).Append((Start: -45, Length: 90)).Append((Start: -90, Length: 1440))
            .Select(sample => (back + Duration.FromMinutes(sample.Start), back + Duration.FromMinutes(sample.Start + sample.Length))))
        {
            foreach (var way in Enum.GetValues<Way>())
            {
                var (id, start) = await DoAsync(diary, hx, way, from.InZone(zone), until - from);
                var expected = (start, start + (until - from));
                var listed = await diary.ListAsync(from - Duration.FromDays(2), until + Duration.FromDays(2));
                var found = Assert.Single(listed, appointment => appointment.Id == id);
                Assert.True(expected == (found.Start.ToInstant(), found.End.ToInstant()), $"{way} {from} {until}: {found.Start} {found.End}");
                using (var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
                {
                    var row = (await snapshot.FindRowByUidAsync(hx.Id, id))!;
                    var stored = (await snapshot.FindObjectAsync(hx.Id, row.Name))!;
                    if (way != Way.CancelOneOfSeries)
                    {
                        foreach (var level in new[] { PrivacyLevel.Initials, PrivacyLevel.FullName })
                            Assert.True(Served(stored, level, from).Contains(expected), $"{way} {from} {until} at {level}");
                    }
                }
            }
        }
    }

    [Fact]
    public async Task A_series_does_not_start_where_its_local_time_cannot_say_so()
    {
        var twice = new LocalDateTime(2026, 4, 5, 2, 30);
        var booking = Weekly with { Start = twice, Later = true };
        Assert.Equal(DiaryFault.Invalid, (await Assert.ThrowsAsync<DiaryException>(() => Diary.BookAsync(booking))).Fault);
        var single = await Diary.BookAsync(booking with { Repeat = null });
        var repeat = new AppointmentEdit { Repeat = new RecurrenceRule(Frequency.Weekly) };
        Assert.Equal(DiaryFault.Invalid, (await Assert.ThrowsAsync<DiaryException>(() => Diary.EditAsync(new AppointmentTarget(single), repeat))).Fault);
        var series = await Diary.BookAsync(Weekly);
        var there = new AppointmentEdit { Start = twice, Later = true };
        Assert.Equal(DiaryFault.Invalid, (await Assert.ThrowsAsync<DiaryException>(() => Diary.EditAsync(new AppointmentTarget(series, Week(4)), there))).Fault);
    }

    [Fact]
    public async Task What_a_device_wrote_in_UTC_repeats_by_the_clock_of_the_practice()
    {
        await PutAsync(Event("walk", "DTSTART:20260330T230000Z\nDTEND:20260331T000000Z\nSUMMARY:Walk"));
        await Diary.EditAsync(new AppointmentTarget("walk"), new AppointmentEdit { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 3 } });
        Assert.All(await ListAsync(), appointment => Assert.Equal(new LocalTime(10, 0), appointment.Start.TimeOfDay));
        Assert.Equal(2, (await ListAsync()).Select(appointment => appointment.Start.Offset).Distinct().Count());
    }

    [Fact]
    public async Task Moved_along_the_clock_an_appointment_stays_in_the_hour_in_which_it_was()
    {
        var id = await Diary.BookAsync(Session with { Start = new LocalDateTime(2026, 4, 5, 2, 15), Later = true });
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = new LocalDateTime(2026, 4, 5, 2, 30) });
        Assert.Equal(Instant.FromUtc(2026, 4, 4, 16, 30), (await GetAsync(id)).Start.ToInstant());
        await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = new LocalDateTime(2026, 4, 5, 2, 30), Later = false });
        Assert.Equal(Instant.FromUtc(2026, 4, 4, 15, 30), (await GetAsync(id)).Start.ToInstant());
    }

    private async Task<(string Id, Instant Start)> DoAsync(Diary diary, Collection hx, Way way, ZonedDateTime start, Duration length)
    {
        var (local, later) = (start.LocalDateTime, RepeatedHour.IsLater(start));
        var there = Session with { Start = local, Later = later, Length = length };
        var edit = new AppointmentEdit { Start = local, Later = later, Length = length };
        // the fourth of a weekly series comes at this local time: at the first of two
        var (fourth, weekly) = (local, there with { Start = local.PlusWeeks(-3), Later = false, Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 6 } });
        var first = start.Zone.AtLeniently(local).ToInstant();
        switch (way)
        {
            case Way.Book:
                return (await diary.BookAsync(there), start.ToInstant());
            case Way.Add:
                return (await diary.AddPersonalAsync(new PersonalEntry("Night", local, length) { Later = later }), start.ToInstant());
            case Way.MoveThere:
                var moved = await diary.BookAsync(there with { Start = local.PlusDays(1), Later = false });
                return (await diary.EditAsync(new AppointmentTarget(moved), edit), start.ToInstant());
            case Way.Lengthen:
                var short_ = await diary.BookAsync(there with { Length = Duration.FromMinutes(1) });
                return (await diary.EditAsync(new AppointmentTarget(short_), new AppointmentEdit { Length = length }), start.ToInstant());
            case Way.WriteBack:
                var read = await diary.BookAsync(there);
                await WriteBackAsync(hx, read);
                return (read, start.ToInstant());
        }

        var target = new AppointmentTarget(await diary.BookAsync(weekly), fourth);
        switch (way)
        {
            case Way.MoveOneOfSeries:
                return (await diary.EditAsync(target, edit, SeriesScope.ThisOne), start.ToInstant());
            case Way.SplitSeries:
                return (await diary.EditAsync(target, new AppointmentEdit { Comments = "From here" }, SeriesScope.ThisAndFollowing), first);
            case Way.LengthenSeries:
                return (await diary.EditAsync(target, new AppointmentEdit { Length = length }), first);
        }

        await diary.EditAsync(target, edit, SeriesScope.ThisOne);
        await diary.CancelAsync(target, CancelChoice.Cancel, SeriesScope.ThisOne);
        if (way == Way.RestoreOneOfSeries) await diary.RestoreAsync(target);
        if (way != Way.RestoreAlone) return (target.Id, start.ToInstant());
        await diary.CancelAsync(target with { Occurrence = null }, CancelChoice.Cancel);
        return (await diary.RestoreAsync(target), start.ToInstant());
    }

    /// <summary>A device that hides names sends back what it was shown, with a reminder of its own.</summary>
    private async Task WriteBackAsync(Collection hx, string id)
    {
        StoredObject stored;
        using (var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
            stored = (await snapshot.FindObjectAsync(hx.Id, (await snapshot.FindRowByUidAsync(hx.Id, id))!.Name))!;
        var text = System.Text.Encoding.UTF8.GetString(HxCalendar.Represent(stored, PrivacyLevel.Initials).Span);
        var sent = System.Text.Encoding.UTF8.GetBytes(text.Replace("SUMMARY:", "X-SEEN:1\r\nSUMMARY:", StringComparison.Ordinal));
        var put = new ExternalPut(hx, stored.Row.Name, Phone(PrivacyLevel.Initials), Clock.Now, stored, null, sent, CalendarObject.Parse(sent)) { Access = HxAccess.Active };
        var accepted = Assert.IsType<HxAccepted>(HxCalendar.Accept(put));
        Assert.True((await Store.ApplyAsync(new StoreBatch(accepted.Operations), TestContext.Current.CancellationToken)).Succeeded);
    }

    private static HashSet<(Instant, Instant)> Served(StoredObject stored, PrivacyLevel level, Instant at)
    {
        var shown = CalendarObject.Parse(HxCalendar.Represent(stored, level));
        var set = RecurrenceSet.Of(shown, new ZoneResolver(shown.Calendar, DateTimeZone.Utc));
        return [.. set.Between(at - Duration.FromDays(3), at + Duration.FromDays(3), new ExpansionBudget(ExpansionBudget.DefaultSteps)).Select(occurrence => (occurrence.Start, occurrence.End))];
    }
}
