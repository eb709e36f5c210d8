using Calendaring.Recurrence;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Sync;
using Sandbox.CalDav;

namespace Sandbox.Tests.CalDav;

/// <summary>What a link's privacy level hides is in no request that a CalDAV server receives: not when something is made, changed, made again, refused, decided between two versions, or compared.</summary>
public sealed class What_a_level_hides_from_a_CalDAV_account
{
    private static readonly Patient Patient = new("PT-7", "Xanthippe", "Quarrington", null);
    private static readonly LocalDateTime Tuesday = new(2026, 3, 3, 10, 0);

    [Theory]
    [InlineData(PrivacyLevel.Busy, "Xanthippe", "Quarrington", "PT-7", "zebracomment", "Wombatology")]
    [InlineData(PrivacyLevel.Type, "Xanthippe", "Quarrington", "PT-7", "zebracomment")]
    [InlineData(PrivacyLevel.Initials, "Xanthippe", "Quarrington", "PT-7", "zebracomment")]
    [InlineData(PrivacyLevel.FirstName, "Quarrington", "PT-7", "zebracomment")]
    [InlineData(PrivacyLevel.FullName, "PT-7")]
    public async Task Is_in_no_request(PrivacyLevel level, params string[] hidden)
    {
        await using var link = await CalDavLink.StartAsync(level);
        var single = await link.Diary.BookAsync(new Booking([Patient], "Wombatology", Tuesday, Duration.FromMinutes(45)) { Comments = "zebracomment", Location = "Room 7" });
        var series = await link.Diary.BookAsync(new Booking([Patient], "Wombatology", Tuesday.PlusDays(1), Duration.FromMinutes(45)) { Comments = "zebracomment", Repeat = new RecurrenceRule(Frequency.Weekly) { Count = 5 } });
        await link.SettleAsync();
        await link.Diary.EditAsync(new AppointmentTarget(single), new AppointmentEdit { Comments = "zebracomment again", Start = Tuesday.PlusHours(1) });
        await link.Diary.EditAsync(new AppointmentTarget(series, Tuesday.PlusDays(8)), new AppointmentEdit { Start = Tuesday.PlusDays(9) }, SeriesScope.ThisOne);
        await link.PassAsync();
        var path = (await link.User.ListAsync()).Single(one => !one.Text.Contains("FREQ=WEEKLY", StringComparison.Ordinal)).Path;
        // two versions: both are kept, and one is written
        await link.User.MoveAsync(path, Tuesday.PlusHours(5), Duration.FromMinutes(45));
        await link.Diary.EditAsync(new AppointmentTarget(single), new AppointmentEdit { Start = Tuesday.PlusHours(2) });
        await link.PassAsync();
        Assert.NotEmpty(await link.ConflictsAsync());
        // a refusal, a lost answer, a whole listing, an event that is gone
        link.Front.Script(new FrontFault("PUT", "status") { Status = 400 });
        await link.Diary.EditAsync(new AppointmentTarget(single), new AppointmentEdit { Comments = "zebracomment third", Start = Tuesday.PlusHours(3) });
        await link.PassAsync();
        link.Front.Script(new FrontFault("PUT", "reset-after"));
        await link.PassAsync();
        link.Front.Script(new FrontFault("sync", "lost-token"));
        await link.User.DeleteAsync(path);
        await link.Diary.EditAsync(new AppointmentTarget(single), new AppointmentEdit { Start = Tuesday.PlusHours(4) });
        await link.PassAsync();
        await link.SettleAsync();
        var all = link.Front.Ever;
        Assert.True(all.Count(one => one.What == "PUT") >= 6, $"{all.Count(one => one.IsWrite)} writes");
        var everything = link.Asked();
        Assert.All(hidden, word => Assert.DoesNotContain(word, everything, StringComparison.OrdinalIgnoreCase));
        if (level == PrivacyLevel.FullName) Assert.Contains("zebracomment", everything, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PrivacyLevel.Busy)]
    [InlineData(PrivacyLevel.Initials)]
    public async Task An_edited_title_is_put_back_and_the_time_is_taken(PrivacyLevel level)
    {
        await using var link = await CalDavLink.StartAsync(level);
        var visit = await link.Diary.BookAsync(new Booking([Patient], "Wombatology", Tuesday, Duration.FromMinutes(45)));
        await link.SettleAsync();
        var (title, path) = ((await link.ThereAsync()).Single(), (await link.User.ListAsync()).Single().Path);
        await link.User.EditAsync(path, one => one.Summary = "Something else");
        await link.User.MoveAsync(path, Tuesday.PlusHours(2), Duration.FromMinutes(45));
        await link.SettleAsync();
        Assert.Equal(title.Replace("10:", "12:", StringComparison.Ordinal), (await link.ThereAsync()).Single());
        Assert.Equal(Tuesday.PlusHours(2), (await link.Diary.GetAsync(new AppointmentTarget(visit))).Start.LocalDateTime);
        Assert.DoesNotContain("Something else", string.Join('\n', await link.HereAsync()), StringComparison.Ordinal);
    }

