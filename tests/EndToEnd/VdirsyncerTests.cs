using Xunit;

namespace EndToEnd;

/// <summary>vdirsyncer between a folder and an ordinary calendar.</summary>
public sealed class VdirsyncerTests
{
    private const string Login = "alice";
    private const string Password = "a-password-of-the-test";

    [Fact]
    public async Task Vdirsyncer_passes_its_24_checks()
    {
        Tool.Require("vdirsyncer", "curl", "python3");
        await using var server = await ServerProcess.StartWithUserAsync(Login, Password);
        var run = await Tool.RunAsync("bash", [Repository.Client("vdirsyncer.sh"), server.Url.ToString(), Login, Password], TimeSpan.FromMinutes(4));
        Assert.Equal("VDIRSYNCER 24 passed, 0 failed", run.Succeeded().LastLine);
    }

    [Fact]
    public async Task Five_hundred_events_travel_both_ways_and_stay_the_same()
    {
        Tool.Require("vdirsyncer");
        await using var server = await ServerProcess.StartWithUserAsync(Login, Password);
        using var client = server.CreateClient(Login, Password);
        using var pair = new VdirsyncerPair(server.Url, Login, Password);
        await pair.DiscoverAsync();
        var calendar = await pair.CalendarUrlAsync();

        for (var n = 0; n < 500; n++)
        {
            await File.WriteAllTextAsync(pair.LocalFile($"local-{n}.ics"), Event($"local-{n}", $"From the folder {n}"), TestContext.Current.CancellationToken);
            using var body = new StringContent(Event($"server-{n}", $"From the server {n}"), null, "text/calendar");
            using var put = await client.PutAsync(new Uri(calendar, $"server-{n}.ics"), body, TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.Created, put.StatusCode);
        }

        await pair.SyncAsync();
        var folder = pair.LocalSummaries();
        Assert.Equal(1000, folder.Count);
        Assert.Equal("From the server 499", folder["server-499"]);
        Assert.Equal(folder, await pair.SecondCopyAsync());

        // both sides change and lose events before the next sync
        for (var n = 0; n < 500; n += 5)
        {
            File.Delete(pair.FileOf($"local-{n}"));
            using var removed = await client.DeleteAsync(new Uri(calendar, $"server-{n}.ics"), TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.NoContent, removed.StatusCode);
            await File.WriteAllTextAsync(pair.FileOf($"local-{n + 1}"), Event($"local-{n + 1}", "Changed in the folder"), TestContext.Current.CancellationToken);
            using var body = new StringContent(Event($"server-{n + 1}", "Changed on the server"), null, "text/calendar");
            using var put = await client.PutAsync(new Uri(calendar, $"server-{n + 1}.ics"), body, TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.NoContent, put.StatusCode);
        }

        await pair.SyncAsync();
        folder = pair.LocalSummaries();
        Assert.Equal(800, folder.Count);
        Assert.Equal(100, folder.Values.Count(summary => summary == "Changed in the folder"));
        Assert.Equal(100, folder.Values.Count(summary => summary == "Changed on the server"));
        Assert.Equal(folder, await pair.SecondCopyAsync());
        Assert.DoesNotContain("Copying", await pair.SyncAsync(), StringComparison.Ordinal);
    }

    private static string Event(string uid, string summary) =>
        $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//CalendarSync//EndToEnd//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\n"
        + $"DTSTART;TZID=Australia/Sydney:20260110T100000\r\nDTEND;TZID=Australia/Sydney:20260110T110000\r\nSUMMARY:{summary}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
}
