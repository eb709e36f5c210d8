using System.Diagnostics;
using EndToEnd.Browser;
using Microsoft.Playwright;
using NodaTime;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EndToEnd.Rules;

/// <summary>R1, R4, R6 and R11: Maya at the calendar page, and the calendar app on her phone.</summary>
public sealed class TwoWayTests(Chromium chromium, DemoServer server) : BrowserTest(chromium), IClassFixture<DemoServer>
{
    private static readonly LocalDate Day = CalendarPages.FreeDay;
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task R1_What_is_added_edited_moved_and_deleted_in_the_diary_is_so_on_the_device_at_its_next_sync()
    {
        var (_, calendar, device) = await StartAsync();
        using var _1 = device;
        await calendar.AddPersonalAsync("Bank", Day.At(new LocalTime(9, 0)));
        await device.SyncAsync();
        Assert.EndsWith("T090000", device.Find("Bank")?["DTSTART"], StringComparison.Ordinal);

        await calendar.EditAsync("Bank", Day, ("Title", "Bank and post"), ("Location", "High Street"));
        await device.SyncAsync();
        Assert.Equal("High Street", device.Find("Bank and post")?["LOCATION"]);
        Assert.Null(device.Find("Bank"));

        await calendar.EditAsync("Bank and post", Day, ("Start", "10:30"));
        await device.SyncAsync();
        Assert.EndsWith("T103000", device.Find("Bank and post")?["DTSTART"], StringComparison.Ordinal);

        await calendar.DeleteAsync("Bank and post", Day);
        await device.SyncAsync();
        Assert.Null(device.Find("Bank and post"));
    }

    [Fact]
    public async Task R1_R11_What_is_added_edited_moved_and_removed_on_the_device_is_so_in_the_open_page_within_2_seconds()
    {
        var (_, calendar, device) = await StartAsync();
        using var _1 = device;
        await calendar.ShowAsync(Day);
        var times = new List<TimeSpan>();

        await device.AddAsync("Swimming", Day.At(new LocalTime(11, 0)));
        times.Add(await TimeAsync(() => Expect(calendar.Appointment("Swimming", "11:00")).ToBeVisibleAsync()));

        await device.SyncAsync();
        await device.EditAsync(device.Find("Swimming")!, "SUMMARY", "SUMMARY:Diving");
        times.Add(await TimeAsync(() => Expect(calendar.Appointment("Diving")).ToBeVisibleAsync()));
        await Expect(calendar.Appointment("Swimming")).ToHaveCountAsync(0);

        await device.SyncAsync();
        var moved = device.Find("Diving")!;
        await device.EditAsync(moved with { Text = moved.With("DTEND", moved.LineOf("DTEND").Replace("T113000", "T123000", StringComparison.Ordinal)) }, "DTSTART", moved.LineOf("DTSTART").Replace("T110000", "T120000", StringComparison.Ordinal));
        times.Add(await TimeAsync(() => Expect(calendar.Appointment("Diving", "12:00")).ToBeVisibleAsync()));

        await device.SyncAsync();
        await device.RemoveAsync(device.Find("Diving")!);
        times.Add(await TimeAsync(() => Expect(calendar.Appointment("Diving")).ToHaveCountAsync(0)));

        // on a machine that does a hundred things at once, one of four may have to wait
        Assert.True(times.Count(time => time < Seconds) >= 3, string.Join(", ", times));
    }

    [Fact]
    public async Task R1_A_patient_appointment_that_is_booked_and_cancelled_in_the_diary_comes_to_the_device_and_goes()
    {
        var (_, calendar, device) = await StartAsync();
        using var _1 = device;
        await calendar.BookAsync("Nora", "Applegarth", Day.At(new LocalTime(13, 0)));
        await device.SyncAsync();
        var booked = device.Events.Single(copy => copy["DTSTART"]!.EndsWith($"{Day:uuuuMMdd}T130000", StringComparison.Ordinal));
        Assert.DoesNotContain("Applegarth", booked.Text, StringComparison.Ordinal);

        await calendar.CancelAsync("Applegarth", Day);
        await device.SyncAsync();
        Assert.DoesNotContain(device.Events, copy => copy.Path == booked.Path);
        await calendar.ShowAsync(Day);
        await Expect(calendar.Appointment("Applegarth")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex(@"\bgone\b"));
    }

    [Fact]
    public async Task R1_A_patient_appointment_that_the_device_moves_and_then_removes_is_moved_and_then_cancelled_in_the_diary()
    {
        var (_, calendar, device) = await StartAsync();
        using var _1 = device;
        await calendar.BookAsync("Otis", "Barrowman", Day.At(new LocalTime(14, 0)));
        await device.SyncAsync();
        var booked = device.Events.Single(copy => copy["DTSTART"]!.EndsWith($"{Day:uuuuMMdd}T140000", StringComparison.Ordinal));
        var later = booked with { Text = booked.With("DTEND", booked.LineOf("DTEND").Replace("T143000", "T153000", StringComparison.Ordinal)) };
        await device.EditAsync(later, "DTSTART", booked.LineOf("DTSTART").Replace("T140000", "T150000", StringComparison.Ordinal));
        await Expect(calendar.Appointment("Barrowman", "15:00")).ToBeVisibleAsync();

        await device.SyncAsync();
        await device.RemoveAsync(device.Events.Single(copy => copy.Path == booked.Path));
        await Expect(calendar.Appointment("Barrowman")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex(@"\bgone\b"));
    }

