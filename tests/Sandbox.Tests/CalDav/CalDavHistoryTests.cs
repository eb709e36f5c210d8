using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;
using NodaTime.Text;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;
using Sandbox.CalDav;
using Sandbox.Tests.Sync;

namespace Sandbox.Tests.CalDav;

/// <summary>
/// Edits in the diary and by a person's other application at a real CalDAV server at any time, every kind of fault, and processes that end at any write of theirs: in the end both sides have the same occurrences with the same
/// words, each once, every edit of what does not repeat has left behind what it has to (<see cref="Ledger"/>), nothing that is hidden was sent, and then it is quiet. <c>BRIDGE_HISTORIES=1000 dotnet test --project tests/Sandbox.Tests --filter-class "*In_any_history_with_a_CalDAV_account"</c> plays a thousand; <c>BRIDGE_SEED=1882318595</c> plays one again.
/// </summary>
public sealed class In_any_history_with_a_CalDAV_account
{
    /// <summary>How many histories a run of the tests plays: always the same ones.</summary>
    private const int Short = 6;

    /// <summary>Seeds that failed once.</summary>
    private static readonly int[] Failed = [2001728981, 1894732614, 1846835087, 857076466, 728591229];

    private static int[] Known => Environment.GetEnvironmentVariable("BRIDGE_SEED") is { } one ? [int.Parse(one, CultureInfo.InvariantCulture)] : Failed;

    private static readonly string[] Requests = ["PUT", "PUT", "DELETE", "GET", "sync", "multiget", "PROPFIND"];
    private static readonly string[] Kinds = ["reset-before", "reset-after", "race", "status", "lost-token", "stale-list", "empty-list", "cut-short"];
    private static readonly int[] Statuses = [403, 429, 500, 503];

    [Fact]
    public async Task Both_sides_agree_in_the_end_each_has_everything_once_and_it_is_quiet()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("BRIDGE_HISTORIES") ?? $"{Short}", CultureInfo.InvariantCulture);
        var (done, cut, edits) = (0, 0, 0);
        List<string> failures = [];
        for (var n = 0; n < Known.Length + count; n++)
        {
            var seed = n < Known.Length ? Known[n] : n < Known.Length + Short ? n : Random.Shared.Next();
            List<string> history = [$"seed {seed}"];
            try
            {
                var (passes, ended, looked) = await PlayAsync(new Random(seed), new Random(~seed), history, deletes: seed % 3 != 0);
                (done, cut, edits) = (done + passes, cut + ended, edits + looked);
            }
            catch (Exception failed) when (failures.Count < 50)
            {
                failures.Add($"{failed}\n{string.Join('\n', history)}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        // one seed alone is played for what happens in it
        Assert.True(count == 0 || (done > count && cut > count / 2 && edits > count), $"{done} passes, {cut} cut short, {edits} edits looked at");
    }

    private static async Task<(int Passes, int Cut, int Edits)> PlayAsync(Random random, Random ids, List<string> history, bool deletes)
    {
        await using var link = await CalDavLink.StartAsync(change: options => options with { TellsChanges = random.Next(3) > 0, TellsVersion = random.Next(2) == 0, PageSize = random.Next(2) == 0 ? 3 : int.MaxValue }, newId: SeededIds.Of(ids));
        var (ledger, edits, theirs) = (new Ledger(), new PlayedEdits(random, history, deletes), new CalDavEdits(random, history, deletes));
        var (passes, cut) = (0, 0);
        for (var step = 0; step < 30; step++)
        {
            link.Advance(Duration.FromMinutes(5));
            switch (random.Next(5))
            {
                case 0 or 1:
                    await edits.HereAsync(link.Diary, link.Jane, link.Now, occurrencesMayPass: true, ledger);
                    break;
                case 2 or 3:
                    await theirs.ThereAsync(link, ledger);
                    break;
                default:
                    passes++;
                    cut += await PassAsync(link, random, history) ? 0 : 1;
                    await link.NoteAsync(ledger);
                    break;
            }
        }

        link.Front.ClearScript();
        // what was refused is tried again then
        link.Advance(Duration.FromHours(1));
        await link.SettleAsync(string.Join('\n', history));
        await link.NoteAsync(ledger);
        var patients = (await link.Diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2027, 1, 1, 0, 0))).Where(one => one.Kind == AppointmentKind.Patient).Select(one => one.Id).ToHashSet();
        ledger.Check(await link.ShownAsync(), await link.ConflictsAsync(), string.Join('\n', history), patients);
        var asked = link.Asked();
        Assert.All(["Frances", "Brownlow", "PT-90125", "zebracomment"], word => Assert.DoesNotContain(word, asked, StringComparison.OrdinalIgnoreCase));
        return (passes, cut, ledger.Checked);
    }

    /// <summary>What is to go wrong at the next pass.</summary>
    internal static void Script(CalDavLink link, Random random, List<string> history)
    {
        for (var faults = random.Next(3); faults > 0; faults--)
        {
            var (what, kind) = (Requests[random.Next(Requests.Length)], Kinds[random.Next(Kinds.Length)]);
            if (kind == "race" && what is not ("PUT" or "DELETE")) kind = "reset-after";
            if (kind is "lost-token" or "stale-list" or "empty-list" or "cut-short" && what != "sync") kind = "reset-after";
            var fault = new FrontFault(what, kind) { Skip = random.Next(4), Times = 1 + random.Next(2), Status = Statuses[random.Next(Statuses.Length)] };
            history.Add($"{fault}");
            link.Front.Script(fault);
        }
    }

    private static async Task<bool> PassAsync(CalDavLink link, Random random, List<string> history)
    {
        Script(link, random, history);
        var result = "cut";
        try
        {
            result = (await link.PassAsync(new CutStore(link.Store, random.Next(2) == 0 ? int.MaxValue : random.Next(12)))).ToString();
        }
        catch (CutException)
        {
            // the process is gone: its lease ends by itself
        }

        if (await link.LinkAsync() is { State: LinkState.DeletesHeld } held) await link.PutAsync(held with { State = LinkState.Active, AllowedDeletions = 1000 });
        history.Add($"pass: {result}");
        return result == "Done";
    }
}