    /// <summary>Private is what a device marks so; it is busy outside at every level.</summary>
    [Fact]
    public async Task Of_a_private_appointment_the_time_is_there_and_its_time_alone_is_taken()
    {
        await using var link = await CalDavLink.StartAsync(PrivacyLevel.FullName);
        const string Text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:secret\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Australia/Melbourne:20260303T100000\r\nDTEND;TZID=Australia/Melbourne:20260303T104500\r\nSUMMARY:zebratitle\r\nDESCRIPTION:zebranotes\r\nLOCATION:zebraplace\r\nCLASS:PRIVATE\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        await link.PutAsDeviceAsync("secret", Text);
        await link.SettleAsync();
        Assert.Equal(["2026-03-03 10:00 to 2026-03-03 10:45 Busy"], await link.ThereAsync());
        var path = (await link.User.ListAsync()).Single().Path;
        await link.User.EditAsync(path, one => (one.Summary, one.Description, one.Location) = ("Something else", "theirs", "there"));
        await link.User.MoveAsync(path, Tuesday.PlusHours(2), Duration.FromMinutes(45));
        await link.SettleAsync();
        Assert.Equal(["2026-03-03 12:00 to 2026-03-03 12:45 Busy"], await link.ThereAsync());
        var here = await link.Diary.GetAsync(new AppointmentTarget("secret"));
        Assert.Equal((Tuesday.PlusHours(2), "zebratitle", "zebranotes", "zebraplace", true), (here.Start.LocalDateTime, here.Title, here.Comments, here.Location, here.Private));
        await link.PutAsync((await link.LinkAsync()).ShowingPrivate(PrivateAs.Nothing, link.Now)!);
        await link.SettleAsync();
        Assert.Empty(await link.ThereAsync());
        Assert.Equal("zebratitle", (await link.Diary.GetAsync(new AppointmentTarget("secret"))).Title);
        Assert.DoesNotContain("zebra", link.Asked(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(PrivateAs.Busy)]
    [InlineData(PrivateAs.Nothing)]
    public async Task What_its_person_makes_private_stays_as_it_is_there(PrivateAs shown)
    {
        await using var link = await CalDavLink.StartAsync(PrivacyLevel.Initials);
        await link.PutAsync(await link.LinkAsync() with { PrivateAs = shown });
        await link.User.PutNewAsync("own", "SUMMARY:Doctor\r\nDTSTART;TZID=Australia/Melbourne:20260303T100000\r\nDURATION:PT45M\r\nCLASS:CONFIDENTIAL\r\n");
        await link.Diary.AddPersonalAsync(new PersonalEntry("Lunch", Tuesday.PlusHours(2), Duration.FromMinutes(45)));
        await link.SettleAsync();
        await link.User.EditAsync((await link.User.FindAsync("Lunch")).Path, one => one.Class = "PRIVATE");
        await link.SettleAsync();
        Assert.Equal(["2026-03-03 10:00 to 2026-03-03 10:45 Doctor", "2026-03-03 12:00 to 2026-03-03 12:45 Lunch"], await link.ThereAsync());
        Assert.All(await link.Diary.ListAsync(Instant.FromUtc(2026, 3, 1, 0, 0), Instant.FromUtc(2026, 4, 1, 0, 0)), one => Assert.True(one.Private));
    }

    /// <summary>Who may have an alarm of theirs, or an invitation with names, does not send it along.</summary>
    [Fact]
    public async Task What_a_device_added_for_itself_stays_here()
    {
        await using var link = await CalDavLink.StartAsync(PrivacyLevel.FullName);
        const string Text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:own\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260305T010000Z\r\nDTEND:20260305T020000Z\r\nSUMMARY:Meeting\r\nLOCATION;X-ADDRESS=zebra:Room 2\r\nATTENDEE:mailto:zebra@example.com\r\nX-NOTE:zebra\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:zebra\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        await link.PutAsDeviceAsync("own", Text);
        await link.SettleAsync();
        Assert.Single(await link.ThereAsync());
        Assert.DoesNotContain("zebra", string.Join('\n', link.Front.Ever.Select(one => one.Body)), StringComparison.Ordinal);
    }
}
