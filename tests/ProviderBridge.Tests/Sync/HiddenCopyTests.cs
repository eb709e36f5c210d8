using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Diaries;
using ProviderBridge.Sync;
using static ProviderBridge.Tests.Sync.PrivateAppointments;

namespace ProviderBridge.Tests.Sync;

/// <summary>A private appointment of which nothing is known outside but when it is, and which is copied or split there.</summary>
public sealed class A_hidden_appointment
{
    [Theory]
    [InlineData("rest, pass, end", "zebratitle zebrasingle zebratitle zebratitle")]
    [InlineData("rest, end", "zebratitle zebrasingle zebratitle zebratitle")]
    // what is beyond an end is gone with it
    [InlineData("end, pass, rest", "zebratitle zebratitle zebratitle zebratitle")]
    [InlineData("rest without the fourth, end", "zebratitle zebratitle zebratitle")]
    public async Task Of_which_the_rest_is_split_off_outside_has_its_words_in_the_rest_and_hides_them_there(string story, string titles)
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own", rule: "FREQ=WEEKLY;COUNT=6", single: "zebrasingle");
        await link.PassAsync();
        var first = link.Outside.Events.Keys.Single();
        // "this and all that follow", an hour later
        var rest = link.Outside.UserCopies(first);
        link.Outside.UserEnds(rest, "FREQ=WEEKLY;COUNT=4");
        link.Outside.UserMoves(rest, Tuesday.PlusWeeks(2).PlusHours(1));
        if (story.Contains("without the fourth", StringComparison.Ordinal)) link.Outside.UserEdits(rest, one => one.Add(ContentLine.Create("EXDATE", "20260324T110000", new Parameter("TZID", "Australia/Melbourne"))));
        var later = link.Outside.Events[rest];
        if (story.StartsWith("end", StringComparison.Ordinal)) link.Outside.Events.Remove(rest);
        else if (story.Contains("pass", StringComparison.Ordinal)) await link.PassAsync();
        link.Outside.UserEnds(first, "FREQ=WEEKLY;COUNT=2");
        await link.PassAsync();
        if (story.StartsWith("end", StringComparison.Ordinal))
        {
            link.Outside.Events[rest] = later;
            link.Outside.UserEdits(rest, static _ => { });
            await link.PassAsync();
        }