    [Fact]
    public async Task R4_What_a_device_adds_is_a_personal_appointment_and_only_the_diary_makes_it_a_patients()
    {
        var (visitor, calendar, device) = await StartAsync();
        using var _1 = device;
        var page = visitor.Page;
        await device.AddAsync("Mrs Calloway rang", Day.At(new LocalTime(16, 0)));
        await calendar.OpenAsync("Mrs Calloway rang", Day);
        await Expect(page.Locator(".appointment-card .badges")).ToContainTextAsync("Personal");

        await page.GetByRole(AriaRole.Link, new() { Name = "Turn into a patient appointment" }).ClickAsync();
        await visitor.LookAsync("appointment-convert");
        await calendar.FillPatientAsync("Petra", "Calloway");
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn into a patient appointment" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Calloway");
        await Expect(page.Locator(".appointment-card .badges")).ToContainTextAsync("Patient");

        // the device reads what its level allows, and what it writes into the title is not taken
        await device.SyncAsync();
        var patients = device.Events.Single(copy => copy["DTSTART"]!.EndsWith($"{Day:uuuuMMdd}T160000", StringComparison.Ordinal));
        Assert.DoesNotContain("Calloway", patients.Text, StringComparison.Ordinal);
        using var answer = await device.TryEditAsync(patients, "SUMMARY", "SUMMARY:Somebody else");
        await page.ReloadAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Calloway");
        await device.SyncAsync();
        Assert.Null(device.Find("Somebody else"));
    }

    [Fact]
    public async Task R6_An_invoiced_appointment_that_a_device_removes_is_kept_explained_and_put_back_with_one_click()
    {
        var (visitor, calendar, device) = await StartAsync();
        using var _1 = device;
        await calendar.BookAsync("Quinn", "Dashwood", Day.At(new LocalTime(17, 0)));
        await calendar.InvoiceAsync("Dashwood", Day, "INV-1234");
        await device.SyncAsync();
        var invoiced = device.Events.Single(copy => copy["DTSTART"]!.EndsWith($"{Day:uuuuMMdd}T170000", StringComparison.Ordinal));
        await device.RemoveAsync(invoiced);

        await calendar.OpenAsync("Dashwood", Day);
        await Expect(visitor.Page.Locator(".warning")).ToContainTextAsync("Kept in the diary");
        await visitor.LookAsync("appointment-kept");
        await device.SyncAsync();
        Assert.DoesNotContain(device.Events, copy => copy.Path == invoiced.Path);

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Put back" }).ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Status)).ToBeVisibleAsync();
        await device.SyncAsync();
        Assert.Contains(device.Events, copy => copy["UID"] == invoiced["UID"]);
    }

    [Fact]
    public async Task A6_What_a_device_wrote_of_a_patient_appointment_stands_beside_what_the_diary_has_and_each_choice_works()
    {
        var (visitor, calendar, device) = await StartAsync();
        using var _1 = device;
        var page = visitor.Page;
        await calendar.BookAsync("Rosa", "Ellery", Day.At(new LocalTime(18, 0)));
        await calendar.BookAsync("Saul", "Fenwick", Day.At(new LocalTime(19, 0)));
        await device.SyncAsync();
        foreach (var (hour, title) in new[] { ("18", "Swapped with Ann"), ("19", "Call first") })
        {
            var booked = device.Events.Single(copy => copy["DTSTART"]!.EndsWith($"{Day:uuuuMMdd}T{hour}0000", StringComparison.Ordinal));
            await device.EditAsync(booked with { Text = booked.With("LOCATION", "LOCATION:Room 4") }, "SUMMARY", $"SUMMARY:{title}");
        }

        await visitor.OpenAsync("/settings/sync");
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Title Swapped with Ann" })).ToContainTextAsync("Follow-up · Rosa Ellery");
        await visitor.LookAsync("sync-versions");
        var first = page.Locator(".problems > li", new() { HasText = "Rosa Ellery" });
        await first.GetByRole(AriaRole.Button, new() { Name = "Use the device's version" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("in your diary now");
        await Expect(first).ToHaveCountAsync(0);
        var second = page.Locator(".problems > li", new() { HasText = "Saul Fenwick" });
        await second.GetByRole(AriaRole.Button, new() { Name = "Keep the diary's version" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("stays as your diary has it");
        await Expect(second).ToHaveCountAsync(0);

        await calendar.OpenAsync("Ellery", Day);
        await Expect(page.Locator("main")).ToContainTextAsync("title: Swapped with Ann");
        await Expect(page.Locator("main")).ToContainTextAsync("Room 4");
        await calendar.OpenAsync("Fenwick", Day);
        await Expect(page.Locator("main")).Not.ToContainTextAsync("Call first");
    }

    private async Task<(Visitor Visitor, CalendarPages Calendar, Device Device)> StartAsync()
    {
        var visitor = await ReturnAsync(server, server.Maya);
        var device = new Device(server.Url, server.Maya.Login, server.Maya.Password);
        await device.SyncAsync();
        return (visitor, new CalendarPages(visitor), device);
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> wait)
    {
        var clock = Stopwatch.StartNew();
        await wait();
        return clock.Elapsed;
    }
}
