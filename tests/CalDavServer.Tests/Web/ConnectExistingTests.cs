using System.Text.RegularExpressions;
using CalDavServer.Tests.Hosting;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>What a new device is given of the appointments that were there before (R5).</summary>
public sealed partial class ConnectExistingTests : ConnectTest
{
    [Fact]
    public async Task R5_from_now_on_leaves_out_what_was_there_and_serves_what_comes()
    {
        var sol = await AddSoloAsync(bought: true);
        var diary = DiaryOf(sol);
        await diary.AddPersonalAsync(Entry("Before"));
        using var browser = await SignedInAsync("sol");
        var page = await AddAsync(browser);
        await diary.AddPersonalAsync(Entry("After"));
        using var device = DeviceOf(page, sol);
        Assert.Equal(["After"], await TitlesAsync(device));
    }

    [Fact]
    public async Task R5_existing_appointments_are_counted_before_and_after_and_then_served()
    {
        var sol = await AddSoloAsync(bought: true);
        var diary = DiaryOf(sol);
        for (var number = 0; number < 120; number++) await diary.AddPersonalAsync(Entry($"Before {number}", number));
        using var browser = await SignedInAsync("sol");
        Assert.Contains("120 appointments in your diary are not in the calendar yet", (await browser.GetAsync(AddApp)).Text, StringComparison.Ordinal);
        var page = await AddAsync(browser, ("existing", "true"));
        using var device = DeviceOf(page, sol);
        var counted = await UntilAsync(() => browser.GetAsync("/settings/integrations/including"), answer => answer.Text.Contains("data-settled", StringComparison.Ordinal));
        Assert.Contains("your diary has 120 appointments, and the calendar shows all 120 of them", counted.Text, StringComparison.Ordinal);
        Assert.Equal(120, (await TitlesAsync(device)).Count);
    }

    [Fact]
    public async Task R5_a_device_can_write_while_existing_appointments_are_included()
    {
        var sol = await AddSoloAsync(bought: true);
        var diary = DiaryOf(sol);
        for (var number = 0; number < 150; number++) await diary.AddPersonalAsync(Entry($"Before {number}", number));
        using var browser = await SignedInAsync("sol");
        using var device = DeviceOf(await AddAsync(browser, ("existing", "true")), sol);
        for (var number = 0; number < 30; number++)
            Assert.Equal(201, (await device.PutAsync($"{device.Calendar("hx")}new-{number}.ics", Events.Event($"new-{number}", $"New {number}"))).Status);
        var counted = await UntilAsync(() => browser.GetAsync("/settings/integrations/including"), answer => answer.Text.Contains("data-settled", StringComparison.Ordinal));
        Assert.Contains("Existing appointments are included", counted.Text, StringComparison.Ordinal);
        Assert.Equal(180, (await TitlesAsync(device)).Count);
    }

    private static async Task<IReadOnlyList<string>> TitlesAsync(DavClient device)
    {
        const string query = "<C:calendar-query xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:prop><C:calendar-data/></D:prop>"
            + "<C:filter><C:comp-filter name=\"VCALENDAR\"/></C:filter></C:calendar-query>";
        var answer = await device.SendAsync("REPORT", device.Calendar("hx"), query, ("Depth", "1"));
        return [.. SummaryOf().Matches(answer.Text).Select(match => match.Groups[1].Value)];
    }

    private static async Task<PageAnswer> UntilAsync(Func<Task<PageAnswer>> ask, Func<PageAnswer, bool> isIt)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            var answer = await ask();
            if (isIt(answer)) return answer;
        }
    }

    [GeneratedRegex("SUMMARY:([^\r\n&]*)")]
    private static partial Regex SummaryOf();
}
