using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using ProviderBridge.Sync;
using static ProviderBridge.Tests.Sync.PrivateAppointments;

namespace ProviderBridge.Tests.Sync;

/// <summary>Private appointments without a patient: an account is shown that the practitioner is busy, or nothing of them, unless they were made there.</summary>
public sealed class A_private_appointment
{
    [Fact]
    public async Task Is_busy_outside_and_nothing_else()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own");
        Assert.Equal(PassResult.Done, await link.PassAsync());
        var (text, one) = Only(link);
        Assert.All(Words, word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
        Assert.Equal("Busy", one.Find("SUMMARY")!.Text);
        Assert.Equal("PRIVATE", one.Find("CLASS")!.RawValue);
        Assert.Equal("zebratitle", (await link.Diary.GetAsync(new AppointmentTarget("own"))).Title);
        await QuietAsync(link);
    }

    [Fact]
    public async Task Is_not_outside_when_nothing_is_to_be_shown_of_it_and_is_there_again_when_that_is_changed()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        for (var n = 0; n < 30; n++) await PutAsync(link, $"own{n}", Tuesday.PlusHours(n));
        var lunch = await link.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Tuesday, Duration.FromHours(1)));
        await link.PassAsync();
        Assert.Equal(31, link.Outside.Events.Count);
        await link.ChangeAsync(one => one.ShowingPrivate(PrivateAs.Nothing, link.Clock.Now)!);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal("Lunch", Only(link).Event.Find("SUMMARY")!.Text);
        Assert.Equal(31, (await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 4, 1, 0, 0))).Count);
        var standing = await link.LinkAsync();
        Assert.Equal((LinkState.Active, 1, null), (standing.State, standing.Count, standing.RewritingSince));
        using (var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken)) Assert.Equal(1, await standing.CountDueAsync(snapshot));
        await QuietAsync(link);
        await link.ChangeAsync(one => one.ShowingPrivate(PrivateAs.Busy, link.Clock.Now)!);
        await link.PassAsync();
        Assert.Equal(31, link.Outside.Events.Count);
        Assert.Equal("Lunch", (await link.Diary.GetAsync(new AppointmentTarget(lunch))).Title);
        await QuietAsync(link);
    }

    [Theory]
    [InlineData(PrivateAs.Busy)]
    [InlineData(PrivateAs.Nothing)]
    public async Task That_becomes_private_is_hidden_and_one_that_ceases_to_be_is_shown(PrivateAs shown)
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await link.ChangeAsync(one => one with { PrivateAs = shown });
        await PutAsync(link, "own", isPrivate: false);
        await link.PassAsync();
        Assert.Contains("zebranotes", Only(link).Text, StringComparison.Ordinal);
        await PutAsync(link, "own");
        await link.PassAsync();
        if (shown == PrivateAs.Nothing) Assert.Empty(link.Outside.Events);
        else Assert.All(Words, word => Assert.DoesNotContain(word, Only(link).Text, StringComparison.Ordinal));
        await QuietAsync(link);
        await PutAsync(link, "own", isPrivate: false);
        await link.PassAsync();
        Assert.Contains("zebranotes", Only(link).Text, StringComparison.Ordinal);
        Assert.Null(Only(link).Event.Find("CLASS"));
        Assert.Empty(await link.ConflictsAsync());
        await QuietAsync(link);
    }

    [Theory]
    [InlineData(PrivateAs.Busy)]
    [InlineData(PrivateAs.Nothing)]
    public async Task That_the_diary_makes_private_is_hidden_and_is_shown_when_the_diary_makes_it_public_again(PrivateAs shown)
    {
        await using var link = await LinkFixture.StartAsync();
        await link.ChangeAsync(one => one with { PrivateAs = shown });
        var target = new AppointmentTarget(await link.Diary.AddPersonalAsync(new PersonalEntry("zebratitle", Tuesday, Duration.FromHours(1)) { Comments = "zebranotes", Location = "zebraplace" }));
        await link.PassAsync();
        Assert.Contains("zebranotes", Only(link).Text, StringComparison.Ordinal);
        await link.Diary.EditAsync(target, new AppointmentEdit { Private = true });
        await link.PassAsync();
        if (shown == PrivateAs.Nothing) Assert.Empty(link.Outside.Events);
        else Assert.Equal(("Busy", "PRIVATE"), (Only(link).Event.Find("SUMMARY")!.Text, Only(link).Event.Find("CLASS")!.RawValue));
        Assert.All(link.Outside.Events.Values, one => Assert.DoesNotContain("zebra", LinkItem.Text(one.Content), StringComparison.Ordinal));
        await QuietAsync(link);
        await link.Diary.EditAsync(target, new AppointmentEdit { Private = false });
        await link.PassAsync();
        var (text, there) = Only(link);
        Assert.All(Words[..3], word => Assert.Contains(word, text, StringComparison.Ordinal));
        Assert.Null(there.Find("CLASS"));
        Assert.Empty(await link.ConflictsAsync());
        await QuietAsync(link);
    }

    [Fact]
    public async Task That_was_made_outside_and_made_private_in_the_diary_is_whole_and_private_there()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = link.Outside.UserMakes("Doctor", Tuesday);
        await link.PassAsync();
        var here = Assert.Single(await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 4, 1, 0, 0)));
        await link.Diary.EditAsync(new AppointmentTarget(here.Id), new AppointmentEdit { Private = true });
        await link.PassAsync();
        var there = link.Outside.Events[id].Content.Calendar.Components.Single(one => one.Name == "VEVENT");
        Assert.Equal(("Doctor", "PRIVATE"), (there.Find("SUMMARY")!.Text, there.Find("CLASS")!.RawValue));
        Assert.True((await ShownToAsync(link, here.Id, "l2")).IsHidden);
        await QuietAsync(link);
    }

    [Fact]
    public async Task That_cannot_be_rewritten_when_it_becomes_private_is_removed_and_made_again()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own", isPrivate: false);
        await link.PassAsync();
        var before = link.Outside.Events.Keys.Single();
        link.Outside.Refuses = true;
        await PutAsync(link, "own");
        await link.PassAsync();
        Assert.NotEqual(before, link.Outside.Events.Keys.Single());
        Assert.All(Words, word => Assert.DoesNotContain(word, Only(link).Text, StringComparison.Ordinal));
        link.Outside.Refuses = false;
        await QuietAsync(link);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whose_words_the_service_keeps_when_they_are_to_be_hidden_is_removed_and_made_again(bool isLowered)
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own", isPrivate: false);
        await link.PassAsync();
        link.Outside.Keeps = static one => one.Set(ContentLine.CreateText("DESCRIPTION", "zebranotes"));
        await HideAsync(link, isLowered);
        await link.PassAsync();
        Assert.DoesNotContain("zebranotes", Only(link).Text, StringComparison.Ordinal);
        await QuietAsync(link);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task That_can_be_neither_rewritten_nor_removed_at_first_is_removed_later(bool isLowered)
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own", isPrivate: false);
        await link.PassAsync();
        (link.Outside.Refuses, link.Outside.RefusesDeletion) = (true, true);
        await HideAsync(link, isLowered);
        await link.PassAsync();
        Assert.Contains("zebranotes", Only(link).Text, StringComparison.Ordinal);
        Assert.Single((await link.LinkAsync()).Quarantined);
        link.Outside.RefusesDeletion = false;
        link.Clock.Now += Duration.FromMinutes(61);
        await link.PassAsync();
        Assert.DoesNotContain("zebranotes", Only(link).Text, StringComparison.Ordinal);
        link.Outside.Refuses = false;
        await QuietAsync(link);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task That_is_to_be_removed_when_the_service_fails_is_removed_by_the_next_pass(bool isLowered)
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own", isPrivate: false);
        await link.PassAsync();
        link.Outside.Refuses = true;
        link.Outside.Stumbles.Add("delete");
        await HideAsync(link, isLowered);
        await link.PassAsync();
        Assert.Contains("zebranotes", Only(link).Text, StringComparison.Ordinal);
        link.Outside.Stumbles.Clear();
        link.Clock.Now += Duration.FromMinutes(1);
        await link.PassAsync();
        Assert.DoesNotContain("zebranotes", Only(link).Text, StringComparison.Ordinal);
        link.Outside.Refuses = false;
        await QuietAsync(link);
    }

    [Fact]
    public async Task Takes_the_time_that_its_copy_is_given_and_not_its_words()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own");
        await link.PassAsync();
        link.Outside.UserMoves(link.Outside.Events.Keys.Single(), Tuesday.PlusHours(3));
        link.Outside.UserEdits(link.Outside.Events.Keys.Single(), one =>
        {
            one.Set(ContentLine.CreateText("SUMMARY", "Not busy"));
            one.Set(ContentLine.CreateText("DESCRIPTION", "Of theirs"));
            one.Set(ContentLine.CreateText("LOCATION", "There"));
            one.RemoveAll("CLASS");
        });
        await link.PassAsync();
        var here = await link.Diary.GetAsync(new AppointmentTarget("own"));
        Assert.Equal((Tuesday.PlusHours(3), "zebratitle", "zebranotes", "zebraplace", true), (here.Start.LocalDateTime, here.Title, here.Comments, here.Location, here.Private));
        var (text, there) = Only(link);
        Assert.Equal(("Busy", "PRIVATE"), (there.Find("SUMMARY")!.Text, there.Find("CLASS")!.RawValue));
        Assert.All(Words.Append("theirs"), word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
        var kept = Assert.Single(await link.ConflictsAsync());
        Assert.Contains("Of theirs", kept.Outside, StringComparison.Ordinal);
        Assert.Equal([FieldGroup.Text, FieldGroup.Place, FieldGroup.Privacy], kept.PracticeGroups.Order());
        await QuietAsync(link);
    }

    [Fact]
    public async Task Moved_outside_at_the_moment_at_which_nothing_is_to_be_shown_of_it_is_moved_here_and_gone_there()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own");
        await link.PassAsync();
        link.Outside.UserMoves(link.Outside.Events.Keys.Single(), Tuesday.PlusHours(3));
        link.Outside.UserEdits(link.Outside.Events.Keys.Single(), one => one.Set(ContentLine.CreateText("SUMMARY", "Of theirs")));
        await link.ChangeAsync(one => one.ShowingPrivate(PrivateAs.Nothing, link.Clock.Now)!);
        await link.PassAsync();
        Assert.Empty(link.Outside.Events);
        var here = await link.Diary.GetAsync(new AppointmentTarget("own"));
        Assert.Equal((Tuesday.PlusHours(3), "zebratitle"), (here.Start.LocalDateTime, here.Title));
        Assert.Contains("Of theirs", Assert.Single(await link.ConflictsAsync()).Outside, StringComparison.Ordinal);
        await QuietAsync(link);
    }

    [Fact]
    public async Task Whose_title_was_changed_outside_before_it_was_hidden_has_that_title()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own", isPrivate: false);
        await link.PassAsync();
        link.Outside.UserEdits(link.Outside.Events.Keys.Single(), one => one.Set(ContentLine.CreateText("SUMMARY", "Of theirs")));
        await PutAsync(link, "own");
        await link.PassAsync();
        Assert.Equal("Of theirs", (await link.Diary.GetAsync(new AppointmentTarget("own"))).Title);
        Assert.Equal("Busy", Only(link).Event.Find("SUMMARY")!.Text);
        await QuietAsync(link);
    }

    /// <summary>The answer to its making was lost when it became private: whether the words are there nobody knows.</summary>
    [Fact]
    public async Task That_was_made_with_its_words_without_an_answer_loses_them_there_also_where_it_cannot_be_rewritten()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own", isPrivate: false);
        link.Outside.LosesAnswer = true;
        await link.PassAsync();
        Assert.Contains("zebranotes", Only(link).Text, StringComparison.Ordinal);
        link.Outside.Refuses = true;
        await PutAsync(link, "own");
        for (var n = 0; n < 3; n++)
        {
            await link.PassAsync();
            link.Clock.Now += Duration.FromMinutes(61);
        }

        Assert.DoesNotContain("zebranotes", Only(link).Text, StringComparison.Ordinal);
        link.Outside.Refuses = false;
        await QuietAsync(link);
    }

    [Fact]
    public async Task Removed_outside_is_removed_here()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own");
        await PutAsync(link, "other", Tuesday.PlusDays(1));
        await link.PassAsync();
        link.Outside.UserDeletes(link.Outside.Events.Single(one => one.Value.Tag == "own").Key);
        await link.PassAsync();
        Assert.Equal(["other"], (await link.ShownAsync()).Keys);
    }

    [Theory]
    [InlineData(PrivateAs.Busy)]
    [InlineData(PrivateAs.Nothing)]
    public async Task That_was_made_outside_is_private_here_and_stays_whole_there_alone(PrivateAs shown)
    {
        await using var link = await LinkFixture.StartAsync();
        await link.ChangeAsync(one => one with { PrivateAs = shown });
        var id = link.Outside.UserMakes("Doctor", Tuesday);
        link.Outside.UserEdits(id, one => one.Set(ContentLine.Create("CLASS", "PRIVATE")));
        await link.PassAsync();
        var here = Assert.Single(await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 4, 1, 0, 0)));
        Assert.Equal(("Doctor", true), (here.Title, here.Private));
        await link.Diary.EditAsync(new AppointmentTarget(here.Id), new AppointmentEdit { Title = "Doctor Lee" });
        await link.PassAsync();
        Assert.Equal("Doctor Lee", link.Outside.Events[id].Content.Calendar.Components.Single(one => one.Name == "VEVENT").Find("SUMMARY")!.Text);
        link.Outside.UserEdits(id, one => one.Set(ContentLine.CreateText("SUMMARY", "Doctor Wu")));
        await link.PassAsync();
        Assert.Equal("Doctor Wu", (await link.Diary.GetAsync(new AppointmentTarget(here.Id))).Title);
        Assert.False((await ShownToAsync(link, here.Id, "l1")).IsHidden);
        Assert.True((await ShownToAsync(link, here.Id, "l2")).IsHidden);
        await QuietAsync(link);
    }

    [Theory]
    [InlineData(PrivateAs.Busy)]
    [InlineData(PrivateAs.Nothing)]
    public async Task That_was_made_private_outside_stays_whole_there_alone(PrivateAs shown)
    {
        await using var link = await LinkFixture.StartAsync();
        await link.ChangeAsync(one => one with { PrivateAs = shown });
        var lunch = await link.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Tuesday, Duration.FromHours(1)));
        await link.PassAsync();
        var id = link.Outside.Events.Keys.Single();
        link.Outside.UserEdits(id, one => one.Set(ContentLine.Create("CLASS", "PRIVATE")));
        await link.PassAsync();
        Assert.True((await link.Diary.GetAsync(new AppointmentTarget(lunch))).Private);
        Assert.Equal("Lunch", Only(link).Event.Find("SUMMARY")!.Text);
        Assert.True((await ShownToAsync(link, lunch, "l2")).IsHidden);
        await QuietAsync(link);
        link.Outside.UserEdits(id, one => one.RemoveAll("CLASS"));
        await link.PassAsync();
        Assert.False((await link.Diary.GetAsync(new AppointmentTarget(lunch))).Private);
        Assert.False((await ShownToAsync(link, lunch, "l2")).IsHidden);
        await PutAsync(link, lunch);
        await link.PassAsync();
        // whoever made it private before does not know what it says now
        Assert.True((await ShownToAsync(link, lunch, "l1")).IsHidden);
    }

    [Fact]
    public async Task That_was_shown_before_there_was_a_choice_is_hidden_by_the_next_pass()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own");
        await link.PassAsync();
        var (id, name) = (link.Outside.Events.Keys.Single(), (await link.ItemAsync("own"))!.HxName);
        CalendarObject whole;
        using (var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken)) whole = CalendarObject.Parse((await snapshot.FindObjectAsync((await link.HxAsync()).Id, name))!.Bytes);
        link.Outside.UserEdits(id, one =>
        {
            foreach (var line in whole.Calendar.Components.Single(event2 => event2.Name == "VEVENT").Properties.Where(line => line.Name is "SUMMARY" or "DESCRIPTION" or "LOCATION")) one.Set(line);
        });
        var item = (await link.ItemAsync("own"))!;
        var before = item with { HxBase = LinkItem.Text(whole), OutsideBase = LinkItem.Text(link.Outside.Events[id].Content), OutsideVersion = link.Outside.Events[id].Version, IsHidden = false };
        Assert.True((await link.Store.ApplyAsync(new StoreBatch([.. before.Put(link.Key, item)]), TestContext.Current.CancellationToken)).Succeeded);
        await link.ChangeAsync(one => one with { PrivateAs = null });
        // nothing has happened there
        link.Outside.Untold = id;
        await link.PassAsync();
        link.Outside.Untold = null;
        Assert.All(Words, word => Assert.DoesNotContain(word, Only(link).Text, StringComparison.Ordinal));
        Assert.Equal(PrivateAs.Busy, (await link.LinkAsync()).PrivateAs);
        await QuietAsync(link);
    }

    /// <summary>It becomes private, or the link is to show less of all.</summary>
    private static async Task HideAsync(LinkFixture link, bool isLowered)
    {
        if (isLowered) await link.ChangeAsync(shows => shows with { Level = PrivacyLevel.Busy, RewritingSince = link.Clock.Now, IsLowered = true });
        else await PutAsync(link, "own");
    }
}
