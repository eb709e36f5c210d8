using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;

namespace Practice.Tests;

/// <summary>A personal appointment that is made private in the diary, or public again.</summary>
public sealed class P9_What_is_made_private_in_the_diary : PracticeFixture
{
    private static readonly PersonalEntry Oncologist = new("Oncologist", new LocalDateTime(2026, 3, 3, 10, 0), Duration.FromHours(1)) { Location = "Ward 7" };
    private static readonly AppointmentEdit Ticked = new() { Private = true };
    private static readonly AppointmentEdit Unticked = new() { Private = false };

    private Diary Administrator => new(Store, Clock, Practitioner.Id, new AuditActor("Ruth", ActorVia.Web, "ruth", "session"));

    [Fact]
    public async Task Is_so_from_the_beginning_for_devices_others_and_every_account()
    {
        var id = await Diary.AddPersonalAsync(Oncologist with { Private = true });
        Assert.Equal(("Oncologist", true), ((await GetAsync(id)).Title, (await GetAsync(id)).Private));
        Assert.Equal(("Private", null, true), await SeenAsync(id));
        var read = await ReadAsync(id);
        Assert.Contains("CLASS:PRIVATE", read, StringComparison.Ordinal);
        Assert.Contains("SUMMARY:Oncologist", read, StringComparison.Ordinal);
        Assert.Equal(("Busy", true), await ShownToAsync(id, "google"));
        Assert.DoesNotContain("CLASS", await ReadAsync(await Diary.AddPersonalAsync(Oncologist)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_private_while_it_is_ticked()
    {
        var id = await Diary.AddPersonalAsync(Oncologist);
        Assert.Equal(("Oncologist", false), await ShownToAsync(id, "google"));
        var versions = new List<string> { (await GetAsync(id)).Version };
        foreach (var isPrivate in new[] { true, false })
        {
            await Diary.EditAsync(new AppointmentTarget(id), new AppointmentEdit { Private = isPrivate });
            versions.Add((await GetAsync(id)).Version);
            Assert.Equal(isPrivate, (await ReadAsync(id))!.Contains("CLASS:PRIVATE", StringComparison.Ordinal));
            Assert.Equal(isPrivate ? ("Private", null, true) : ("Oncologist", "Ward 7", false), await SeenAsync(id));
            Assert.Equal((isPrivate ? "Busy" : "Oncologist", isPrivate), await ShownToAsync(id, "google"));
        }

        Assert.DoesNotContain("CLASS", await ReadAsync(id), StringComparison.Ordinal);
        Assert.Equal(3, versions.Distinct().Count());
        Assert.Equal([AuditAction.Added, AuditAction.Edited, AuditAction.Edited], (await Diary.HistoryAsync(id)).Select(line => line.Action));
    }

    [Fact]
    public async Task Stays_confidential_as_a_device_said_until_the_box_is_unticked()
    {
        await PutAsync(Event("own", "DTSTART;TZID=Australia/Melbourne:20260303T100000\r\nDURATION:PT1H\r\nSUMMARY:Oncologist\r\nCLASS:CONFIDENTIAL"));
        foreach (var edit in new[] { new AppointmentEdit { Title = "Checkup" }, new AppointmentEdit { Start = Week(1) }, Ticked })
        {
            await Diary.EditAsync(new AppointmentTarget("own"), edit);
            Assert.Contains("CLASS:CONFIDENTIAL", await ReadAsync("own"), StringComparison.Ordinal);
        }

        await Diary.EditAsync(new AppointmentTarget("own"), Unticked);
        Assert.DoesNotContain("CLASS", await ReadAsync("own"), StringComparison.Ordinal);
        await ClientEditAsync("own", text => text.Replace("SUMMARY:", "CLASS:PUBLIC\r\nSUMMARY:", StringComparison.Ordinal));
        await Diary.EditAsync(new AppointmentTarget("own"), Unticked);
        Assert.Contains("CLASS:PUBLIC", await ReadAsync("own"), StringComparison.Ordinal);
        await Diary.EditAsync(new AppointmentTarget("own"), Ticked);
        Assert.Contains("CLASS:PRIVATE", await ReadAsync("own"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_whole_in_the_account_in_which_it_was_made_and_in_no_other()
    {
        PhonePassword = ("google", "Google");
        await PutAsync(Event("own", "DTSTART;TZID=Australia/Melbourne:20260303T100000\r\nDURATION:PT1H\r\nSUMMARY:Oncologist"));
        await Diary.EditAsync(new AppointmentTarget("own"), Ticked);
        Assert.Equal(("Oncologist", false), await ShownToAsync("own", "google"));
        Assert.Equal(("Busy", true), await ShownToAsync("own", "outlook"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Is_hidden_from_an_account_that_made_it_private_before(bool repeats)
    {
        var id = await Diary.AddPersonalAsync(Oncologist with { Repeat = repeats ? Weekly.Repeat : null });
        PhonePassword = ("google", "Google");
        await ClientEditAsync(id, text => text.Replace("SUMMARY:", "CLASS:PRIVATE\r\nSUMMARY:", StringComparison.Ordinal));
        Assert.Equal(("Oncologist", false), await ShownToAsync(id, "google"));
        await Diary.EditAsync(new AppointmentTarget(id), Ticked);
        Assert.Equal(("Oncologist", false), await ShownToAsync(id, "google"));
        await Diary.EditAsync(new AppointmentTarget(id), Unticked);
        await Diary.EditAsync(new AppointmentTarget(id, repeats ? Week(2) : null), Ticked, repeats ? SeriesScope.ThisOne : SeriesScope.All);
        Assert.Equal(("Busy", true), await ShownToAsync(id, "google"));
        if (!repeats) return;
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), Unticked, SeriesScope.ThisOne);
        Assert.Equal(("Oncologist", false), await ShownToAsync(id, "outlook"));
    }

    [Fact]
    public async Task Is_hidden_from_an_account_in_which_only_an_occurrence_was_private_that_is_gone()
    {
        var id = await AddSeriesAsync();
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), new AppointmentEdit { Title = "Checkup" }, SeriesScope.ThisOne);
        PhonePassword = ("google", "Google");
        await ClientEditAsync(id, text => text.Replace("SUMMARY:Checkup", "CLASS:PRIVATE\r\nSUMMARY:Checkup", StringComparison.Ordinal));
        await Diary.CancelAsync(new AppointmentTarget(id, Week(2)), CancelChoice.Delete, SeriesScope.ThisOne);
        await Diary.EditAsync(new AppointmentTarget(id), Ticked);
        Assert.Equal(("Busy", true), await ShownToAsync(id, "google"));
    }

    [Fact]
    public async Task Is_one_of_a_series_and_accounts_are_not_told_what_the_others_say()
    {
        var id = await AddSeriesAsync();
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), Ticked, SeriesScope.ThisOne);
        Assert.Equal([2], await PrivateWeeksAsync());
        Assert.Equal(("Busy", true), await ShownToAsync(id, "google"));
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), new AppointmentEdit { Title = "Checkup" }, SeriesScope.ThisOne);
        Assert.Equal([2], await PrivateWeeksAsync());
        await Diary.EditAsync(new AppointmentTarget(id, Week(2)), Unticked, SeriesScope.ThisOne);
        Assert.Empty(await PrivateWeeksAsync());
        Assert.Equal(("Oncologist", false), await ShownToAsync(id, "google"));
    }

    [Fact]
    public async Task Is_a_whole_series_with_those_that_were_changed_by_themselves()
    {
        var id = await AddSeriesAsync();
        await Diary.EditAsync(new AppointmentTarget(id, Week(1)), new AppointmentEdit { Title = "Checkup" }, SeriesScope.ThisOne);
        await Diary.EditAsync(new AppointmentTarget(id, Week(3)), Ticked, SeriesScope.ThisOne);
        await Diary.EditAsync(new AppointmentTarget(id, Week(1)), Ticked);
        Assert.Equal(Enumerable.Range(0, 6), await PrivateWeeksAsync());
        Assert.Equal(3, (await ReadAsync(id))!.Split("CLASS:PRIVATE").Length - 1);
        var one = await Assert.ThrowsAsync<DiaryException>(() => Diary.EditAsync(new AppointmentTarget(id, Week(3)), Unticked, SeriesScope.ThisOne));
        Assert.Equal((DiaryFault.Invalid, "The whole series is private, and so is each of its appointments: change this one and all that follow, or the whole series."), (one.Fault, one.Message));
        await Diary.EditAsync(new AppointmentTarget(id, Week(3)), Unticked);
        Assert.Empty(await PrivateWeeksAsync());
        Assert.DoesNotContain("CLASS", await ReadAsync(id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_this_one_and_all_that_follow_and_stays_so_when_a_series_is_split()
    {
        var id = await AddSeriesAsync();
        var tail = await Diary.EditAsync(new AppointmentTarget(id, Week(2)), Ticked, SeriesScope.ThisAndFollowing);
        Assert.Equal([2, 3, 4, 5], await PrivateWeeksAsync());
        Assert.Equal((("Oncologist", false), ("Busy", true)), (await ShownToAsync(id, "google"), await ShownToAsync(tail, "google")));
        var end = await Diary.EditAsync(new AppointmentTarget(tail, Week(4)), new AppointmentEdit { Location = "Ward 8" }, SeriesScope.ThisAndFollowing);
        Assert.Equal([2, 3, 4, 5], await PrivateWeeksAsync());
        await Diary.EditAsync(new AppointmentTarget(end, Week(5)), Unticked, SeriesScope.ThisAndFollowing);
        Assert.Equal([2, 3, 4], await PrivateWeeksAsync());
    }

    [Fact]
    public async Task Is_no_appointment_with_a_patient()
    {
        var id = await Diary.BookAsync(Session);
        foreach (var edit in new[] { Ticked, Unticked })
            Assert.Equal(DiaryFault.Invalid, (await Assert.ThrowsAsync<DiaryException>(() => Diary.EditAsync(new AppointmentTarget(id), edit))).Fault);
        Assert.False((await GetAsync(id)).Private);
        Assert.DoesNotContain("CLASS", await ReadAsync(id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_made_public_by_its_owner_alone()
    {
        var id = await Diary.AddPersonalAsync(Oncologist);
        await Administrator.EditAsync(new AppointmentTarget(id), Ticked);
        Assert.Equal(("Private", null, true), await SeenAsync(id));
        foreach (var edit in new[] { Unticked, Ticked })
            Assert.Equal(DiaryFault.Conflict, (await Assert.ThrowsAsync<DiaryException>(() => Administrator.EditAsync(new AppointmentTarget(id), edit))).Fault);
        Assert.True((await GetAsync(id)).Private);
    }

    [Fact]
    public async Task Goes_to_a_colleague_as_private_as_it_is_or_is_made_then()
    {
        await Directory.CreatePersonAsync("tom", "Tom", null, PrincipalRole.Practitioner, Group.Id, "tom");
        var tom = new Diary(Store, Clock, "tom", new AuditActor("Tom", ActorVia.Web, "tom", "session"));
        foreach (var (before, edit, after) in new[] { (true, new AppointmentEdit(), true), (true, Unticked, false), (false, Ticked, true) })
        {
            var id = await Diary.AddPersonalAsync(Oncologist with { Private = before });
            id = await Diary.HandOverAsync(new AppointmentTarget(id), "tom", edit);
            Assert.Equal(after, (await tom.GetAsync(new AppointmentTarget(id))).Private);
        }
    }

    private Task<string> AddSeriesAsync() => Diary.AddPersonalAsync(Oncologist with { Repeat = Weekly.Repeat });

    private async Task<IEnumerable<int>> PrivateWeeksAsync()
    {
        var seen = await Administrator.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2026, 12, 31, 0, 0));
        Assert.Equal(6, seen.Count);
        Assert.All(seen, one => Assert.Equal(one.Private, one.Title == "Private"));
        return seen.Select((one, week) => (one, week)).Where(pair => pair.one.Private).Select(pair => pair.week);
    }

    private async Task<(string Title, string? Location, bool Private)> SeenAsync(string id)
    {
        var seen = await Administrator.GetAsync(new AppointmentTarget(id));
        return (seen.Title, seen.Location, seen.Private);
    }

    private async Task<(string Title, bool IsHidden)> ShownToAsync(string id, string link)
    {
        var view = HxCalendar.ShowLink((await FindAsync(id))!, link, PrivacyLevel.FullName);
        return (view.Content.Calendar.Components.First(one => one.Name == "VEVENT").Find("SUMMARY")!.Text, view.IsHidden);
    }
}
