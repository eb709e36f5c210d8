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

    /// <summary>Whether an event of which nobody knows yet what it is of may be one date of a series: that is not followed.</summary>
    private protected virtual bool FollowsKnownOnly => false;

    /// <summary>When a series with a patient begins and how it repeats.</summary>
    private protected virtual (LocalDateTime Start, RecurrenceRule Repeat) SeriesFrom(LocalDateTime start, RecurrenceRule repeat) => (start, repeat);

    /// <summary>Adds a series without a patient.</summary>
    private protected virtual Task<string> AddSeriesAsync(OutsideLink link, string title, LocalDateTime start, RecurrenceRule repeat) =>
        link.Diary.AddPersonalAsync(new PersonalEntry(title, start, Duration.FromMinutes(30)) { Repeat = repeat });

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
                var (passes, ended) = await PlayAsync(new Random(seed), new Random(~seed), history, deletes: seed % 3 != 0);
                (done, cut) = (done + passes, cut + ended);
            }
            catch (Exception failed) when (failures.Count < 5)
            {
                failures.Add($"{failed}\n{string.Join('\n', history)}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        // one seed alone is played for what happens in it
        Assert.True(count == 0 || (done > count && cut > count / 2), $"{done} passes, {cut} cut short");
    }

    private async Task<(int Passes, int Cut)> PlayAsync(Random random, Random more, List<string> history, bool deletes)
    {
        await using var link = await StartAsync();
        var ledger = new Ledger();
        var (passes, cut) = (0, 0);
        for (var step = 0; step < 30; step++)
        {
            await link.AdvanceAsync(Duration.FromMinutes(5));
            switch (random.Next(5))
            {
                case 0 or 1:
                    await EditHereAsync(link, random, history, deletes, ledger);
                    break;
                case 2 or 3:
                    await EditThereAsync(link, random, history, deletes, ledger);
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

    private static async Task<bool> PassAsync(OutsideLink link, Random random, List<string> history)
    {
        for (var faults = random.Next(3); faults > 0; faults--)
        {
            var (method, kind) = (Methods[random.Next(Methods.Length)], Kinds[random.Next(Kinds.Length)]);
            if (method != "list" && kind is "gone" or "stale-list" or "lost-page-token" or "repeated-items") kind = "reset-after";
            var fault = new JsonObject { ["skip"] = random.Next(4), ["times"] = 1 + random.Next(2), ["status"] = Statuses[random.Next(Statuses.Length)] };
            history.Add($"fault {method} {kind} {fault.ToJsonString()}");
            await link.Scene.FaultAsync(link.Operation(method), kind, fault);
        }

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

    private static string Text(LocalDateTime at) => at.ToString("uuuu-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    private async Task EditHereAsync(OutsideLink link, Random random, List<string> history, bool deletes, Ledger ledger)
    {
        var all = (await link.Diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2027, 1, 1, 0, 0))).Where(one => one.Status is not AppointmentStatus.Cancelled).ToList();
        var start = StartOf(random);
        var one = all.Count == 0 ? null : all[random.Next(all.Count)];
        var action = random.Next(deletes ? 8 : 6);
        history.Add($"here {action} {one?.Id} {one?.Occurrence} {start}");
        var target = one is null ? null : new AppointmentTarget(one.Id, one.Occurrence);
        var scope = one?.Occurrence is null ? SeriesScope.All : (SeriesScope)random.Next(3);
        // within the days that no other can have
        if (!link.OccurrencesMayPass && scope == SeriesScope.ThisOne && one!.Occurrence is { } own) start = own.Date.PlusDays((start.Day % 5) - 2) + start.TimeOfDay;
        var repeat = random.Next(2) == 0 ? new RecurrenceRule(Frequency.Weekly) { Count = 3 + random.Next(4) } : null;
        try
        {
            switch (action)
            {
                case 0:
                    var (first, repeats) = repeat is null ? (start, null) : SeriesFrom(start, repeat);
                    var booked = await link.Diary.BookAsync(new Booking([link.Jane], "Consultation", first, Duration.FromMinutes(45)) { Repeat = repeats, Comments = "zebracomment" });
                    Note(booked, repeat is null);
                    break;
                case 1:
                    var added = repeat is null ? await link.Diary.AddPersonalAsync(new PersonalEntry($"Own {start}", start, Duration.FromMinutes(30))) : await AddSeriesAsync(link, $"Own {start}", start, repeat);
                    Note(added, repeat is null, $"Own {start}");
                    break;
                case 2 or 3 when target is not null:
                    await link.Diary.EditAsync(target, new AppointmentEdit { Start = start }, scope);
                    if (one!.Occurrence is null) ledger.Edited(link.Now, one.Id, LedgerSide.Here, FieldGroup.Times, Text(start), was: Text(one.Start.LocalDateTime));
                    break;
                case 4 or 5 when target is not null && one!.Kind == AppointmentKind.Personal:
                    await link.Diary.EditAsync(target, new AppointmentEdit { Title = $"Title {start}", Location = $"Place {start}" }, scope);
                    if (one.Occurrence is null) ledger.Edited(link.Now, one.Id, LedgerSide.Here, FieldGroup.Text, $"Title {start}", was: one.Title);
                    break;
                case 6 when target is not null:
                    await link.Diary.CancelAsync(target, CancelChoice.Delete, scope);
                    if (one!.Occurrence is null) Removed(one.Id, LedgerSide.Here);
                    break;
                case 7 when target is not null && one!.Occurrence is not null:
                    await link.Diary.EditAsync(new AppointmentTarget(one.Id), new AppointmentEdit { Repeat = new RecurrenceRule(Frequency.Weekly, 1 + random.Next(2)) { Count = 2 + random.Next(5) } });
                    break;
            }
        }
        catch (DiaryException refused)
        {
            history.Add($"refused: {refused.Message}");
        }

        void Note(string id, bool isSingle, string? title = null)
        {
            if (!isSingle) return;
            ledger.Made(link.Now, id, LedgerSide.Here);
            ledger.Edited(link.Now, id, LedgerSide.Here, FieldGroup.Times, Text(start));
            if (title is not null) ledger.Edited(link.Now, id, LedgerSide.Here, FieldGroup.Text, title);
        }

        void Removed(string id, LedgerSide side)
        {
            ledger.Removed(link.Now, id, side);
            // a fault may be a person who changes it at the same moment
            ledger.Copied(id);
        }
    }

    private async Task EditThereAsync(OutsideLink link, Random random, List<string> history, bool deletes, Ledger ledger)
    {
        var seen = (await link.SeenAsync()).Where(one => (bool)one["live"]!).ToList();
        var one = seen.Count == 0 ? null : seen[random.Next(seen.Count)];
        var (start, series) = (StartOf(random), (string?)one?["series"]);
        var (from, until) = (Text(start), Text(start.PlusMinutes(50)));
        var id = series is not null && random.Next(2) == 0 ? series : (string?)one?["id"];
        if (!link.OccurrencesMayPass && series is not null && id != series) (from, until) = (((string)one!["start"]!)[..10] + from[10..], ((string)one["start"]!)[..10] + "T23:55");
        var action = random.Next(deletes ? 10 : 7);
        history.Add($"there {action} {id} {from}");
        var key = id is null || series is not null ? null : link.KeyOf(id);
        if (key is not null && FollowsKnownOnly && !ledger.Knows(key))
        {
            ledger.Leave(key);
            key = null;
        }

        try
        {
            switch (action)
            {
                case 0:
                    var made = link.KeyOf((string)(await link.PersonAsync("create", new JsonObject { ["title"] = $"Theirs {from}", ["start"] = from, ["end"] = until }))!["id"]!);
                    ledger.Made(link.Now, made, LedgerSide.There);
                    ledger.Edited(link.Now, made, LedgerSide.There, FieldGroup.Times, from);
                    ledger.Edited(link.Now, made, LedgerSide.There, FieldGroup.Text, $"Theirs {from}");
                    break;
                case 1:
                    await link.PersonRepeatsAsync($"Theirs {from}", from, until, 3 + random.Next(4));
                    break;
                case 2 or 3 when id is not null:
                    await link.PersonAsync("move", new JsonObject { ["event"] = id, ["start"] = from, ["end"] = until });
                    if (key is not null) ledger.Edited(link.Now, key, LedgerSide.There, FieldGroup.Times, from, was: TimeOf(one!, "end") == until ? TimeOf(one!, "start") : null);
                    break;
                case 4 when id is not null:
                    await link.PersonAsync("edit", new JsonObject { ["event"] = id, ["title"] = $"Title outside {from}" });
                    if (key is not null) ledger.Edited(link.Now, key, LedgerSide.There, FieldGroup.Text, $"Title outside {from}", was: (string?)one!["title"]);
                    break;
                case 5 when id is not null:
                    await link.PersonAsync("edit", new JsonObject { ["event"] = id, ["changes"] = link.Saying(place: $"Place outside {from}") });
                    break;
                case 6 when id is not null && random.Next(3) == 0:
                    await link.PersonAsync("copy", new JsonObject { ["event"] = series ?? id });
                    if (key is not null) ledger.Leave(key);
                    break;
                case 7 when id is not null:
                    await link.PersonAsync("delete", new JsonObject { ["event"] = id });
                    if (key is null) break;
                    ledger.Removed(link.Now, key, LedgerSide.There);
                    ledger.Copied(key);
                    break;
                case 8 when series is not null:
                    await link.PersonAsync("move-following", new JsonObject { ["event"] = (string)one!["id"]!, ["start"] = from, ["end"] = until });
                    break;
                case 9 when series is not null:
                    await link.PersonAsync("delete-following", new JsonObject { ["event"] = (string)one!["id"]! });
                    break;
            }
        }
        catch (Xunit.Sdk.TrueException refused)
        {
            history.Add($"refused: {refused.Message}");
        }
    }

    private static string TimeOf(JsonObject seen, string which) => ((string)seen[which]!).Replace(' ', 'T');

    private static LocalDateTime StartOf(Random random) => new LocalDateTime(2026, 3, 4, 8, 0).PlusDays(random.Next(20)).PlusMinutes(15 * random.Next(30));
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

    private protected override bool FollowsKnownOnly => true;

    // not every month has a 31st
    private protected override (LocalDateTime Start, RecurrenceRule Repeat) SeriesFrom(LocalDateTime start, RecurrenceRule repeat) => start.Day % 3 == 0 ? (start, repeat) : (new LocalDate(2026, 3, 31) + start.TimeOfDay, new RecurrenceRule(Frequency.Monthly) { Count = repeat.Count });

    private protected override async Task<string> AddSeriesAsync(OutsideLink link, string title, LocalDateTime start, RecurrenceRule repeat)
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
