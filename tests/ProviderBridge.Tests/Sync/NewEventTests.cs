using Calendaring.ICalendar;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>A service makes something else of a new event than it was sent: that is no edit of its user, is asked for once more, and is said.</summary>
public sealed class What_a_service_makes_of_a_new_event
{
    private static readonly LocalDateTime At = new(2026, 3, 4, 12, 0);

    public enum What
    {
        Personal,
        Patient,
    }

    [Theory]
    [InlineData(What.Personal, false)]
    [InlineData(What.Personal, true)]
    [InlineData(What.Patient, false)]
    [InlineData(What.Patient, true)]
    public async Task Is_not_taken_for_its_users_and_is_said(What what, bool losesAnswer)
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await AddAsync(link, what);
        link.Outside.Alters = AddPlaceAndMove;
        link.Outside.LosesAnswer = losesAnswer;
        link.Clock.Now += Duration.FromMinutes(1);
        Assert.Equal(losesAnswer ? PassResult.Later : PassResult.Done, await link.PassAsync());
        if (losesAnswer)
        {
            link.Clock.Now += Duration.FromMinutes(6);
            await link.PassAsync();
        }

        await AssertUntouchedAsync(link, id);
        Assert.Contains("differently", (await link.ItemAsync(id))!.Quarantine, StringComparison.Ordinal);
        Assert.Equal(2, link.Outside.Writes);

        // nor later, and it is not written again and again
        for (var n = 0; n < 5; n++)
        {
            link.Clock.Now += Duration.FromMinutes(61);
            Assert.Equal(PassResult.Done, await link.PassAsync());
        }

        await AssertUntouchedAsync(link, id);
        Assert.Equal(2, link.Outside.Writes);
    }

    [Fact]
    public async Task That_it_makes_once_is_put_right()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await AddAsync(link, What.Personal);
        link.Outside.Alters = one =>
        {
            link.Outside.Alters = null;
            AddPlaceAndMove(one);
        };
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await AssertUntouchedAsync(link, id);
        Assert.Empty((await link.LinkAsync()).Quarantined);
        await link.AssertAgreeAsync("");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Does_not_hide_what_its_user_changes_of_it(bool losesAnswer)
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await AddAsync(link, What.Personal);
        link.Outside.Alters = AddPlaceAndMove;
        link.Outside.LosesAnswer = losesAnswer;
        await link.PassAsync();
        link.Clock.Now += Duration.FromMinutes(6);
        link.Outside.UserEdits($"ours-{id}-0", one => one.Set(ContentLine.CreateText("SUMMARY", "Mine")));
        await link.PassAsync();
        var after = await link.Diary.GetAsync(new AppointmentTarget(id));
        Assert.Equal("Mine", after.Title);
        if (!losesAnswer) Assert.Equal((At, ""), (after.Start.LocalDateTime, after.Location ?? ""));
    }

    [Fact]
    public async Task Is_written_once_more_when_somebody_wants_that()
    {
        await using var link = await LinkFixture.StartAsync();
        await AddAsync(link, What.Personal);
        link.Outside.Alters = AddPlaceAndMove;
        await link.PassAsync();
        Assert.Single((await link.LinkAsync()).Quarantined);
        link.Outside.Alters = null;
        await link.ChangeAsync(held => held with { AskedAgain = held.Quarantined });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Empty((await link.LinkAsync()).Quarantined);
        await link.AssertAgreeAsync("");
    }

    private static Task<string> AddAsync(LinkFixture link, What what) => what == What.Patient
        ? link.Diary.BookAsync(new Booking([link.Jane], "Standard consultation", At, Duration.FromMinutes(45)))
        : link.Diary.AddPersonalAsync(new PersonalEntry("Lunch", At, Duration.FromMinutes(45)));

    private static void AddPlaceAndMove(Component one)
    {
        one.Set(ContentLine.CreateText("LOCATION", "Nowhere"));
        one.Set(ContentLine.CreateTime("DTSTART", new CalendarTime(At.PlusMinutes(5), CalendarTimeKind.Zoned, "Australia/Melbourne")));
    }

    private static async Task AssertUntouchedAsync(LinkFixture link, string id)
    {
        var after = await link.Diary.GetAsync(new AppointmentTarget(id));
        Assert.Equal((At, ""), (after.Start.LocalDateTime, after.Location ?? ""));
        Assert.Empty(await link.ConflictsAsync());
        Assert.Single(link.Outside.Events);
    }
}

