using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>The audit log as people see it and take it away, and the history of an appointment.</summary>
public sealed class AuditPageTests : PageTest
{
    private static readonly Instant Now = Instant.FromUtc(2026, 3, 4, 1, 3);

    [Fact]
    public async Task An_administrator_sees_everything_of_the_practice_and_can_show_one_person()
    {
        await NoteAsync(AuditActor.OnPages(Ruth, "session"), AuditAction.Invited, Tom.Id);
        await NoteAsync(AuditActor.OnPages(Maya, "session"), AuditAction.PasswordChanged);
        using var browser = await SignedInAsync("ruth");
        var all = await browser.GetAsync("/settings/audit");
        Assert.Contains("Invited to the practice, for Tom Okafor", all.Text, StringComparison.Ordinal);
        Assert.Contains("Password changed", all.Text, StringComparison.Ordinal);
        Assert.Contains("12:03 on 4 March 2026", all.Text, StringComparison.Ordinal);
        var ofTom = await browser.GetAsync($"/settings/audit?show=people&who={Tom.Id}");
        Assert.Contains("Invited to the practice", ofTom.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Password changed", ofTom.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_practitioner_sees_what_concerns_them_and_nothing_of_others()
    {
        await NoteAsync(AuditActor.OnPages(Ruth, "session"), AuditAction.Deactivated, Tom.Id);
        await NoteAsync(AuditActor.OnPages(Ruth, "session"), AuditAction.SubscriptionBought, Maya.Id);
        var id = await BookAsync(Tom);
        using var browser = await SignedInAsync("maya");
        var own = await browser.GetAsync("/settings/audit");
        Assert.Contains("Calendar synchronisation bought", own.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Access taken away", own.Text, StringComparison.Ordinal);
        foreach (var path in (string[])[$"/settings/audit?who={Tom.Id}", $"/settings/audit?show=appointments&who={Tom.Id}", $"/calendar/{Tom.Id}/{id}/history", "/settings/audit?show=all"])
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(path)).Status);
    }

    [Fact]
    public async Task The_log_is_shown_page_by_page_newest_first()
    {
        await NoteAsync(120, AuditActor.OnPages(Maya, "session"), AuditAction.PasswordChanged);
        using var browser = await SignedInAsync("maya");
        var seen = new List<long>();
        for (var path = "/settings/audit"; path is not null;)
        {
            var page = await browser.GetAsync(path);
            seen.AddRange(System.Text.RegularExpressions.Regex.Matches(page.Text, "data-label=\"Number\">(\\d+)<").Select(match => long.Parse(match.Groups[1].Value, null)));
            var older = System.Text.RegularExpressions.Regex.Match(page.Text, "rel=\"next\" href=\"([^\"]+)\"");
            path = older.Success ? WebUtility.HtmlDecode(older.Groups[1].Value) : null;
            Assert.InRange(seen.Count, 1, 200);
        }

        Assert.Equal(seen.OrderDescending(), seen);
        Assert.InRange(seen.Count, 120, 125);
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task The_history_of_an_appointment_says_who_did_what_with_which_device()
    {
        var id = await BookAsync(Maya);
        var person = await Server.AddPasswordAsync(Maya);
        using (var device = Server.Client(person))
        {
            var path = $"{device.Calendar("hx")}{id}.ics";
            var text = (await device.GetAsync(path)).Text;
            Assert.InRange((await device.PutAsync(path, text.Replace("T090000", "T100000", StringComparison.Ordinal).Replace("T093000", "T103000", StringComparison.Ordinal), ("User-Agent", "Mozilla/5.0 (X11; Linux) Thunderbird/128.5.0"))).Status, 200, 204);
        }

        foreach (var login in (string[])["maya", "ruth"])
        {
            using var browser = await SignedInAsync(login);
            var page = await browser.GetAsync($"/calendar/{Maya.Id}/{id}/history");
            Assert.Contains("Booked by reception", page.Text, StringComparison.Ordinal);
            Assert.Contains("Moved by Thunderbird on test, ", page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("Wilhelmina", page.Text, StringComparison.Ordinal);
            Assert.Contains($"/calendar/{Maya.Id}/{id}/history", (await browser.GetAsync($"/settings/audit?show=appointments&who={Maya.Id}")).Text, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/calendar/{Maya.Id}/none/history")).Status);
        }
    }

    [Fact]
    public async Task The_download_can_be_verified_with_nothing_but_SHA_256()
    {
        await NoteAsync(600, AuditActor.OnPages(Ruth, "session"), AuditAction.Invited, Tom.Id);
        await Server.Store.ApplyAsync(StoreBatch.Of(new EraseLines(PracticeAudit.Log, Practice.Id, Tom.Id)), TestContext.Current.CancellationToken);
        await NoteAsync(AuditActor.OnPages(Ruth, "session"), AuditAction.Invited, Tom.Id);
        using var browser = await SignedInAsync("ruth");
        var file = await browser.PostAsync("/settings/audit?handler=Download", ("format", "jsonl"));
        var (hash, number, erased) = (new byte[32], 0L, 0);
        foreach (var line in file.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            Assert.Equal(++number, root.GetProperty("number").GetInt64());
            var digest = Convert.FromHexString(root.GetProperty("digest").GetString()!);
            if (root.TryGetProperty("entry", out var entry)) Assert.Equal(digest, SHA256.HashData(Encoding.UTF8.GetBytes(entry.GetRawText())));
            else erased++;
            if (number == 1)
            {
                hash = Convert.FromHexString(root.GetProperty("origin").GetString()!);
                Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes($"CalendarSync log\0{PracticeAudit.Log}\0{Practice.Id}")), hash);
            }

            var place = BitConverter.GetBytes(number);
            Array.Reverse(place);
            hash = SHA256.HashData([.. hash, .. place, .. digest]);
            Assert.Equal(Convert.ToHexStringLower(hash), root.GetProperty("hash").GetString());
        }

        Assert.Equal(600, erased);
        Assert.True(number > 600);
        var csv = await browser.PostAsync("/settings/audit?handler=Download", ("format", "csv"));
        Assert.Contains(Convert.ToHexStringLower(hash), csv.Text, StringComparison.Ordinal);
        Assert.Contains(",AuditExported,Audit log downloaded,Ruth Calloway,", csv.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_cannot_be_a_formula_in_a_spreadsheet_or_break_a_row()
    {
        await NoteAsync(new AuditActor("=cmd|\"x\",y", ActorVia.Web, Ruth.Id, "session"), AuditAction.SignedIn);
        using var browser = await SignedInAsync("ruth");
        var csv = await browser.PostAsync("/settings/audit?handler=Download", ("format", "csv"));
        Assert.Contains(",\"'=cmd|\"\"x\"\",y\",", csv.Text, StringComparison.Ordinal);
    }

    private Task NoteAsync(AuditActor by, AuditAction action, string? about = null) => NoteAsync(1, by, action, about);

    private async Task NoteAsync(int times, AuditActor by, AuditAction action, string? about = null)
    {
        var lines = Enumerable.Range(0, times).Select(_ => PracticeAudit.Line(Practice.Id, Now, by, action, about));
        Assert.True((await Server.Store.ApplyAsync(new StoreBatch([.. lines]), TestContext.Current.CancellationToken)).Succeeded);
    }

    private Task<string> BookAsync(Principal practitioner) => new Diary(Server.Store, Server.Clock, practitioner.Id, new AuditActor("reception", ActorVia.Web, null, "session")).BookAsync(
        new Booking([new Patient("P-1", "Wilhelmina", "Quartz")], "Massage", new LocalDateTime(2026, 6, 1, 9, 0), Duration.FromMinutes(30)));
}
