using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web.Pages.Settings.Halaxy;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Halaxy;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>The pages of a connected practice promise what is done, and offer what can be.</summary>
public sealed class HalaxyPromiseTests : HalaxyPageTest
{
    [Fact]
    public async Task While_the_connection_waits_no_page_says_that_something_is_done_in_Halaxy()
    {
        var (maya, ruth) = await BookedAsync();
        var uid = (await HereAsync()).Single().Id;
        var own = await AddAsync(5);
        await There.DoAsync("revoke-key", new() { ["client"] = There.Client });
        await ruth.PostAsync(Page + "/look", await ruth.GetAsync(Page));
        await UntilAsync(async () => (await ConnectionAsync())!.State == HalaxyState.KeyRefused, "the key is refused");
        foreach (var page in new[] { "", "/edit" }) Assert.Contains("The connection to Halaxy waits for an administrator", (await maya.GetAsync($"/calendar/{Maya.Id}/{uid}{page}")).Text, StringComparison.Ordinal);
        var cancel = (await maya.GetAsync($"/calendar/{Maya.Id}/{uid}/cancel")).Text;
        Assert.Contains("as soon as changes reach Halaxy", cancel, StringComparison.Ordinal);
        Assert.DoesNotContain("without a charge.", cancel, StringComparison.Ordinal);
        var book = (await maya.GetAsync($"/calendar/{Maya.Id}/{own}/book")).Text;
        Assert.Contains("Nothing can be booked at the moment. The connection to Halaxy waits for an administrator", book, StringComparison.Ordinal);
        Assert.DoesNotContain("Book it in Halaxy</button>", book, StringComparison.Ordinal);
        var standing = (await ruth.GetAsync(Page)).Text;
        Assert.Contains("only to see whether Halaxy accepts the key again", standing, StringComparison.Ordinal);
        Assert.DoesNotContain("None, until that is settled", standing, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_repeats_or_lasts_whole_days_is_not_offered_to_be_booked_and_says_why()
    {
        var (maya, _) = await BookedAsync();
        var start = Now.InZone(Practice.Zone()).Date.PlusDays(5) + new LocalTime(10, 0);
        var repeating = await Diary.AddPersonalAsync(new PersonalEntry("Team", start, Duration.FromMinutes(30)) { Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 3 } });
        var days = await Diary.AddPersonalAsync(new PersonalEntry("Away", start.Date.AtMidnight(), Duration.FromDays(1)) { AllDay = true });
        foreach (var (uid, why) in new[] { (repeating, "It repeats, and Halaxy only accepts single appointments"), (days, "It lasts whole days: give it a time of day first.") })
        {
            var page = (await maya.GetAsync($"/calendar/{Maya.Id}/{uid}")).Text;
            Assert.Contains($"It cannot be turned into a patient appointment as it is. {why}", page, StringComparison.Ordinal);
            Assert.DoesNotContain("/book\"", page, StringComparison.Ordinal);
            var book = (await maya.GetAsync($"/calendar/{Maya.Id}/{uid}/book")).Text;
            Assert.Contains(why, book, StringComparison.Ordinal);
            Assert.DoesNotContain("Book it in Halaxy</button>", book, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_time_is_offered_at_which_the_diary_has_something_of_its_own()
    {
        var (maya, _) = await BookedAsync();
        var taken = (await HereAsync()).Single().Start.LocalDateTime;
        var uid = await Diary.AddPersonalAsync(new PersonalEntry("Zora rang", taken, Duration.FromMinutes(30)));
        var path = $"/calendar/{Maya.Id}/{uid}/book";
        var refused = await BookAsync(maya, path, await maya.GetAsync(path + "?text=zora"));
        var first = OfferedIn(refused.Text)[0];
        Assert.DoesNotContain("You can book it anyway", refused.Text, StringComparison.Ordinal);
        await Diary.AddPersonalAsync(new PersonalEntry("Lunch", first.PlusMinutes(10), Duration.FromMinutes(15)));
        var again = OfferedIn((await BookAsync(maya, path, refused)).Text);
        Assert.NotEmpty(again);
        Assert.DoesNotContain(again, time => time < first.PlusMinutes(25) && time.PlusMinutes(30) > first.PlusMinutes(10));
    }

    [Fact]
    public async Task The_calendar_marks_what_is_not_in_Halaxy_in_every_view()
    {
        var (maya, _) = await BookedAsync();
        await AddAsync(2);
        var date = Now.InZone(Practice.Zone()).Date.PlusDays(2).ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
        foreach (var view in new[] { "day", "week", "month" })
        {
            var page = (await maya.GetAsync($"/calendar?view={view}&date={date}")).Text;
            Assert.Contains("only-here\">Not in Halaxy</span>", page, StringComparison.Ordinal);
            // the week is there twice: as a grid, and as a list on a phone
            Assert.Equal(view == "week" ? 2 : 1, Regex.Count(page, "class=\"(appointment|entry) [^\"]*only-here"));
            Assert.Equal(view == "week" ? 2 : 1, Regex.Count(page, "Personal appointment, not in Halaxy"));
        }
    }

    [Theory]
    [InlineData(0, 0, 0, "The diaries agree with Halaxy: 5 appointments.")]
    [InlineData(1, 0, 0, "5 appointments agree with Halaxy. At the last full comparison some of what Halaxy has did not arrive")]
    [InlineData(1, 0, 1, "5 appointments agree with Halaxy, except for what is listed below. At the last full comparison")]
    [InlineData(0, 2, 0, "The diaries agree with Halaxy: 5 appointments; 2 more cannot be read.")]
    [InlineData(0, 2, 1, "5 appointments, except for what is listed below; 2 more cannot be read.")]
    [InlineData(0, 0, 1, "The diaries agree with Halaxy: 5 appointments, except for what is listed below.")]
    public void It_says_that_the_diaries_agree_only_as_far_as_they_do(int partial, int unreadable, int tasks, string said)
    {
        var connection = new HalaxyConnection("g", HalaxyKey.Au, "id", "", Now) { State = HalaxyState.Active, LastPass = Now, LastCompare = Now, Count = 5, Partial = partial, Unreadable = unreadable };
        var (_, badge, sentence) = HalaxyWords.State(connection, 0, false, false, tasks);
        Assert.Contains(said, sentence, StringComparison.Ordinal);
        Assert.Equal(partial + unreadable + tasks > 0 ? "warn" : "good", badge);
    }

    [Theory]
    [InlineData(true, "Here, its comments were changed to “Bring the form”. Halaxy refused this, so it is as it was before.")]
    [InlineData(false, "Here, its comments were changed. Halaxy refused this, so it is as it was before.")]
    public void Comments_that_were_overridden_are_shown_to_whom_the_diary_is(bool showsComments, string said)
    {
        var lost = new HalaxyOverruled("g", "7", Maya.Id, "u", Now, MirroredFields.Comments, Now, Now) { IsRefused = true, Comments = "Bring the form" };
        Assert.Contains(said, HalaxyWords.Of(lost, Practice.Zone(), showsComments), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_appointment_does_not_say_that_it_can_be_cancelled()
    {
        var (maya, _) = await BookedAsync();
        var uid = (await HereAsync()).Single().Id;
        await Diary.CancelAsync(new AppointmentTarget(uid), CancelChoice.Cancel);
        var page = (await maya.GetAsync($"/calendar/{Maya.Id}/{uid}")).Text;
        Assert.Contains("This appointment is kept in Halaxy, and is cancelled. Here it can be put back", page, StringComparison.Ordinal);
        Assert.DoesNotContain("can be moved and cancelled", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Saving_who_is_who_says_what_becomes_of_whose_diary()
    {
        var (_, ruth) = await BookedAsync();
        Task<PageAnswer> SaveAsync(string maya, string tom, PageAnswer form) => ruth.PostAsync(Page + "/match", form, ($"match-{Maya.Id}", maya), ($"match-{Tom.Id}", tom));
        const string filled = "The diaries of newly matched practitioners are being filled.";
        const string left = "The diary of anyone who is no longer matched stays as it is.";
        var added = await SaveAsync(There.Maya, There.Thomas, await ruth.GetAsync(Page));
        Assert.Contains(filled, added.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(left, added.Text, StringComparison.Ordinal);
        var removed = await SaveAsync(There.Maya, "", await ruth.GetAsync(Page));
        Assert.Contains(left, removed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(filled, removed.Text, StringComparison.Ordinal);
        var same = await SaveAsync(There.Maya, "", await ruth.GetAsync(Page));
        Assert.Contains("Saved.", same.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(left, same.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Someone_who_works_at_two_clinics_is_one_person_and_appointments_at_both_come()
    {
        await There.BookAsync(Now, 2);
        await There.BookAsync(Now, 3, There.MayasHarbourRole);
        using var ruth = await SignedInAsync("ruth");
        var matching = WebUtility.HtmlDecode((await KeyAsync(ruth)).Text);
        Assert.Single(Regex.Matches(Regex.Match(matching, $"<select id=\"match-{Maya.Id}\".*?</select>", RegexOptions.Singleline).Value, $"value=\"{There.Maya}\"[^>]*>[^<]*Maya Lindqvist \\((Main Street, Harbour|Harbour, Main Street)\\)"));
        var counted = await ruth.PostAsync(Page + "/match", await ruth.GetAsync(Page), ($"match-{Maya.Id}", There.Maya), ($"match-{Tom.Id}", ""));
        Assert.Matches("data-label=\"In Halaxy from [^\"]*\" class=\"number\">2<", counted.Text);
        await ruth.PostAsync(Page + "/connect", counted);
        await UntilAsync(async () => (await HereAsync()).Count == 2, "both are here");
        Assert.Equal(["Harbour", "Main Street"], (await HereAsync()).Select(one => one.Location).Order());
    }

    [Fact]
    public async Task While_appointments_come_for_the_first_time_the_page_says_how_many_of_how_many_and_then_that_all_agree()
    {
        const int all = 130;
        for (var n = 0; n < all; n++) await There.BookAsync(Now + Duration.FromHours(n % 24), (n / 24) + 1);
        using var ruth = await SignedInAsync("ruth");
        // the second page of the list is slow: what is looked at until then is a part
        await There.UserAsync("faults", new() { ["method"] = "halaxy.search", ["kind"] = "latency", ["milliseconds"] = 500, ["times"] = 1000 });
        await ConnectAsync(ruth);
        var (parts, page) = (new HashSet<int>(), "");
        await UntilAsync(
            async () =>
            {
                page = (await ruth.GetAsync(Page + "/state")).Text;
                if (Regex.Match(page, "<progress id=\"moving\" max=\"(\\d+)\" value=\"(\\d+)\">") is not { Success: true } moving) return page.Contains("badge good", StringComparison.Ordinal);
                Assert.Equal(all, int.Parse(moving.Groups[1].Value, CultureInfo.InvariantCulture));
                Assert.Contains($"{moving.Groups[2].Value} of {all}", page, StringComparison.Ordinal);
                parts.Add(int.Parse(moving.Groups[2].Value, CultureInfo.InvariantCulture));
                return false;
            },
            "all have come");
        Assert.Contains(parts, part => part is > 0 and < all);
        Assert.Contains($"The diaries agree with Halaxy: {all} appointments.", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Equal(all, (await HereAsync()).Count);
    }

    [Fact]
    public async Task A_box_that_was_ticked_is_seen_by_looking_now()
    {
        await There.DoAsync("untick", new() { ["client"] = There.Client, ["scope"] = "Patient" });
        var (_, ruth) = await BookedAsync();
        Assert.False((await ConnectionAsync())!.SeesPatients);
        await There.DoAsync("tick", new() { ["client"] = There.Client, ["scope"] = "Patient" });
        var compared = (await ConnectionAsync())!.LastCompare;
        await ruth.PostAsync(Page + "/look", await ruth.GetAsync(Page));
        await UntilAsync(async () => await ConnectionAsync() is { SeesPatients: true } now && now.LastCompare > compared, "it is seen, and all is compared");
        // with the same boxes nothing is compared for it
        compared = (await ConnectionAsync())!.LastCompare;
        var passed = (await ConnectionAsync())!.LastPass;
        await ruth.PostAsync(Page + "/look", await ruth.GetAsync(Page));
        await UntilAsync(async () => (await ConnectionAsync())!.LastPass > passed, "it is looked at");
        Assert.Equal(compared, (await ConnectionAsync())!.LastCompare);
    }

    [Fact]
    public async Task While_deletions_wait_nothing_is_booked_and_no_page_says_when()
    {
        var (maya, _) = await BookedAsync();
        var path = $"/calendar/{Maya.Id}/{await AddAsync(5)}/book";
        var form = await maya.GetAsync(path + "?text=zora");
        await UntilAsync(async () => (await Server.Store.ApplyAsync(StoreBatch.Of(((await ConnectionAsync())! with { State = HalaxyState.DeletionsHeld, HeldDeletions = 12 }).Put()), TestContext.Current.CancellationToken)).Succeeded, "deletions wait");
        var refused = await BookAsync(maya, path, form);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Single(Regex.Matches(refused.Text, "Nothing can be booked at the moment."));
        Assert.DoesNotContain("in a moment", refused.Text, StringComparison.Ordinal);
        Assert.All(await HereAsync(), one => Assert.True(one.HalaxyId is not null || one.Kind == AppointmentKind.Personal));
    }

    [Fact]
    public async Task A_time_that_is_offered_moves_nothing_before_a_patient_a_type_and_a_clinic_are_chosen()
    {
        var (maya, _) = await BookedAsync();
        var taken = (await HereAsync()).Single().Start.LocalDateTime;
        var uid = await Diary.AddPersonalAsync(new PersonalEntry("Zora rang", taken, Duration.FromMinutes(30)));
        var path = $"/calendar/{Maya.Id}/{uid}/book";
        var refused = await BookAsync(maya, path, await maya.GetAsync(path + "?text=zora"));
        var at = ("At", BookTime.Format(OfferedIn(refused.Text)[0]));
        foreach (var (patient, service, role, said) in new[]
        {
            ("", There.Service, There.MayasRole, "Choose a patient from Halaxy"), (There.Patient, "other", There.MayasRole, "Choose a type of appointment"), (There.Patient, There.Service, There.ThomasRole, "Choose a clinic of this practitioner."),
        })
        {
            var answer = await maya.PostAsync(path, refused, ("Patient", patient), ("Service", service), ("Role", role), at);
            Assert.Contains(said, answer.Text, StringComparison.Ordinal);
            Assert.NotEmpty(role == There.MayasRole ? OfferedIn(answer.Text) : [taken]);
            Assert.Equal(taken, (await HereAsync()).Single(one => one.Id == uid).Start.LocalDateTime);
        }
    }

    [Fact]
    public async Task Deleting_a_meeting_promises_its_deletion_in_Halaxy_only_once_all_have_deleted_it_and_the_connection_works()
    {
        var (maya, ruth) = await BookedAsync();
        var id = await There.IdAsync("meet", new() { ["roles"] = There.MayasRole, ["title"] = "Team", ["start"] = (Now + Duration.FromDays(9)).InUtc().ToString("uuuu-MM-dd'T'HH':00'", CultureInfo.InvariantCulture), ["minutes"] = "30" });
        await UntilAsync(async () => (await HereAsync()).Any(one => one.HalaxyId == id), "it is here");
        var path = $"/calendar/{Maya.Id}/{(await HereAsync()).Single(one => one.HalaxyId == id).Id}/cancel";
        Assert.Contains("Other programs cannot delete anything in Halaxy", (await maya.GetAsync(path)).Text, StringComparison.Ordinal);
        await There.DoAsync("switch", new() { ["name"] = "delete" });
        await ruth.PostAsync(Page + "/compare", await ruth.GetAsync(Page));
        await UntilAsync(async () => (await ConnectionAsync())!.CanDelete, "it can be deleted there");
        Assert.Contains("It is deleted in Halaxy too once everybody who takes part has deleted it.", (await maya.GetAsync(path)).Text, StringComparison.Ordinal);
        await UntilAsync(async () => (await Server.Store.ApplyAsync(StoreBatch.Of(((await ConnectionAsync())! with { State = HalaxyState.KeyRefused }).Put()), TestContext.Current.CancellationToken)).Succeeded, "the key is refused");
        Assert.Contains("once everybody who takes part has deleted it and the connection works again.", (await maya.GetAsync(path)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_parts_of_the_page_that_are_filled_again_are_not_there_before_a_key_was_tried()
    {
        using var ruth = await SignedInAsync("ruth");
        foreach (var part in new[] { "/state", "/facts" }) Assert.Equal(HttpStatusCode.NotFound, (await ruth.GetAsync(Page + part)).Status);
        await KeyAsync(ruth);
        foreach (var part in new[] { "/state", "/facts" }) Assert.Equal(HttpStatusCode.OK, (await ruth.GetAsync(Page + part)).Status);
    }

    [Fact]
    public async Task Links_to_Halaxy_lead_to_Halaxy()
    {
        var (maya, _) = await BookedAsync();
        var path = $"/calendar/{Maya.Id}/{(await HereAsync()).Single().Id}";
        foreach (var page in new[] { path, path + "/edit", path + "/cancel", "/calendar/new?kind=patient" })
        {
            var there = Assert.Single(Regex.Matches((await maya.GetAsync(page)).Text, "<a href=\"([^\"]+)\">in Halaxy</a>"));
            Assert.Equal("https://www.halaxy.com/", there.Groups[1].Value);
        }
    }

    [Fact]
    public async Task Sync_health_says_of_a_location_that_a_device_wrote_that_it_is_changed_in_Halaxy()
    {
        var (maya, _) = await BookedAsync();
        var uid = (await HereAsync()).Single().Id;
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        var address = $"{phone.Calendar("hx")}{uid}.ics";
        // the first device is what makes names needed: they come with the next pass, and change the title
        await UntilAsync(async () => (await phone.GetAsync(address)).Text.Contains("Zora Newman", StringComparison.Ordinal), "the name is here");
        var text = (await phone.GetAsync(address)).Text;
        Assert.Contains("LOCATION:Main Street", text, StringComparison.Ordinal);
        await phone.PutAsync(address, text.Replace("LOCATION:Main Street", "LOCATION:Home", StringComparison.Ordinal));
        Assert.Equal("Main Street", (await HereAsync()).Single().Location);
        var health = (await maya.GetAsync("/settings/sync")).Text;
        foreach (var said in new[] { "wrote something that can only be changed in Halaxy", "Can only be changed in Halaxy: change it there" }) Assert.Contains(said, health, StringComparison.Ordinal);
        Assert.DoesNotContain("Use the device's version", health, StringComparison.Ordinal);
    }

    private static List<LocalDateTime> OfferedIn(string page) => [.. Regex.Matches(page, "name=\"At\" value=\"([^\"]+)\"").Select(match => BookTime.Parse(match.Groups[1].Value).Value)];

    private static NodaTime.Text.LocalDateTimePattern BookTime => NodaTime.Text.LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm");

    private Task<PageAnswer> BookAsync(PageClient maya, string path, PageAnswer form) => maya.PostAsync(path, form, ("Patient", There.Patient), ("Service", There.Service), ("Role", There.MayasRole));

    private Task<string> AddAsync(int days) => Diary.AddPersonalAsync(new PersonalEntry("Zora rang", Now.InZone(Practice.Zone()).Date.PlusDays(days) + new LocalTime(10, 0), Duration.FromMinutes(30)));

    private async Task<(PageClient Maya, PageClient Ruth)> BookedAsync()
    {
        await There.BookAsync(Now);
        var ruth = await SignedInAsync("ruth");
        await ConnectAsync(ruth);
        await UntilAsync(async () => (await HereAsync()).Count == 1 && (await ConnectionAsync())!.LastPass is not null, "the booking is here");
        return (await SignedInAsync("maya"), ruth);
    }
}