        var here = (await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 6, 1, 0, 0))).OrderBy(one => one.Start.ToInstant()).ToList();
        int[] weeks = titles.Split(' ').Length == 4 ? [2, 3, 4, 5] : [2, 4, 5];
        Assert.Equal([Tuesday, Tuesday.PlusWeeks(1), .. weeks.Select(week => Tuesday.PlusWeeks(week).PlusHours(1))], here.Select(one => one.Start.LocalDateTime));
        Assert.All(here, one => Assert.True(one.Private));
        Assert.Equal(titles, string.Join(' ', here.Skip(2).Select(one => one.Title)));
        var added = here[2].Id;
        Assert.NotEqual("own", added);
        Assert.True((await ShownToAsync(link, added, "l1")).IsHidden);
        await link.Diary.EditAsync(new AppointmentTarget(added), new AppointmentEdit { Comments = "zebralater" });
        await link.PassAsync();
        var there = string.Concat(link.Outside.Events.Values.Select(one => LinkItem.Text(one.Content).Replace("\r\n ", "", StringComparison.Ordinal)));
        Assert.All([.. Words, "zebrasingle", "zebralater"], word => Assert.DoesNotContain(word, there, StringComparison.Ordinal));
        Assert.Empty(await link.ConflictsAsync());
        await QuietAsync(link);
    }

    [Fact]
    public async Task Whose_copy_somebody_gives_a_place_outside_has_its_own_words_and_what_was_typed_is_kept_as_a_conflict()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own");
        await link.PassAsync();
        var copy = link.Outside.UserCopies(link.Outside.Events.Keys.Single());
        link.Outside.UserMoves(copy, Tuesday.PlusDays(2));
        link.Outside.UserEdits(copy, one => one.Set(ContentLine.CreateText("LOCATION", "Of theirs")));
        await link.PassAsync();
        var here = await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 4, 0, 0), Instant.FromUtc(2026, 6, 1, 0, 0));
        Assert.Equal(("zebratitle", "zebraplace"), (Assert.Single(here).Title, here[0].Location));
        Assert.Contains("Of theirs", Assert.Single(await link.ConflictsAsync()).Outside, StringComparison.Ordinal);
        await QuietAsync(link);
        Assert.All(link.Outside.Events.Values, one => Assert.Null(one.Content.Calendar.Components.First(event2 => event2.Name == "VEVENT").Find("LOCATION")));
    }

    [Fact]
    public async Task Of_which_the_rest_is_told_only_when_nothing_is_to_be_shown_any_more_keeps_the_rest_here()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own", rule: "FREQ=WEEKLY;COUNT=6");
        await link.PassAsync();
        var first = link.Outside.Events.Keys.Single();
        var rest = link.Outside.UserCopies(first);
        link.Outside.UserEnds(rest, "FREQ=WEEKLY;COUNT=4");
        link.Outside.UserMoves(rest, Tuesday.PlusWeeks(2).PlusHours(1));
        link.Outside.UserEnds(first, "FREQ=WEEKLY;COUNT=2");
        link.Outside.Untold = rest;
        await link.ChangeAsync(one => one.ShowingPrivate(PrivateAs.Nothing, link.Clock.Now)!);
        await link.PassAsync();
        link.Outside.Untold = null;
        link.Outside.UserEdits(rest, static _ => { });
        await link.PassAsync();
        await link.PassAsync();
        Assert.Empty(link.Outside.Events);
        Assert.Equal(6, (await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 6, 1, 0, 0))).Count);
    }

    [Fact]
    public async Task Of_which_somebody_makes_a_copy_outside_is_copied_here_with_its_words()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own");
        await link.PassAsync();
        link.Outside.UserMoves(link.Outside.UserCopies(link.Outside.Events.Keys.Single()), Tuesday.PlusDays(2));
        await link.PassAsync();
        var here = await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 6, 1, 0, 0));
        Assert.Equal([("zebratitle", true), ("zebratitle", true)], here.Select(one => (one.Title, one.Private)));
        Assert.All(link.Outside.Events.Values, one => Assert.DoesNotContain("zebra", LinkItem.Text(one.Content), StringComparison.Ordinal));
        await QuietAsync(link);
    }

    [Fact]
    public async Task That_a_link_of_before_has_left_is_removed_when_nothing_is_to_be_shown_of_it_wherever_it_was_moved()
    {
        await using var link = await LinkFixture.StartAsync(level: PrivacyLevel.FullName);
        await PutAsync(link, "own");
        await link.PassAsync();
        // a service that gives ids of its own, at which somebody has moved it since
        var left = link.Outside.UserCopies(link.Outside.Events.Keys.Single());
        link.Outside.UserMoves(left, Tuesday.PlusHours(5));
        link.Outside.Events.Remove(link.Outside.Events.Keys.Single(one => one != left));
        using (var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken))
        {
            StoreBatch forgotten = new([.. await LinkItem.ForgetAsync(snapshot, link.Key), .. await LinkItem.ForgetGenerationsAsync(snapshot, link.Key)]);
            Assert.True((await link.Store.ApplyAsync(forgotten, TestContext.Current.CancellationToken)).Succeeded);
        }

        await link.ChangeAsync(one => one with { PrivateAs = PrivateAs.Nothing, OutsideCursor = null });
        await link.PassAsync();
        Assert.Empty(link.Outside.Events);
        Assert.Equal(["own"], (await link.ShownAsync()).Keys);
    }
}
