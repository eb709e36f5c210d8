using System.Text;
using Calendaring.ICalendar;
using Calendaring.Store;
using FsCheck.Fluent;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>The one way in for what outside calendars do: a side that knows few properties and may be late takes part beside the diary and a phone.</summary>
public sealed class What_an_outside_calendar_does : PracticeFixture
{
    private const string Own = "X-PHONE;X-A=\"b:c\":keeps\\, this\r\nCATEGORIES:One,\r\n Two\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Soon\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n";
    private static readonly string[] Known = ["UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "RRULE", "EXDATE", "RECURRENCE-ID"];

    private ExternalChanges Changes => new(Store, Clock, PracticeGroup.MirrorsHalaxyAsync);

    private static ExternalOrigin Google(PrivacyLevel level) => new("link-1", "Google", level);

    [Fact]
    public async Task Never_undoes_what_others_changed_and_leaves_what_it_does_not_know()
    {
        var (pushes, late) = (0, 0);
        foreach (var steps in Gen.Choose(0, 9_999).ListOf(12).Sample(60, 12))
        {
            var uid = Guid.NewGuid().ToString();
            await PutAsync(Event(uid, "DTSTART;TZID=Australia/Melbourne:20260304T100000\nDTEND;TZID=Australia/Melbourne:20260304T104500\nSUMMARY:first\nDESCRIPTION:first\nLOCATION:first\n" + Own.ReplaceLineEndings("\n")));
            var truth = new Dictionary<string, string> { ["SUMMARY"] = "first", ["DESCRIPTION"] = "first", ["LOCATION"] = "first", ["TIME"] = "20260304T100000" };
            var had = await CopyAsync(uid);
            var has = had.Clone();
            var mine = new Dictionary<string, string>();
            foreach (var step in steps)
            {
                var random = new Random(step);
                var field = truth.Keys.Order(StringComparer.Ordinal).ElementAt(random.Next(4));
                var value = field == "TIME" ? $"20260305T{8 + random.Next(10):00}0000" : $"{field} {step}";
                switch (step % 4)
                {
                    case 0:
                        Set(has, field, value);
                        // what is as it was again was not changed
                        if (value == Get(had, field)) mine.Remove(field);
                        else mine[field] = value;
                        break;
                    case 1:
                        var edit = field switch
                        {
                            "SUMMARY" => new AppointmentEdit { Title = value },
                            "DESCRIPTION" => new AppointmentEdit { Comments = value },
                            "LOCATION" => new AppointmentEdit { Location = value },
                            _ => new AppointmentEdit { Start = new LocalDateTime(2026, 3, 5, int.Parse(value[9..11], null), 0) },
                        };
                        await Diary.EditAsync(new AppointmentTarget(uid), edit);
                        truth[field] = value;
                        break;
                    case 2:
                        var phone = CalendarObject.Parse(Encoding.UTF8.GetBytes((await ReadAsync(uid))!));
                        Set(phone, field, value);
                        await PutAsync(Encoding.UTF8.GetString(phone.ToBytes()));
                        truth[field] = value;
                        break;
                    default:
                        var applied = Assert.IsType<ExternalApplied>(await Changes.PatchAsync(new AppointmentKey(Practitioner.Id, uid), Google(PrivacyLevel.FullName), had, has, cancellationToken: TestContext.Current.CancellationToken));
                        foreach (var (name, own) in mine) truth[name] = own;
                        late += truth.Count(pair => Get(had, pair.Key) != pair.Value && !mine.ContainsKey(pair.Key));
                        mine.Clear();
                        pushes++;
                        had = Vocabulary(applied.Shown!.Value);
                        has = had.Clone();
                        break;
                }
            }

            var text = (await ReadAsync(uid))!;
            var now = CalendarObject.Parse(Encoding.UTF8.GetBytes(text));
            foreach (var (name, value) in truth) Assert.Equal(value, Get(now, name));
            Assert.Contains(Own.Split("BEGIN:VALARM")[0], text, StringComparison.Ordinal);
            Assert.Contains("BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Soon\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n", text, StringComparison.Ordinal);
        }

        Assert.True(pushes > 60 && late > 60, $"{pushes} pushes, {late} fields that others had changed");
    }

    [Fact]
    public async Task Moves_a_patient_appointment_and_does_not_rename_it_and_the_diary_says_who_did()
    {
        var id = await Diary.BookAsync(Session);
        var had = Vocabulary(HxCalendar.Represent((await FindAsync(id))!, PrivacyLevel.Initials));
        var has = had.Clone();
        Set(has, "SUMMARY", "Somebody else");
        Set(has, "TIME", "20260305T090000");
        var applied = Assert.IsType<ExternalApplied>(await Changes.PatchAsync(new AppointmentKey(Practitioner.Id, id), Google(PrivacyLevel.Initials), had, has, cancellationToken: TestContext.Current.CancellationToken));
        Assert.False(applied.IsAsSent);
        Assert.Equal([RejectionKind.Title], applied.NotTaken.Select(field => field.Kind));
        var appointment = await GetAsync(id);
        Assert.Equal("Jane", appointment.Patients[0].GivenName);
        Assert.Equal(new LocalDateTime(2026, 3, 5, 9, 0), appointment.Start.LocalDateTime);
        Assert.Equal("Confidential remarks", appointment.Comments);
        var lines = await HistoryAsync(id);
        Assert.Equal(("link-1", "Google"), (lines[^1].DeviceId, lines[^1].Device));
    }

    [Fact]
    public async Task Moves_a_series_and_its_place_also_that_of_a_session_which_the_practice_moved_meanwhile()
    {
        var id = await Diary.BookAsync(Weekly with { Location = null });
        var had = Vocabulary(HxCalendar.Represent((await FindAsync(id))!, PrivacyLevel.Initials));
        var has = had.Clone();
        await Diary.EditAsync(new AppointmentTarget(id, Week(0)), new AppointmentEdit { Start = new LocalDateTime(2026, 3, 2, 8, 0) }, SeriesScope.ThisOne);
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), new AppointmentEdit { Start = Week(2).PlusHours(1) }, SeriesScope.ThisOne);
        Set(has, "LOCATION", "Room 9");
        Set(has, "TIME", "20260304T113000");
        var applied = Assert.IsType<ExternalApplied>(await Changes.PatchAsync(new AppointmentKey(Practitioner.Id, id), Google(PrivacyLevel.Initials), had, has, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty(applied.NotTaken);
        foreach (var component in CalendarObject.Parse(applied.Shown!.Value).Calendar.Components.Where(component => component.Name == "VEVENT")) Assert.Equal("Room 9", component.Find("LOCATION")?.Text);
    }

    [Fact]
    public async Task Leaves_out_the_changes_that_are_not_to_count()
    {
        var id = await Diary.AddPersonalAsync(new PersonalEntry("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1)));
        var had = await CopyAsync(id);
        var has = had.Clone();
        Set(has, "SUMMARY", "Late lunch");
        Set(has, "TIME", "20260304T140000");
        await Changes.PatchAsync(new AppointmentKey(Practitioner.Id, id), Google(PrivacyLevel.FullName), had, has, (_, group) => group != FieldGroup.Times, cancellationToken: TestContext.Current.CancellationToken);
        var lunch = await GetAsync(id);
        Assert.Equal(("Late lunch", 12), (lunch.Title, lunch.Start.Hour));
    }

    [Fact]
    public async Task Changes_nothing_when_nothing_differs()
    {
        var id = await Diary.BookAsync(Weekly);
        var before = (await FindAsync(id))!.Row.Change;
        var had = await CopyAsync(id, PrivacyLevel.Busy);
        Assert.IsType<ExternalApplied>(await Changes.PatchAsync(new AppointmentKey(Practitioner.Id, id), Google(PrivacyLevel.Busy), had, had, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(before, (await FindAsync(id))!.Row.Change);
    }

    [Fact]
    public async Task Removes_a_personal_appointment_and_cancels_that_of_a_patient_and_what_is_gone_is_gone()
    {
        var (own, patient) = (await Diary.AddPersonalAsync(new PersonalEntry("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1))), await Diary.BookAsync(Session));
        foreach (var id in (string[])[own, patient]) Assert.IsType<ExternalApplied>(await RemoveAsync(id));
        Assert.Null(await FindAsync(own));
        Assert.Equal(Practice.Appointments.AppointmentStatus.Cancelled, (await GetAsync(patient)).Status);
        Assert.IsType<ExternalGone>(await RemoveAsync(own));
        Assert.IsType<ExternalGone>(await RemoveAsync(patient));
        var copy = Vocabulary(Encoding.UTF8.GetBytes(Event(patient, "DTSTART:20260303T000000Z")));
        Assert.IsType<ExternalGone>(await Changes.PatchAsync(new AppointmentKey(Practitioner.Id, patient), Google(PrivacyLevel.Busy), copy, copy, cancellationToken: TestContext.Current.CancellationToken));

        async Task<ExternalOutcome> RemoveAsync(string uid) =>
            await Changes.RemoveAsync(Practitioner.Id, Google(PrivacyLevel.Busy), ExternalChanges.WithUid(uid), cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Adds_a_personal_appointment_that_the_diary_shows_and_its_condition_and_its_UID_count()
    {
        var applied = Assert.IsType<ExternalApplied>(await PutAsync("new.ics", "u1"));
        Assert.True(applied.IsAsSent);
        Assert.Equal("Tea", (await GetAsync("u1")).Title);
        Assert.Equal("new.ics", Assert.IsType<ExternalUidConflict>(await PutAsync("other.ics", "u1")).Name);
        Assert.IsType<ExternalConditionFailed>(await Changes.PutAsync(Practitioner.Id, "x.ics", Google(PrivacyLevel.FullName), static (_, _) => ValueTask.FromResult<ExternalSending?>(null), cancellationToken: TestContext.Current.CancellationToken));
        Assert.IsType<ExternalGone>(await Changes.PutAsync("nobody", "x.ics", Google(PrivacyLevel.FullName), static (_, _) => ValueTask.FromResult<ExternalSending?>(null), cancellationToken: TestContext.Current.CancellationToken));

        async Task<ExternalOutcome> PutAsync(string name, string uid)
        {
            var bytes = Encoding.UTF8.GetBytes(Event(uid, "DTSTART:20260304T030000Z\nDTEND:20260304T033000Z\nSUMMARY:Tea"));
            return await Changes.PutAsync(Practitioner.Id, name, Google(PrivacyLevel.FullName), (_, _) => ValueTask.FromResult<ExternalSending?>(new ExternalSending(bytes, CalendarObject.Parse(bytes), uid)), cancellationToken: TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Renames_an_appointment_with_a_line_of_audit_and_replaces_none()
    {
        var (one, other) = (await Diary.BookAsync(Session), await Diary.BookAsync(Session));
        var before = await FindAsync(one);
        var renamed = Assert.IsType<ExternalApplied>(await RenameAsync($"{one}.ics", "new.ics"));
        Assert.Equal("new.ics", renamed.Stored!.Row.Name);
        Assert.Equal(before!.Bytes.ToArray(), (await FindAsync(one))!.Bytes.ToArray());
        Assert.Equal("link-1", Assert.Single(await HistoryAsync(one), entry => entry.Action == AuditAction.Renamed).DeviceId);
        Assert.Equal(ExternalChanges.NothingIsReplaced, Assert.IsType<ExternalRefused>(await RenameAsync("new.ics", $"{other}.ics")).Reason);
        // nor what only the diary has under that name
        await Diary.CancelAsync(new AppointmentTarget(other), CancelChoice.Cancel);
        Assert.Equal(ExternalChanges.NothingIsReplaced, Assert.IsType<ExternalRefused>(await RenameAsync("new.ics", $"{other}.ics")).Reason);
        Assert.IsType<ExternalGone>(await RenameAsync($"{other}.ics", "free.ics"));
        Assert.IsType<ExternalConditionFailed>(await RenameAsync("new.ics", "free.ics", static _ => ValueTask.FromResult<IReadOnlyList<StoreOperation>?>(null)));
        await Store.ApplyAsync(StoreBatch.Of(new HxAccess(HxState.Lapsed).Put(Practitioner.Id)), TestContext.Current.CancellationToken);
        Assert.Equal(HxAccess.LapsedReason, Assert.IsType<ExternalRefused>(await RenameAsync("new.ics", "free.ics")).Reason);
        Assert.Equal("new.ics", (await FindAsync(one))!.Row.Name);

        async Task<ExternalOutcome> RenameAsync(string from, string to, Func<StoredObject, ValueTask<IReadOnlyList<StoreOperation>?>>? beside = null) =>
            await Changes.RenameAsync(new HxObjectKey(Practitioner.Id, from), to, Google(PrivacyLevel.FullName), beside, cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Is_refused_when_the_subscription_has_ended()
    {
        var id = await Diary.AddPersonalAsync(new PersonalEntry("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1)));
        await Store.ApplyAsync(StoreBatch.Of(new HxAccess(HxState.Lapsed).Put(Practitioner.Id)), TestContext.Current.CancellationToken);
        var had = await CopyAsync(id);
        var has = had.Clone();
        Set(has, "SUMMARY", "Late lunch");
        Assert.Equal(HxAccess.LapsedReason, Assert.IsType<ExternalRefused>(await Changes.PatchAsync(new AppointmentKey(Practitioner.Id, id), Google(PrivacyLevel.FullName), had, has, cancellationToken: TestContext.Current.CancellationToken)).Reason);
        Assert.Equal("Lunch", (await GetAsync(id)).Title);
        var refused = Assert.Single(await HistoryAsync(id), entry => entry.Action == AuditAction.Refused);
        Assert.Equal((AuditAction.Edited, HxAccess.LapsedReason, "link-1"), (refused.Wanted, refused.Reason, refused.DeviceId));
    }

    [Fact]
    public async Task Is_refused_when_the_practitioner_was_deactivated_whatever_it_is()
    {
        var id = await Diary.AddPersonalAsync(new PersonalEntry("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1)));
        var had = await CopyAsync(id);
        var has = had.Clone();
        Set(has, "SUMMARY", "Late lunch");
        var bytes = Encoding.UTF8.GetBytes(Event("new", "DTSTART:20260304T030000Z\nDTEND:20260304T033000Z\nSUMMARY:Tea"));
        await Store.ApplyAsync(StoreBatch.Of(new SetDeactivated(Practitioner.Id, Clock.Now)), TestContext.Current.CancellationToken);
        var (origin, cancelled) = (Google(PrivacyLevel.FullName), TestContext.Current.CancellationToken);
        ExternalOutcome[] outcomes =
        [
            await Changes.PutAsync(Practitioner.Id, "new.ics", origin, (_, _) => ValueTask.FromResult<ExternalSending?>(new ExternalSending(bytes, CalendarObject.Parse(bytes), "new")), cancellationToken: cancelled),
            await Changes.PatchAsync(new AppointmentKey(Practitioner.Id, id), origin, had, has, cancellationToken: cancelled),
            await Changes.RenameAsync(new HxObjectKey(Practitioner.Id, $"{id}.ics"), "free.ics", origin, cancellationToken: cancelled),
            await Changes.RemoveAsync(Practitioner.Id, origin, ExternalChanges.WithUid(id), cancellationToken: cancelled),
        ];
        Assert.All(outcomes, outcome => Assert.Equal(HxAccess.DeactivatedReason, Assert.IsType<ExternalRefused>(outcome).Reason));
        Assert.Null(await FindAsync("new"));
        Assert.Equal($"{id}.ics", (await FindAsync(id))!.Row.Name);
        Assert.Equal(("Lunch", AppointmentStatus.Booked), ((await GetAsync(id)).Title, (await GetAsync(id)).Status));
        var refused = (await HistoryAsync(id)).Where(entry => entry.Action == AuditAction.Refused).Select(entry => (entry.Wanted, entry.Reason, entry.DeviceId));
        Assert.Equal([(AuditAction.Edited, HxAccess.DeactivatedReason, "link-1"), (AuditAction.Deleted, HxAccess.DeactivatedReason, "link-1")], refused);
        await Store.ApplyAsync(StoreBatch.Of(new SetDeactivated(Practitioner.Id, null)), TestContext.Current.CancellationToken);
        Assert.IsType<ExternalApplied>(await Changes.PatchAsync(new AppointmentKey(Practitioner.Id, id), origin, had, has, cancellationToken: cancelled));
    }

    private async Task<IReadOnlyList<AuditEntry>> HistoryAsync(string id)
    {
        using var snapshot = await Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await DiaryAudit.HistoryAsync(snapshot, new AppointmentKey(Practitioner.Id, id));
    }

    private async Task<CalendarObject> CopyAsync(string uid, PrivacyLevel level = PrivacyLevel.FullName) => Vocabulary(Encoding.UTF8.GetBytes((await ReadAsync(uid, level))!));

    /// <summary>What a side keeps of an object that knows a few properties only.</summary>
    private static CalendarObject Vocabulary(ReadOnlyMemory<byte> bytes)
    {
        var copy = CalendarObject.Parse(bytes);
        foreach (var component in copy.Calendar.Components.Where(component => component.Name == "VEVENT"))
        {
            foreach (var line in component.Properties.Where(line => !Known.Contains(line.Name)).ToList()) component.Remove(line);
            foreach (var inner in component.Components.ToList()) component.Remove(inner);
        }

        return copy;
    }

    private static void Set(CalendarObject copy, string field, string value)
    {
        var component = copy.Calendar.Components.First(component => component.Name == "VEVENT");
        if (field != "TIME")
        {
            component.Set(ContentLine.CreateText(field, value));
            return;
        }

        var start = NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss").Parse(value).Value;
        component.Set(ContentLine.CreateTime("DTSTART", new CalendarTime(start, CalendarTimeKind.Zoned, "Australia/Melbourne")));
        component.Set(ContentLine.CreateTime("DTEND", new CalendarTime(start.PlusMinutes(45), CalendarTimeKind.Zoned, "Australia/Melbourne")));
    }

    private static string Get(CalendarObject copy, string field)
    {
        var component = copy.Calendar.Components.First(component => component.Name == "VEVENT");
        return component.Find(field == "TIME" ? "DTSTART" : field)!.Text;
    }
}