/// <summary>The answer to a new event is lost: what either side changes until it is known is told apart, and nothing of it is lost.</summary>
public sealed class A_new_event_whose_answer_was_lost
{
    private static PersonalEntry Lunch => new("Lunch", new LocalDateTime(2026, 3, 4, 12, 0), Duration.FromHours(1));

    [Fact]
    public async Task Is_one_appointment_though_it_could_not_be_read_when_it_was_found()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await link.Diary.AddPersonalAsync(Lunch);
        link.Outside.LosesAnswer = true;
        Assert.Equal(PassResult.Later, await link.PassAsync());
        link.Outside.Garbled = $"ours-{id}-0";
        link.Clock.Now += Duration.FromMinutes(6);
        await link.PassAsync();
        link.Outside.Garbled = null;
        link.Clock.Now += Duration.FromMinutes(61);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal(id, Assert.Single(await link.ShownAsync()).Key);
        Assert.Single(link.Outside.Events);
        Assert.Empty((await link.LinkAsync()).Quarantined);
        await link.AssertAgreeAsync("");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Has_what_each_side_changed_since(bool outsideFirst)
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await MakeAsync(link);
        async Task HereAsync() => await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = "Early lunch" });
        void There() => link.Outside.UserEdits($"ours-{id}-0", one => one.Set(ContentLine.CreateText("LOCATION", "Cafe")));
        if (outsideFirst) There();
        else await HereAsync();
        link.Clock.Now += Duration.FromMinutes(6);
        if (outsideFirst) await HereAsync();
        else There();
        Assert.Equal(PassResult.Done, await link.PassAsync());
        var after = await link.Diary.GetAsync(new AppointmentTarget(id));
        Assert.Equal(("Early lunch", "Cafe"), (after.Title, after.Location));
        Assert.Empty(await link.ConflictsAsync());
        Assert.Single(link.Outside.Events);
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task Keeps_both_versions_of_what_both_changed()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await MakeAsync(link);
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = "Early lunch" });
        link.Clock.Now += Duration.FromMinutes(6);
        link.Outside.UserEdits($"ours-{id}-0", one => one.Set(ContentLine.CreateText("SUMMARY", "Late lunch")));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.Equal("Late lunch", (await link.Diary.GetAsync(new AppointmentTarget(id))).Title);
        Assert.Contains("Early lunch", Assert.Single(await link.ConflictsAsync()).Practice, StringComparison.Ordinal);
        await link.AssertAgreeAsync("");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Goes_with_its_appointment_unless_somebody_has_changed_it(bool isChanged)
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await MakeAsync(link);
        await link.Diary.CancelAsync(new AppointmentTarget(id), CancelChoice.Delete);
        link.Clock.Now += Duration.FromMinutes(6);
        if (isChanged) link.Outside.UserEdits($"ours-{id}-0", one => one.Set(ContentLine.CreateText("SUMMARY", "Mine")));
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.PassAsync();
        Assert.Equal(isChanged ? 1 : 0, link.Outside.Events.Count);
        Assert.Equal(isChanged ? 1 : 0, (await link.LinkAsync()).Count);
        await link.AssertAgreeAsync("");
    }

    [Fact]
    public async Task Is_made_when_it_was_never_there()
    {
        await using var link = await LinkFixture.StartAsync();
        var id = await MakeAsync(link);
        link.Outside.Events.Clear();
        await link.Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Title = "Early lunch" });
        link.Clock.Now += Duration.FromMinutes(6);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.PassAsync();
        await link.AssertAgreeAsync("");
        Assert.Empty(await link.ConflictsAsync());
        Assert.Single(link.Outside.Events);
    }

    private static async Task<string> MakeAsync(LinkFixture link)
    {
        var id = await link.Diary.AddPersonalAsync(Lunch);
        link.Outside.LosesAnswer = true;
        Assert.Equal(PassResult.Later, await link.PassAsync());
        link.Clock.Now += Duration.FromMinutes(6);
        return id;
    }
}
