using System.Text.Json.Nodes;
using Calendaring.ICalendar;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;
using Sandbox.Tests.Fidelity;

namespace Sandbox.Tests.Sync;

/// <summary>Answers are lost, listings are behind, and processes end: a series that is at Microsoft in parts is there once.</summary>
public sealed class A_series_in_parts_at_Microsoft_that_fails : MicrosoftPartsTest
{
    /// <summary>Answers that were lost, refusals, and processes that end between two parts: each part is there once.</summary>
    [Theory]
    [InlineData("insert", "reset-after", 0)]
    [InlineData("insert", "reset-after", 3)]
    [InlineData("insert", "reset-before", 2)]
    [InlineData("insert", "status", 4)]
    [InlineData("all", "status", 0)]
    [InlineData("update", "reset-after", 2)]
    [InlineData("delete", "reset-after", 1)]
    [InlineData("delete", "status", 1)]
    [InlineData("get", "status", 0)]
    public async Task Is_there_once_whatever_fails(string method, string kind, int skip)
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        string[][] versions =
        [
            TwoDays,
            [.. TwoDays, "SUMMARY:Other"],
            [.. Times, "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,20;COUNT=6"],
            [.. Times, "RRULE:FREQ=WEEKLY;COUNT=6"],
            TwoDays,
            [.. TwoDays, $"EXDATE;{Zone}:20260403T100000,20260503T100000"],
            TwoDays,
        ];
        foreach (var version in versions)
        {
            await link.Scene.FaultAsync(link.Operation(method), kind, new JsonObject { ["skip"] = skip, ["times"] = 1, ["status"] = 503 });
            await link.DevicePutsAsync(Uid, version);
            await link.PassAsync();
            await link.SettleAsync(string.Join('\n', version));
            Assert.Single(await link.ShownAsync());
        }

