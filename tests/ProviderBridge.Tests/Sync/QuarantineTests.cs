using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>What one of the sides does not take waits alone, with the reason, and is neither lost nor deleted; what was lost in a conflict is kept, and not for ever.</summary>
public sealed class What_is_not_taken
{
    private static readonly LocalDateTime Tuesday = new(2026, 3, 3, 10, 0);

    private static PersonalEntry Lunch => new("Lunch", Tuesday, Duration.FromHours(1));

    [Fact]
    public async Task An_event_that_the_practice_cannot_take_waits_with_the_reason_and_stays_outside()
    {
        await using var link = await LinkFixture.StartAsync();
        var broken = link.Outside.UserMakes("Broken", Tuesday);
        // it ends before it begins
        link.Outside.UserEdits(broken, one => one.Set(ContentLine.CreateTime("DTEND", new CalendarTime(Tuesday.PlusHours(-3), CalendarTimeKind.Zoned, "Australia/Melbourne"))));
        link.Outside.UserMakes("Dentist", Tuesday.PlusDays(1));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        var uid = Assert.Single((await link.LinkAsync()).Quarantined);
        var item = (await link.ItemAsync(uid))!;
        Assert.True(item is { IsRejected: true, Quarantine.Length: > 10 } && item.HeldSince == link.Clock.Now, item.Quarantine);
        Assert.Equal((1, 1), ((await link.ShownAsync()).Count, (await link.LinkAsync()).Count));

        // neither deleted nor asked for again and again
        for (var n = 0; n < 3; n++)
        {
            link.Clock.Now += Duration.FromMinutes(61);
            await link.PassAsync();
        }

        Assert.Equal((2, 0), (link.Outside.Events.Count, link.Outside.Deletes));
        Assert.Equal(item.HeldSince, (await link.ItemAsync(uid))!.HeldSince);

        link.Outside.UserEdits(broken, one => one.Set(ContentLine.CreateTime("DTEND", new CalendarTime(Tuesday.PlusHours(1), CalendarTimeKind.Zoned, "Australia/Melbourne"))));
        await link.PassAsync();
        Assert.Empty((await link.LinkAsync()).Quarantined);
        Assert.Equal(2, (await link.LinkAsync()).Count);
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task A_new_event_that_reads_as_nothing_stops_no_other_and_is_said()
    {
        await using var link = await LinkFixture.StartAsync();
        link.Outside.Garbled = link.Outside.UserMakes("Garbled", Tuesday);
        link.Outside.UserMakes("Dentist", Tuesday.PlusDays(1));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Single((await link.LinkAsync()).Quarantined);
        Assert.Single(await link.ShownAsync());
        link.Outside.UserDeletes(link.Outside.Garbled);
        link.Outside.Garbled = null;
        await link.PassAsync();
        Assert.Empty((await link.LinkAsync()).Quarantined);
    }

    [Fact]
    public async Task What_somebody_wants_to_be_tried_again_is_tried_at_once()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Tuesday, Duration.FromHours(1)));
        await link.PassAsync();
        link.Outside.Refuses = true;
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = "Early lunch" });
        await link.PassAsync();
        link.Outside.Refuses = false;
        await link.PassAsync();
        Assert.Single((await link.LinkAsync()).Quarantined);
        await link.ChangeAsync(held => held with { AskedAgain = held.Quarantined });
        await link.PassAsync();
        Assert.Empty((await link.LinkAsync()).Quarantined);
        Assert.Empty((await link.LinkAsync()).AskedAgain);
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task A_series_of_which_no_occurrence_is_left_is_not_outside_and_comes_back_with_its_first()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.BookAsync(new Booking([link.Jane], "Consultation", Tuesday, Duration.FromMinutes(45)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 2 } });
        await link.PassAsync();
        Assert.Single(link.Outside.Events);
        foreach (var key in (LocalDateTime[])[Tuesday, Tuesday.PlusWeeks(1)]) await link.Diary.CancelAsync(new AppointmentTarget(id, key), CancelChoice.Delete, SeriesScope.ThisOne);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Empty(link.Outside.Events);
        Assert.Empty((await link.LinkAsync()).Quarantined);
    }

    [Fact]
    public async Task Conflicts_are_kept_for_ninety_days_and_two_hundred_of_a_link()
    {
        await using var link = await LinkFixture.StartAsync();
        var now = link.Clock.Now;
        var many = Enumerable.Range(0, Conflict.MostKept + 20).Select(n => new Conflict(now - Duration.FromHours(n), "l1", $"u{n}", [FieldGroup.Times], "", "").Put(link.Practitioner));
        var old = new Conflict(now - Conflict.Lasts, "l2", "old", [FieldGroup.Times], "", "").Put(link.Practitioner);
        var other = new Conflict(now, "l2", "new", [FieldGroup.Times], "", "").Put(link.Practitioner);
        await link.Store.ApplyAsync(new StoreBatch([.. many, old, other]), TestContext.Current.CancellationToken);
        using (var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
            Assert.True((await link.Store.ApplyAsync(new StoreBatch(await Conflict.ForgetOldAsync(snapshot, link.Practitioner, now)), TestContext.Current.CancellationToken)).Succeeded);
        var kept = await link.ConflictsAsync();
        Assert.Equal((Conflict.MostKept, 1), (kept.Count(one => one.LinkId == "l1"), kept.Count(one => one.LinkId == "l2")));
        Assert.DoesNotContain(kept, one => one.Uid is "old" or "u219");
    }

    [Fact]
    public async Task What_is_shown_is_lowered_and_nothing_hidden_stays_outside()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        for (var n = 0; n < 3; n++) await link.Diary.BookAsync(new Booking([link.Jane], "Consultation", Tuesday.PlusDays(n), Duration.FromMinutes(45)));
        await link.PassAsync();
        Assert.All(link.Outside.Events.Values, one => Assert.Contains("Brownlow", LinkItem.Text(one.Content), StringComparison.Ordinal));
        await link.ChangeAsync(shows => shows with { Level = PrivacyLevel.Busy, RewritingSince = link.Clock.Now });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.All(link.Outside.Events.Values, one => Assert.DoesNotContain("Brownlow", LinkItem.Text(one.Content), StringComparison.Ordinal));
        Assert.Null((await link.LinkAsync()).RewritingSince);
    }

    [Fact]
    public async Task What_cannot_be_rewritten_to_show_less_is_removed_and_made_again()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        var id = await link.Diary.BookAsync(new Booking([link.Jane], "Consultation", Tuesday, Duration.FromMinutes(45)));
        await link.PassAsync();
        link.Outside.Refuses = true;
        await link.ChangeAsync(shows => shows with { Level = PrivacyLevel.Busy, RewritingSince = link.Clock.Now, IsLowered = true });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        var (made, there) = Assert.Single(link.Outside.Events);
        Assert.Equal($"ours-{id}-1", made);
        Assert.DoesNotContain("Brownlow", LinkItem.Text(there.Content), StringComparison.Ordinal);
        Assert.True(await link.LinkAsync() is { RewritingSince: null, IsLowered: false, Quarantined: [] });
        await link.PassAsync();
        Assert.Single(await link.ShownAsync());
        Assert.Single(link.Outside.Events);
    }

    [Fact]
    public async Task While_something_could_not_be_rewritten_that_is_said()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await link.Diary.BookAsync(new Booking([link.Jane], "Consultation", Tuesday, Duration.FromMinutes(45)));
        await link.PassAsync();
        link.Outside.Refuses = true;
        await link.ChangeAsync(shows => shows with { Level = PrivacyLevel.Busy, RewritingSince = link.Clock.Now });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.NotNull((await link.LinkAsync()).RewritingSince);
        link.Outside.Refuses = false;
        await link.PassAsync();
        Assert.Null((await link.LinkAsync()).RewritingSince);
        Assert.DoesNotContain("Brownlow", LinkItem.Text(Assert.Single(link.Outside.Events).Value.Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_damaged_in_the_practice_stops_no_other()
    {
        await using var link = await LinkFixture.StartAsync();
        var (damaged, other) = (await link.Diary.AddPersonalAsync(Lunch), await link.Diary.AddPersonalAsync(Lunch with { Title = "Other" }));
        await link.PassAsync();
        await link.DamageAsync(damaged);
        await link.Diary.EditAsync(new AppointmentTarget(other), new AppointmentEdit { Title = "Another" });
        link.Outside.UserEdits($"ours-{damaged}-0", one => one.Set(ContentLine.CreateText("SUMMARY", "Changed")));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal([damaged], (await link.LinkAsync()).Quarantined);
        Assert.Contains("SUMMARY:Another", LinkItem.Text(link.Outside.Events[$"ours-{other}-0"].Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Made_again_from_now_on_it_has_no_more_than_before()
    {
        await using var link = await LinkFixture.StartAsync();
        await link.Diary.AddPersonalAsync(new PersonalEntry("Long ago", Tuesday, Duration.FromHours(1)));
        var from = (await link.HxAsync()).Change;
        await link.ChangeAsync(made => made with { HxCursor = from, From = from });
        await link.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Tuesday.PlusDays(1), Duration.FromHours(1)));
        await link.PassAsync();
        Assert.Single(link.Outside.Events);
        await link.ChangeAsync(again => again.Resynced());
        await link.PassAsync();
        Assert.Single(link.Outside.Events);
        Assert.Equal(1, (await link.LinkAsync()).Count);
    }

    [Fact]
    public async Task What_happened_is_told_without_content()
    {
        await using var link = await LinkFixture.StartAsync();
        for (var n = 0; n < 12; n++) await link.Diary.AddPersonalAsync(new PersonalEntry("Secret lunch", Tuesday.PlusDays(n), Duration.FromHours(1)));
        await link.PassAsync();
        await link.PassAsync();
        foreach (var id in link.Outside.Events.Keys.ToList()) link.Outside.UserDeletes(id);
        await link.PassAsync();
        using var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var events = await (await link.LinkAsync()).ReadTimelineAsync(snapshot);
        Assert.Equal([LinkEventKind.Passed, LinkEventKind.DeletesHeld], events.Select(one => one.Kind));
        Assert.Equal((12, 12), (events[0].Counts!.Out, events[1].Deletions));
    }
}
