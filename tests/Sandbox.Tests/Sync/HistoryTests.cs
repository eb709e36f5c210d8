using System.Globalization;
using System.Text.Json.Nodes;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;

namespace Sandbox.Tests.Sync;

/// <summary>
/// Edits in the diary and by a person outside at any time, every kind of fault, and processes that end at any write of theirs: in the end both sides have the same occurrences with the same words, each once, every edit of what does
/// not repeat has left behind what it has to (<see cref="Ledger"/>), nothing that is hidden was sent, and then it is quiet. <c>BRIDGE_HISTORIES=1000 dotnet test --project tests/Sandbox.Tests --filter-class "*In_any_history_with_Google"</c> plays a thousand; <c>BRIDGE_SEED=1882318595</c> plays one again.
/// </summary>
public abstract class In_any_history_with
{
    /// <summary>How many histories a run of the tests plays: always the same ones.</summary>
    private const int Short = 8;

    /// <summary>Seeds that failed once.</summary>
    private protected abstract IReadOnlyList<int> Failed { get; }

    private IReadOnlyList<int> Known => Environment.GetEnvironmentVariable("BRIDGE_SEED") is { } one ? [int.Parse(one, CultureInfo.InvariantCulture)] : Failed;

    private protected abstract Task<OutsideLink> StartAsync();

    /// <summary>What is done in the diary and by the person outside.</summary>
    private protected virtual PlayedEdits Edits(OutsideLink link, Random random, List<string> history, bool deletes) => new(random, history, deletes);

    private static readonly string[] Methods = ["insert", "update", "delete", "get", "list", "instances"];
    private static readonly string[] Kinds = ["reset-before", "reset-after", "race", "status", "gone", "stale-list", "lost-page-token", "repeated-items"];
    private static readonly int[] Statuses = [403, 429, 500, 503];

