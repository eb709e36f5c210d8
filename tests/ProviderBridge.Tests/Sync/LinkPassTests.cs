using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>A link's pass, one story at a time.</summary>
public sealed class A_pass_of_a_link
{
    private static readonly LocalDateTime Tuesday = new(2026, 3, 3, 10, 0);

    private static PersonalEntry Lunch => new("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1));

    [Fact]
    public async Task Brings_what_the_practice_has_outside_and_what_the_user_makes_in()
    {
        await using var link = await LinkFixture.StartAsync();
        await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", Tuesday, Duration.FromMinutes(45)));
        link.Outside.UserMakes("Dentist", new LocalDateTime(2026, 3, 5, 9, 0));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.AssertAgreeAsync("");
        Assert.Equal(2, link.Outside.Events.Count);
        Assert.DoesNotContain(link.Outside.Events.Values, one => LinkItem.Text(one.Content).Contains("Brownlow", StringComparison.Ordinal));
        Assert.Contains(await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 4, 1, 0, 0)), one => one is { Title: "Dentist", Kind: AppointmentKind.Personal });
        await QuietAsync(link);
    }

    [Fact]
    public async Task From_now_on_leaves_what_was_there_until_it_changes()
    {
        await using var link = await LinkFixture.StartAsync();
        var earlier = await link.Diary.AddPersonalAsync(Lunch);
        await link.Store.ApplyAsync(StoreBatch.Of((await link.LinkAsync() with { HxCursor = (await link.HxAsync()).Change }).Put()), TestContext.Current.CancellationToken);
        await link.PassAsync();
        Assert.Empty(link.Outside.Events);
        await link.Diary.EditAsync(new AppointmentTarget(earlier), new AppointmentEdit { Title = "Late lunch" });
        await link.PassAsync();
        Assert.Single(link.Outside.Events);
    }

    [Fact]
    public async Task Takes_a_move_of_a_patient_appointment_and_puts_its_title_back()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", Tuesday, Duration.FromMinutes(45)));
        await link.PassAsync();
        var outside = link.Outside.Events.Values.Single();
        var title = outside.Content.Calendar.Components.First(component => component.Name == "VEVENT").Find("SUMMARY")!.Text;
        link.Outside.UserEdits(outside.Id, one =>
        {
            one.Set(ContentLine.CreateText("SUMMARY", "Jane Brownlow"));
            Move(one, Tuesday.PlusHours(2));
        });
        await link.PassAsync();
        Assert.Equal(Tuesday.PlusHours(2), (await link.Diary.GetAsync(new AppointmentTarget(id))).Start.LocalDateTime);
        Assert.Equal(title, link.Outside.Events.Values.Single().Content.Calendar.Components.First(component => component.Name == "VEVENT").Find("SUMMARY")!.Text);
        await QuietAsync(link);
    }

    [Fact]
    public async Task One_that_cannot_be_understood_waits_alone()
    {
        await using var link = await LinkFixture.StartAsync();
        var garbled = link.Outside.UserMakes("Garbled", Tuesday);
        await link.PassAsync();
        var other = link.Outside.UserMakes("Dentist", Tuesday.PlusDays(1));
        await link.PassAsync();
        link.Outside.UserEdits(garbled, one => one.Set(ContentLine.CreateText("SUMMARY", "Never read")));
        link.Outside.UserEdits(other, one => one.Set(ContentLine.CreateText("SUMMARY", "Optician")));
        link.Outside.Garbled = garbled;
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Single((await link.LinkAsync()).Quarantined);
        var titles = (await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 4, 1, 0, 0))).Select(one => one.Title).Order(StringComparer.Ordinal);
        Assert.Equal(["Garbled", "Optician"], titles);
        link.Outside.Garbled = null;
        link.Clock.Now += Duration.FromMinutes(61);
        await link.PassAsync();
        Assert.Empty((await link.LinkAsync()).Quarantined);
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task What_was_refused_outside_is_owed_and_written_once_it_is_taken()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", Tuesday, Duration.FromMinutes(45)));
        await link.PassAsync();
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = Tuesday.PlusHours(1) });
        link.Outside.Refuses = true;
        await link.PassAsync();
        Assert.Single((await link.LinkAsync()).Quarantined);
        link.Outside.Refuses = false;
        link.Clock.Now += Duration.FromMinutes(61);
        await link.PassAsync();
        Assert.Empty((await link.LinkAsync()).Quarantined);
        await link.AssertAgreeAsync("");
        await QuietAsync(link);
    }

    [Fact]
    public async Task What_the_practice_moves_often_is_no_quarrel_and_what_others_change_back_each_time_waits()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", Tuesday, Duration.FromMinutes(45)));
        await link.PassAsync();
        for (var n = 1; n <= 8; n++)
        {
            await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = Tuesday.PlusMinutes(15 * n) });
            await link.PassAsync();
            Assert.Empty((await link.LinkAsync()).Quarantined);
        }

        for (var n = 0; n < 8; n++)
        {
            link.Outside.UserEdits(link.Outside.Events.Keys.Single(), one => one.Set(ContentLine.CreateText("SUMMARY", "Mine")));
            await link.PassAsync();
        }

        Assert.Single((await link.LinkAsync()).Quarantined);
        link.Clock.Now += Duration.FromMinutes(61);
        await link.PassAsync();
        Assert.Empty((await link.LinkAsync()).Quarantined);
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task The_practice_moves_a_patient_whose_event_was_made_with_a_lost_answer_and_its_time_counts()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", Tuesday, Duration.FromMinutes(45)));
        link.Outside.LosesAnswer = true;
        Assert.Equal(PassResult.Later, await link.PassAsync());
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = Tuesday.PlusHours(1) });
        link.Clock.Now += Duration.FromMinutes(6);
        link.Outside.UserEdits(link.Outside.Events.Keys.Single(), one => one.Set(ContentLine.CreateText("SUMMARY", "Mine")));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(Tuesday.PlusHours(1), (await link.Diary.GetAsync(new AppointmentTarget(id))).Start.LocalDateTime);
        Assert.Single(link.Outside.Events);
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task Both_moved_the_time_of_a_patient_appointment_is_the_practices_and_both_versions_are_kept()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", Tuesday, Duration.FromMinutes(45)));
        await link.PassAsync();
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = Tuesday.PlusHours(1) });
        link.Clock.Now += Duration.FromMinutes(1);
        link.Outside.UserEdits(link.Outside.Events.Keys.Single(), one => Move(one, Tuesday.PlusHours(3)));
        await link.PassAsync();
        Assert.Equal(Tuesday.PlusHours(1), (await link.Diary.GetAsync(new AppointmentTarget(id))).Start.LocalDateTime);
        await link.AssertAgreeAsync("");
        using var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var conflict = Assert.Single(await Conflict.ListAsync(snapshot, link.Practitioner));
        Assert.True(conflict.PracticeWins);
        Assert.Contains("T130000", conflict.Outside, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_personal_appointment_the_newer_version_counts_and_different_fields_are_merged()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.AddPersonalAsync(Lunch);
        await link.PassAsync();
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = "Early lunch", Location = "Cafe" });
        link.Clock.Now += Duration.FromMinutes(1);
        link.Outside.UserEdits(link.Outside.Events.Keys.Single(), one =>
        {
            one.Set(ContentLine.CreateText("SUMMARY", "Late lunch"));
            Move(one, new LocalDateTime(2026, 3, 4, 14, 0));
        });
        await link.PassAsync();
        var lunch = await link.Diary.GetAsync(new AppointmentTarget(id));
        Assert.Equal(("Late lunch", "Cafe", 14), (lunch.Title, lunch.Location, lunch.Start.Hour));
        await link.AssertAgreeAsync("");
        await QuietAsync(link);
    }

    [Fact]
    public async Task A_deletion_outside_cancels_the_appointment_of_a_patient_and_one_here_is_made_there()
    {
        await using var link = await LinkFixture.StartAsync();
        var (patient, own) = (await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", Tuesday, Duration.FromMinutes(45))), await link.Diary.AddPersonalAsync(Lunch));
        await link.PassAsync();
        link.Outside.UserDeletes($"ours-{patient}-0");
        await link.Diary.CancelAsync(new AppointmentTarget(own), CancelChoice.Delete);
        await link.PassAsync();
        Assert.Equal(AppointmentStatus.Cancelled, (await link.Diary.GetAsync(new AppointmentTarget(patient))).Status);
        Assert.Empty(link.Outside.Events);
        Assert.Equal(0, (await link.LinkAsync()).Count);
        await QuietAsync(link);
    }

    [Fact]
    public async Task What_the_practice_changed_meanwhile_is_made_again_after_a_deletion_outside()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", Tuesday, Duration.FromMinutes(45)));
        await link.PassAsync();
        link.Outside.UserDeletes($"ours-{id}-0");
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Start = Tuesday.PlusHours(1) });
        await link.PassAsync();
        Assert.Equal($"ours-{id}-1", link.Outside.Events.Keys.Single());
        Assert.Equal(AppointmentStatus.Booked, (await link.Diary.GetAsync(new AppointmentTarget(id))).Status);
    }

    [Fact]
    public async Task Many_deletions_at_once_wait_for_a_person()
    {
        await using var link = await LinkFixture.StartAsync();
        for (var n = 0; n < 15; n++) await link.Diary.AddPersonalAsync(Lunch with { Title = $"Lunch {n}" });
        await link.PassAsync();
        foreach (var id in link.Outside.Events.Keys.ToList()) link.Outside.UserDeletes(id);
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal(LinkState.DeletesHeld, (await link.LinkAsync()).State);
        Assert.Equal(15, (await link.ShownAsync()).Count);
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal(15, (await link.LinkAsync()).HeldDeletions);

        // fewer were meant than there are
        await link.ChangeAsync(held => held with { State = LinkState.Active, AllowedDeletions = 14 });
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal(15, (await link.ShownAsync()).Count);

        // meant
        await link.ChangeAsync(held => held with { State = LinkState.Active, AllowedDeletions = held.HeldDeletions });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Empty(await link.ShownAsync());
        Assert.Equal(0, (await link.LinkAsync()).AllowedDeletions);
    }

    [Fact]
    public async Task Many_deletions_in_small_portions_wait_for_a_person_too()
    {
        await using var link = await LinkFixture.StartAsync();
        for (var n = 0; n < 30; n++) await link.Diary.AddPersonalAsync(Lunch with { Title = $"Lunch {n}" });
        await link.PassAsync();
        for (var portion = 0; portion < 2; portion++)
        {
            DeleteOutside(link, 5);
            Assert.Equal(PassResult.Done, await link.PassAsync());
            link.Clock.Now += Duration.FromMinutes(2);
        }

        Assert.Equal([5, 5], (await link.LinkAsync()).Removed.Select(one => one.Count));
        DeleteOutside(link, 5);
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal((LinkState.DeletesHeld, 5), ((await link.LinkAsync()).State, (await link.LinkAsync()).HeldDeletions));
        Assert.Equal(20, (await link.ShownAsync()).Count);

        // meant: neither these nor those before count again
        await link.ChangeAsync(held => held with { State = LinkState.Active, AllowedDeletions = held.HeldDeletions });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        DeleteOutside(link, 5);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(10, (await link.ShownAsync()).Count);

        // an hour later none of them counts
        link.Clock.Now += Duration.FromMinutes(61);
        DeleteOutside(link, 8);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(8, Assert.Single((await link.LinkAsync()).Removed).Count);
    }

    [Fact]
    public async Task A_calendar_that_lists_nothing_is_asked_about_when_all_is_compared_again_too()
    {
        await using var link = await LinkFixture.StartAsync();
        for (var n = 0; n < 3; n++) await link.Diary.AddPersonalAsync(Lunch with { Title = $"Lunch {n}" });
        await link.PassAsync();
        DeleteOutside(link, 3);
        await link.ChangeAsync(again => again.Resynced());
        Assert.Equal(PassResult.Stopped, await link.PassAsync());
        Assert.Equal((LinkState.DeletesHeld, 3), ((await link.LinkAsync()).State, (await link.ShownAsync()).Count));
    }

    [Fact]
    public async Task What_is_moved_to_another_path_is_still_found_when_it_is_deleted_there()
    {
        await using var link = await LinkFixture.StartAsync();
        var (one, other) = (await link.Diary.AddPersonalAsync(Lunch), await link.Diary.AddPersonalAsync(Lunch with { Title = "Other" }));
        await link.PassAsync();
        // they swap their paths between two passes
        await MoveAsync(link, $"{one}.ics", "aside.ics");
        await MoveAsync(link, $"{other}.ics", $"{one}.ics");
        await MoveAsync(link, "aside.ics", $"{other}.ics");
        await link.PassAsync();
        Assert.Equal(($"{other}.ics", $"{one}.ics"), ((await link.ItemAsync(one))!.HxName, (await link.ItemAsync(other))!.HxName));
        await link.AssertAgreeAsync("");
        foreach (var name in (string[])[$"{one}.ics", $"{other}.ics"])
            Assert.True((await link.Store.ApplyAsync(StoreBatch.Of(new DeleteObject((await link.HxAsync()).Id, name)), TestContext.Current.CancellationToken)).Succeeded);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Empty(link.Outside.Events);
    }

    [Fact]
    public async Task A_link_that_was_written_by_an_earlier_version_goes_on()
    {
        await using var link = await LinkFixture.StartAsync();
        var document = System.Text.Json.Nodes.JsonNode.Parse((((PutRecord)(await link.LinkAsync()).Put()).Document).Span)!.AsObject();
        Assert.True(document.Remove("removed"));
        var written = new PutRecord(Link.RecordKind, link.Practitioner, "l1", System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()));
        Assert.True((await link.Store.ApplyAsync(StoreBatch.Of(written), TestContext.Current.CancellationToken)).Succeeded);
        await link.Diary.AddPersonalAsync(Lunch);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        DeleteOutside(link, 1);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(1, Assert.Single((await link.LinkAsync()).Removed).Count);
    }

    [Fact]
    public async Task A_copy_of_one_of_ours_is_an_appointment_of_its_own()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", Tuesday, Duration.FromMinutes(45)));
        await link.PassAsync();
        link.Outside.UserCopies($"ours-{id}-0");
        await link.PassAsync();
        Assert.Equal(2, (await link.ShownAsync()).Count);
        Assert.Equal(AppointmentKind.Patient, (await link.Diary.GetAsync(new AppointmentTarget(id))).Kind);
        await link.AssertAgreeAsync("");
        await QuietAsync(link);
    }

    [Fact]
    public async Task A_link_that_was_made_anew_finds_what_it_made_before()
    {
        await using var link = await LinkFixture.StartAsync();
        await link.Diary.AddPersonalAsync(Lunch);
        await link.PassAsync();
        using (var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            foreach (var item in await LinkItem.ListAsync(snapshot, link.Key)) await link.Store.ApplyAsync(new StoreBatch([.. item.Remove(link.Key)]), TestContext.Current.CancellationToken);
        }

        await link.Store.ApplyAsync(StoreBatch.Of((await link.LinkAsync() with { HxCursor = 0, OutsideCursor = null }).Put()), TestContext.Current.CancellationToken);
        await link.PassAsync();
        Assert.Single(link.Outside.Events);
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task Two_workers_do_not_work_on_one_link()
    {
        await using var link = await LinkFixture.StartAsync();
        Assert.NotNull(await LinkLease.TakeAsync(link.Store, "l1", link.Clock.Now));
        Assert.Equal(PassResult.Busy, await link.PassAsync());
        link.Clock.Now += Duration.FromMinutes(6);
        Assert.Equal(PassResult.Done, await link.PassAsync());
    }

    [Fact]
    public async Task A_worker_that_lost_its_lease_writes_nothing_more()
    {
        await using var link = await LinkFixture.StartAsync();
        var stale = (await LinkLease.TakeAsync(link.Store, "l1", link.Clock.Now))!;
        link.Clock.Now += Duration.FromMinutes(6);
        Assert.NotNull(await LinkLease.TakeAsync(link.Store, "l1", link.Clock.Now));
        var written = await link.Store.ApplyAsync(new StoreBatch([stale.Expect(), (await link.LinkAsync() with { Count = 9 }).Put()]), TestContext.Current.CancellationToken);
        Assert.Equal(StoreFailureKind.Precondition, written.Failure!.Kind);
    }

    private static async Task MoveAsync(LinkFixture link, string from, string to)
    {
        var hx = await link.HxAsync();
        using var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var stored = (await snapshot.FindObjectAsync(hx.Id, from))!;
        StoreOperation[] steps = [new DeleteObject(hx.Id, from), new PutObject(hx.Id, to, stored.Bytes, stored.Row.Index, Details: stored.Row.Details, Level: stored.Row.Level)];
        Assert.True((await link.Store.ApplyAsync(new StoreBatch(steps), TestContext.Current.CancellationToken)).Succeeded);
    }

    private static void DeleteOutside(LinkFixture link, int count)
    {
        foreach (var id in link.Outside.Events.Keys.Take(count).ToList()) link.Outside.UserDeletes(id);
    }

    private static void Move(Component component, LocalDateTime start)
    {
        var length = Read(component, "DTEND") - Read(component, "DTSTART");
        component.Set(ContentLine.CreateTime("DTSTART", new CalendarTime(start, CalendarTimeKind.Zoned, "Australia/Melbourne")));
        component.Set(ContentLine.CreateTime("DTEND", new CalendarTime(start + length, CalendarTimeKind.Zoned, "Australia/Melbourne")));
    }

    private static LocalDateTime Read(Component component, string name)
    {
        Assert.True(component.Find(name)!.TryReadTime(out var time));
        return time.Local;
    }

    /// <summary>Two more passes write nothing.</summary>
    private static async Task QuietAsync(LinkFixture link)
    {
        var (writes, deletes, change) = (link.Outside.Writes, link.Outside.Deletes, (await link.HxAsync()).Change);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal((writes, deletes, change), (link.Outside.Writes, link.Outside.Deletes, (await link.HxAsync()).Change));
    }
}