        await link.Scene.FaultAsync(link.Operation(method), kind, new JsonObject { ["skip"] = skip, ["times"] = 1, ["status"] = 503 });
        await link.Diary.CancelAsync(new AppointmentTarget(Uid), CancelChoice.Delete, SeriesScope.All);
        await link.PassAsync();
        await link.SettleAsync();
        Assert.Empty(await link.ThereAsync());
        Assert.Empty(await link.HereAsync());
    }

    [Fact]
    public async Task Is_there_once_wherever_the_process_ends()
    {
        for (var writes = 0; writes < 14; writes++)
        {
            await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
            foreach (var version in (string[][])[TwoDays, [.. Times, "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,20;COUNT=6"], [.. Times, "RRULE:FREQ=WEEKLY;COUNT=6"], TwoDays])
            {
                await link.DevicePutsAsync(Uid, version);
                await CutAsync(link, writes);
                await link.SettleAsync($"{writes}: {string.Join('\n', version)}");
            }

            await link.PersonAsync("move", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-17 10:00"), ["start"] = "2026-03-19T15:00", ["end"] = "2026-03-19T15:30" });
            await CutAsync(link, writes);
            await link.SettleAsync($"{writes}: moved");
            Assert.Contains("2026-03-19 15:00 to 2026-03-19 15:30 Visit", await link.HereAsync());
            await link.Diary.CancelAsync(new AppointmentTarget(Uid), CancelChoice.Delete, SeriesScope.All);
            await CutAsync(link, writes);
            await link.SettleAsync($"{writes}: cancelled");
            Assert.Empty(await link.HereAsync());
        }

        static async Task CutAsync(OutsideLink link, int writes)
        {
            try
            {
                await link.PassAsync(new CutStore(link.Store, writes));
            }
            catch (CutException)
            {
                // the process is gone: its lease ends by itself
            }
        }
    }

    /// <summary>What was made before a pass was cut short is known, though no listing has told of it, and whatever the practice has done since.</summary>
    [Theory]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=5,20;COUNT=6", false)]
    [InlineData("FREQ=WEEKLY;COUNT=6", false)]
    [InlineData("", false)]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=5,20;COUNT=6", true)]
    [InlineData("FREQ=WEEKLY;COUNT=6", true)]
    [InlineData("", true)]
    public async Task Is_there_once_when_listings_are_behind(string then, bool hadPattern)
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        if (hadPattern) await link.DevicePutsAsync(Uid, [.. Times, "RRULE:FREQ=WEEKLY;COUNT=2"]);
        await link.SettleAsync();
        await link.Scene.FaultAsync(link.Operation("insert"), "status", new JsonObject { ["skip"] = 3, ["times"] = 1, ["status"] = 503 });
        await link.DevicePutsAsync(Uid, TwoDays);
        Assert.Equal(PassResult.Later, await link.PassAsync());
        Assert.Equal(3, (await link.ThereAsync()).Count);
        if (then.Length > 0) await link.DevicePutsAsync(Uid, [.. Times, $"RRULE:{then}"]);
        else await link.Diary.CancelAsync(new AppointmentTarget(Uid), CancelChoice.Delete, SeriesScope.All);
        await link.Scene.FaultAsync(link.Operation("list"), "stale-list", new JsonObject { ["amount"] = 50, ["times"] = 1 });
        Assert.Equal(PassResult.Done, await link.PassAsync());
        await link.SettleAsync();
        Assert.Equal(then.Length > 0 ? 6 : 0, (await link.ThereAsync()).Count);
        Assert.Equal(then.Length > 0 ? 1 : 0, (await link.ShownAsync()).Count);
    }

    /// <summary>What the person does to a part while others are still being made is an edit, and no part that is missing is one.</summary>
    [Fact]
    public async Task Keeps_an_edit_that_is_made_between_two_parts()
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.Scene.FaultAsync(link.Operation("insert"), "status", new JsonObject { ["skip"] = 3, ["times"] = 1, ["status"] = 503 });
        await link.DevicePutsAsync(Uid, TwoDays);
        await link.PassAsync();
        Assert.Equal(3, (await link.ThereAsync()).Count);
        await link.PersonAsync("move", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-17 10:00"), ["start"] = "2026-03-19T15:00", ["end"] = "2026-03-19T15:30" });
        await link.SettleAsync();
        Assert.Equal(6, (await link.HereAsync()).Count);
        Assert.Contains("2026-03-19 15:00 to 2026-03-19 15:30 Visit", await link.HereAsync());

        // and so when they become others
        await link.Scene.FaultAsync(link.Operation("insert"), "status", new JsonObject { ["skip"] = 1, ["times"] = 1, ["status"] = 503 });
        await link.DevicePutsAsync(Uid, [.. Times, "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,20;COUNT=6"]);
        await link.PassAsync();
        await link.PersonAsync("edit", new JsonObject { ["event"] = await link.IdAtAsync("2026-03-20 10:00"), ["title"] = "Long visit" });
        await link.PersonAsync("delete", new JsonObject { ["event"] = await link.IdAtAsync("2026-04-03 10:00") });
        await link.SettleAsync();
        Assert.Equal(5, (await link.HereAsync()).Count);
        Assert.Contains("2026-03-20 10:00 to 2026-03-20 10:45 Long visit", await link.HereAsync());
    }

    /// <summary>The practice moves the whole, and that is cut short: what the person does meanwhile to a part, moved already or not, is an edit of that date.</summary>
    [Theory]
    [InlineData("reset-before", 0)]
    [InlineData("reset-after", 0)]
    [InlineData("reset-before", 3)]
    [InlineData("reset-after", 5)]
    public async Task Keeps_an_edit_that_is_made_while_it_is_moved(string kind, int skip)
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, TwoDays);
        await link.SettleAsync();
        await FaultAsync(link, kind, skip);
        await link.DevicePutsAsync(Uid, $"DTSTART;{Zone}:20260303T110000", $"DTEND;{Zone}:20260303T120000", "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,17;COUNT=6", "SUMMARY:Other");
        Assert.Equal(PassResult.Later, await link.PassAsync());
        await link.PersonAsync("edit", new JsonObject { ["event"] = await IdOnAsync("2026-03-17"), ["title"] = "Long visit" });
        await link.PersonAsync("move", new JsonObject { ["event"] = await IdOnAsync("2026-04-17"), ["start"] = "2026-04-19T15:00", ["end"] = "2026-04-19T15:30" });
        await link.PersonAsync("delete", new JsonObject { ["event"] = await IdOnAsync("2026-05-03") });
        await link.SettleAsync();
        Assert.Equal(
            ["2026-03-03 11:00 to 2026-03-03 12:00 Other", "2026-03-17 11:00 to 2026-03-17 12:00 Long visit", "2026-04-03 11:00 to 2026-04-03 12:00 Other", "2026-04-19 15:00 to 2026-04-19 15:30 Other", "2026-05-17 11:00 to 2026-05-17 12:00 Other"],
            await link.HereAsync());

        async Task<string> IdOnAsync(string day) => (string)(await link.SeenAsync()).First(one => (bool)one["live"]! && ((string)one["start"]!).StartsWith(day, StringComparison.Ordinal))["id"]!;
    }

    /// <summary>Again and again cut short, whatever the practice and the person do in between: each date is there once.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Is_there_once_when_it_is_moved_again_and_again(int skip)
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, TwoDays);
        await link.SettleAsync();
        foreach (var hour in (int[])[11, 12, 10, 9, 11])
        {
            await FaultAsync(link, "reset-after", skip);
            await link.DevicePutsAsync(Uid, $"DTSTART;{Zone}:20260303T{hour:00}0000", $"DTEND;{Zone}:20260303T{hour:00}4500", "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,17;COUNT=6");
            Assert.Equal(PassResult.Later, await link.PassAsync());
            await FaultAsync(link, "reset-before", 1);
            await link.PassAsync();
        }

        await link.SettleAsync();
        Assert.Equal(6, (await link.HereAsync()).Count);
        Assert.All(await link.ThereAsync(), one => Assert.Contains("11:00 to", one, StringComparison.Ordinal));
        Assert.Single(await link.ShownAsync());
    }

    private static async Task FaultAsync(OutsideLink link, string kind, int skip)
    {
        foreach (var operation in (string[])["insert", "update"]) await link.Scene.FaultAsync(link.Operation(operation), kind, new JsonObject { ["skip"] = skip, ["times"] = 1 });
    }

    [Fact]
    public async Task Is_removed_with_the_appointment_and_stays_so_when_that_is_cut_short()
    {
        await using var link = await MicrosoftLink.StartAsync(PrivacyLevel.FullName);
        await link.DevicePutsAsync(Uid, TwoDays);
        await link.SettleAsync();
        await link.Scene.FaultAsync(link.Operation("delete"), "status", new JsonObject { ["skip"] = 3, ["times"] = 1, ["status"] = 503 });
        await link.Diary.CancelAsync(new AppointmentTarget(Uid), CancelChoice.Delete, SeriesScope.All);
        await link.PassAsync();
        Assert.Equal(3, (await link.ThereAsync()).Count);
        await link.SettleAsync();
        Assert.Empty(await link.ThereAsync());
        Assert.Empty(await link.HereAsync());
    }
}