    [Fact]
    public async Task Both_sides_agree_in_the_end_nothing_is_lost_each_has_everything_once_and_it_is_quiet()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("BRIDGE_HISTORIES") ?? $"{Short}", CultureInfo.InvariantCulture);
        var (done, cut) = (0, 0);
        List<string> failures = [];
        for (var n = 0; n < Known.Count + count; n++)
        {
            var seed = n < Known.Count ? Known[n] : n < Known.Count + Short ? n : Random.Shared.Next();
            List<string> history = [$"seed {seed}"];
            try
            {
                var (passes, ended) = await PlayAsync(seed, new Random(seed), new Random(~seed), history, deletes: seed % 3 != 0);
                (done, cut) = (done + passes, cut + ended);
            }
            catch (Exception failed) when (failures.Count < 50)
            {
                failures.Add($"{failed}\n{string.Join('\n', history)}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        // one seed alone is played for what happens in it
        Assert.True(count == 0 || (done > count && cut > count / 2), $"{done} passes, {cut} cut short");
    }

    private async Task<(int Passes, int Cut)> PlayAsync(int seed, Random random, Random more, List<string> history, bool deletes)
    {
        await using var link = await StartAsync();
        var (ledger, edits) = (new Ledger(), Edits(link, random, history, deletes));
        var (passes, cut, bin) = (0, 0, new Bin(new Random(~seed / 2)));
        for (var step = 0; step < 30; step++)
        {
            await link.AdvanceAsync(Duration.FromMinutes(5));
            switch (random.Next(5))
            {
                case 0 or 1:
                    await edits.HereAsync(link.Diary, link.Jane, link.Now, link.OccurrencesMayPass, ledger);
                    break;
                case 2 or 3:
                    await edits.ThereAsync(link, ledger);
                    // drawn by themselves, too
                    if (deletes) await bin.ActAsync(link, history, ledger);
                    break;
                default:
                    passes++;
                    // drawn by themselves: a seed is the history that it was
                    if (more.Next(6) == 0) await link.Scene.FaultAsync(link.Operation("all"), more.Next(2) == 0 ? "status" : "reset-after", new JsonObject { ["skip"] = more.Next(2), ["times"] = 1, ["status"] = Statuses[more.Next(Statuses.Length)] });
                    cut += await PassAsync(link, random, history) ? 0 : 1;
                    await link.NoteAsync(ledger);
                    break;
            }
        }

        await link.Scene.Http.DeleteAsync("/user/faults", TestContext.Current.CancellationToken);
        await link.SettleAsync(string.Join('\n', history));
        await link.NoteAsync(ledger);
        var patients = (await link.Diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2027, 1, 1, 0, 0))).Where(one => one.Kind == AppointmentKind.Patient).Select(one => one.Id).ToHashSet();
        ledger.Check(await link.ShownAsync(), await link.ConflictsAsync(), string.Join('\n', history), patients);
        var asked = string.Join('\n', link.Wire.Ever.Select(one => $"{one.Method} {Uri.UnescapeDataString(one.Path)}\n{one.Headers}\n{one.Body}"));
        Assert.All(["Frances", "Brownlow", "PT-90125", "zebracomment"], word => Assert.DoesNotContain(word, asked, StringComparison.OrdinalIgnoreCase));
        return (passes, cut);
    }

    /// <summary>What is to go wrong at the next pass.</summary>
    internal static async Task ScriptAsync(OutsideLink link, Random random, List<string> history)
    {
        for (var faults = random.Next(3); faults > 0; faults--)
        {
            var (method, kind) = (Methods[random.Next(Methods.Length)], Kinds[random.Next(Kinds.Length)]);
            if (method != "list" && kind is "gone" or "stale-list" or "lost-page-token" or "repeated-items") kind = "reset-after";
            var fault = new JsonObject { ["skip"] = random.Next(4), ["times"] = 1 + random.Next(2), ["status"] = Statuses[random.Next(Statuses.Length)] };
            history.Add($"fault {method} {kind} {fault.ToJsonString()}");
            await link.Scene.FaultAsync(link.Operation(method), kind, fault);
        }
    }

    private static async Task<bool> PassAsync(OutsideLink link, Random random, List<string> history)
    {
        await ScriptAsync(link, random, history);
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

public sealed class In_any_history_with_Google : In_any_history_with
{
    private protected override IReadOnlyList<int> Failed => [1882318595, 1377637319, 44997087, 1313494071, 1994468239, 998468472];

    private protected override Task<OutsideLink> StartAsync() => GoogleLink.StartAsync();
}

public sealed class In_any_history_with_Microsoft : In_any_history_with
{
    private protected override IReadOnlyList<int> Failed => [885509170, 1231927782];

    private protected override Task<OutsideLink> StartAsync() => MicrosoftLink.StartAsync();
}

/// <summary>Series for which Microsoft has no pattern, beside others that become so and cease to be.</summary>
public sealed class In_any_history_with_Microsoft_in_parts : In_any_history_with
{
    private protected override IReadOnlyList<int> Failed => [];

    private protected override Task<OutsideLink> StartAsync() => MicrosoftLink.StartAsync();

    private protected override PlayedEdits Edits(OutsideLink link, Random random, List<string> history, bool deletes) =>
        new(random, history, deletes) { FollowsKnownOnly = true, SeriesFrom = SeriesFrom, AddSeries = (title, start, repeat) => AddSeriesAsync(link, title, start, repeat) };

    // not every month has a 31st
    private static (LocalDateTime Start, RecurrenceRule Repeat) SeriesFrom(LocalDateTime start, RecurrenceRule repeat) => start.Day % 3 == 0 ? (start, repeat) : (new LocalDate(2026, 3, 31) + start.TimeOfDay, new RecurrenceRule(Frequency.Monthly) { Count = repeat.Count });

    private static async Task<string> AddSeriesAsync(OutsideLink link, string title, LocalDateTime start, RecurrenceRule repeat)
    {
        string Time(LocalDateTime local) => local.ToString("uuuuMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        string[] rule = repeat.Count switch
        {
            3 => [$"RRULE:FREQ=MONTHLY;BYMONTHDAY={start.Day},{start.Day + 3};COUNT=3"],
            4 => ["RRULE:FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR;COUNT=4"],
            5 => ["RRULE:FREQ=WEEKLY;BYDAY=MO,TU,TH;BYSETPOS=1,3;COUNT=5"],
            _ => ["RRULE:FREQ=WEEKLY;COUNT=5", $"RDATE;TZID=Australia/Melbourne:{Time(start.PlusDays(3).PlusHours(1))}"],
        };
        var uid = Guid.NewGuid().ToString();
        await link.DevicePutsAsync(uid, [$"DTSTART;TZID=Australia/Melbourne:{Time(start)}", "DURATION:PT30M", $"SUMMARY:{title}", .. rule]);
        return uid;
    }
}
