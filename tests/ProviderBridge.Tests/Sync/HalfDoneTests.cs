using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>What was half done when the next edit came: nothing of ours that is half written counts as somebody's edit, and no edit is lost to it.</summary>
public sealed class What_was_half_done
{
    private static readonly LocalDateTime At = new(2026, 3, 4, 12, 0);

    [Fact]
    public async Task Does_not_bring_back_what_the_practice_deletes_after_a_change_whose_answer_was_lost()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await LunchAsync(link);
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = "Early lunch" });
        link.Outside.LosesChange = true;
        Assert.Equal(PassResult.Later, await PassAsync(link));
        await link.Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Delete);
        Assert.Equal(PassResult.Done, await PassAsync(link));
        Assert.Empty(link.Outside.Events);
        Assert.Empty(await link.ShownAsync());
    }

    [Fact]
    public async Task Is_nobodys_edit_either_once_the_practice_has_taken_it_back()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await LunchAsync(link);
        var title = (await link.Diary.GetAsync(new AppointmentTarget(id))).Title;
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = "Early lunch" });
        link.Outside.LosesChange = true;
        Assert.Equal(PassResult.Later, await PassAsync(link));
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = title });
        link.Outside.IsAway = true;
        Assert.Equal(PassResult.Later, await PassAsync(link));
        Assert.Equal(PassResult.Done, await PassAsync(link));
        Assert.Equal(title, (await link.Diary.GetAsync(new AppointmentTarget(id))).Title);
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task Of_a_series_puts_no_occurrence_back_in_the_practice()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.AddPersonalAsync(new PersonalEntry("Yoga", At, Duration.FromHours(1)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 4 } });
        await link.Diary.EditAsync(new AppointmentTarget(id, At.PlusWeeks(1)), new AppointmentEdit { Start = At.PlusWeeks(1).PlusDays(2) }, SeriesScope.ThisOne);
        Assert.Equal(PassResult.Done, await PassAsync(link));
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = "Yoga for two" });
        link.Outside.StopsAfterSeries = true;
        Assert.Equal(PassResult.Done, await PassAsync(link));
        Assert.Single((await link.LinkAsync()).Quarantined);
        link.Clock.Now += Duration.FromMinutes(61);
        Assert.Equal(PassResult.Done, await PassAsync(link));
        Assert.Equal(At.PlusWeeks(1).PlusDays(2), (await link.Diary.GetAsync(new AppointmentTarget(id, At.PlusWeeks(1)))).Start.LocalDateTime);
        Assert.Empty((await link.LinkAsync()).Quarantined);
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task Does_not_keep_a_restored_appointment_from_being_made()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", At, Duration.FromMinutes(45)));
        link.Outside.IsAwayForNew = true;
        Assert.Equal(PassResult.Later, await PassAsync(link));
        await link.Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Cancel);
        Assert.Equal(PassResult.Done, await PassAsync(link));
        await link.Diary.RestoreAsync(new AppointmentTarget(id));
        Assert.Equal(PassResult.Done, await PassAsync(link));
        Assert.Single(link.Outside.Events);
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task A_copy_that_somebody_changed_before_it_was_saved_is_theirs_though_nobody_has_touched_it_since()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await LunchAsync(link);
        link.Clock.Now += Duration.FromMinutes(6);
        var copy = link.Outside.UserCopies($"ours-{id}-0");
        link.Outside.UserEdits(copy, one => one.Set(ContentLine.CreateText("SUMMARY", "Late lunch")));
        link.Outside.Events[copy] = link.Outside.Events[copy] with { IsUntouched = true };
        link.Outside.UserDeletes($"ours-{id}-0");
        Assert.Equal(PassResult.Done, await PassAsync(link));
        Assert.Equal("Late lunch", (await link.Diary.GetAsync(new AppointmentTarget(id))).Title);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_practice_changed_is_not_lost_when_a_copy_takes_the_place_of_what_is_gone(bool isEdited)
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await LunchAsync(link);
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = "Early lunch" });
        link.Clock.Now += Duration.FromMinutes(6);
        var copy = link.Outside.UserCopies($"ours-{id}-0");
        if (isEdited) link.Outside.UserEdits(copy, one => one.Set(ContentLine.CreateText("SUMMARY", "Late lunch")));
        link.Outside.UserDeletes($"ours-{id}-0");
        Assert.Equal(PassResult.Done, await PassAsync(link));
        Assert.Equal(isEdited ? "Late lunch" : "Early lunch", (await link.Diary.GetAsync(new AppointmentTarget(id))).Title);
        await link.AssertAgreeAsync("");
        var kept = (await link.ConflictsAsync()).Select(one => Ledger.ValueOf(one.ReadPractice(), FieldGroup.Text));
        Assert.Equal(isEdited ? ["Early lunch"] : [], kept);
    }

    [Fact]
    public async Task What_the_practice_has_otherwise_is_kept_when_a_link_that_was_made_anew_finds_a_newer_one()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await LunchAsync(link);
        using (var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            await link.Store.ApplyAsync(new StoreBatch([.. (await LinkItem.FindAsync(snapshot, link.Key, id))!.Remove(link.Key)]), TestContext.Current.CancellationToken);
        }

        await link.ChangeAsync(known => known with { HxCursor = 0, OutsideCursor = null });
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = "Early lunch" });
        link.Clock.Now += Duration.FromMinutes(6);
        link.Outside.UserEdits($"ours-{id}-0", one => one.Set(ContentLine.CreateText("LOCATION", "Canteen")));
        Assert.Equal(PassResult.Done, await PassAsync(link));
        await link.AssertAgreeAsync("");
        Assert.Equal("Early lunch", Ledger.ValueOf(Assert.Single(await link.ConflictsAsync()).ReadPractice(), FieldGroup.Text));
    }

    /// <summary>A title that is put back, as it is a patient's; and one that is taken.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_removed_there_does_not_come_back_wherever_the_pass_before_was_cut_short(bool isPatient)
    {
        for (var after = 0; after < 8; after++) await EditThereCutAndRemoveAsync(isPatient, after);
    }

    private static async Task EditThereCutAndRemoveAsync(bool isPatient, int after)
    {
        await using var link = await LinkFixture.StartAsync();
        var id = isPatient ? await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", At, Duration.FromMinutes(45))) : await LunchAsync(link);
        Assert.Equal(PassResult.Done, await PassAsync(link));
        link.Outside.UserEdits($"ours-{id}-0", one => one.Set(ContentLine.CreateText("SUMMARY", "Mine")));
        link.Clock.Now += Duration.FromMinutes(6);
        try
        {
            await link.PassAsync(new CutStore(link.Store, after));
        }
        catch (CutException)
        {
            // the process is gone: its lease ends by itself
        }

        link.Outside.UserDeletes($"ours-{id}-0");
        Assert.Equal(PassResult.Done, await PassAsync(link));
        Assert.True(link.Outside.Events.Count == 0, $"cut after {after} writes");
        Assert.Empty(await link.ShownAsync());
    }

    /// <summary>As an online meeting's words, which cannot be written.</summary>
    [Fact]
    public async Task What_shows_more_than_it_may_and_keeps_it_is_removed_and_made_anew()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", At, Duration.FromMinutes(45)) { Comments = "Secret" });
        Assert.Equal(PassResult.Done, await PassAsync(link));
        link.Outside.Keeps = one => one.Set(ContentLine.CreateText("DESCRIPTION", "Secret"));
        await link.ChangeAsync(shows => shows with { Level = PrivacyLevel.Busy, RewritingSince = link.Clock.Now, IsLowered = true });
        Assert.Equal(PassResult.Done, await PassAsync(link));
        Assert.DoesNotContain("Secret", LinkItem.Text(Assert.Single(link.Outside.Events).Value.Content), StringComparison.Ordinal);
        Assert.True(await link.LinkAsync() is { RewritingSince: null, IsLowered: false });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_made_anew_is_made_anew_once_whatever_the_service_makes_of_it(bool refuses)
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", At, Duration.FromMinutes(45)));
        Assert.Equal(PassResult.Done, await PassAsync(link));
        (link.Outside.Refuses, link.Outside.Alters) = (refuses, one => one.Set(ContentLine.CreateText("LOCATION", "Nowhere")));
        var since = link.Clock.Now;
        for (var n = 0; n < 4; n++)
        {
            // as long as anything else may show too much it goes on
            await link.ChangeAsync(shows => shows with { Level = PrivacyLevel.Busy, RewritingSince = since, IsLowered = true });
            await PassAsync(link);
            link.Clock.Now += Duration.FromMinutes(61);
        }

        Assert.Equal(1, link.Outside.Deletes);
        Assert.Single(link.Outside.Events);
    }

    [Fact]
    public async Task What_waits_and_is_not_given_is_not_taken_for_removed_until_that_is_told()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await LunchAsync(link);
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = "Early lunch" });
        link.Outside.Refuses = true;
        Assert.Equal(PassResult.Done, await PassAsync(link));
        Assert.Single((await link.LinkAsync()).Quarantined);
        var hidden = link.Outside.Events[$"ours-{id}-0"];
        link.Outside.Events.Remove($"ours-{id}-0");
        link.Clock.Now += Duration.FromMinutes(61);
        Assert.Equal(PassResult.Done, await PassAsync(link));
        Assert.Single(await link.ShownAsync());
        Assert.Single((await link.LinkAsync()).Quarantined);
        link.Outside.Events[hidden.Id] = hidden;
        link.Outside.UserDeletes(hidden.Id);
        link.Clock.Now += Duration.FromMinutes(61);
        Assert.Equal(PassResult.Done, await PassAsync(link));
        await link.AssertAgreeAsync("");
    }

    private static Task<string> LunchAsync(LinkFixture link) => AddAsync(link, new PersonalEntry("Lunch", At, Duration.FromHours(1)));

    private static async Task<string> AddAsync(LinkFixture link, PersonalEntry entry)
    {
        var id = await link.Diary.AddPersonalAsync(entry);
        Assert.Equal(PassResult.Done, await PassAsync(link));
        return id;
    }

    private static async Task<PassResult> PassAsync(LinkFixture link)
    {
        link.Clock.Now += Duration.FromMinutes(6);
        return await link.PassAsync();
    }
}
