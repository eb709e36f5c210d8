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

namespace Sandbox.Tests.CalDav;

/// <summary>
/// Edits in the diary and by a person's other application at a real CalDAV server at any time, every kind of fault, and processes that end at any write of theirs: in the end both sides have the same occurrences with the same
/// words, each once, every edit of what does not repeat has left behind what it has to (<see cref="Ledger"/>), nothing that is hidden was sent, and then it is quiet. <c>BRIDGE_HISTORIES=1000 dotnet test --project tests/Sandbox.Tests --filter-class "*In_any_history_with_a_CalDAV_account"</c> plays a thousand; <c>BRIDGE_SEED=1882318595</c> plays one again.
/// </summary>
public sealed partial class In_any_history_with_a_CalDAV_account
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
            catch (Exception failed) when (failures.Count < 5)
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
        var ledger = new Ledger();
        var (passes, cut) = (0, 0);
        for (var step = 0; step < 30; step++)
        {
            link.Advance(Duration.FromMinutes(5));
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

    private static async Task<bool> PassAsync(CalDavLink link, Random random, List<string> history)
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

    private static async Task EditHereAsync(CalDavLink link, Random random, List<string> history, bool deletes, Ledger ledger)
    {
        var all = (await link.Diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2027, 1, 1, 0, 0))).Where(one => one.Status is not AppointmentStatus.Cancelled).ToList();
        var start = StartOf(random);
        var one = all.Count == 0 ? null : all[random.Next(all.Count)];
        var action = random.Next(deletes ? 8 : 6);
        history.Add($"here {action} {one?.Id} {one?.Occurrence} {start}");
        var target = one is null ? null : new AppointmentTarget(one.Id, one.Occurrence);
        var scope = one?.Occurrence is null ? SeriesScope.All : (SeriesScope)random.Next(3);
        var repeat = random.Next(2) == 0 ? new RecurrenceRule(Frequency.Weekly) { Count = 3 + random.Next(4) } : null;
        try
        {
            switch (action)
            {
                case 0:
                    Note(await link.Diary.BookAsync(new Booking([link.Jane], "Consultation", start, Duration.FromMinutes(45)) { Repeat = repeat, Comments = "zebracomment" }));
                    break;
                case 1:
                    Note(await link.Diary.AddPersonalAsync(new PersonalEntry($"Own {start}", start, Duration.FromMinutes(30)) { Repeat = repeat }), $"Own {start}");
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
                    if (one!.Occurrence is null) Removed(ledger, link, one.Id, LedgerSide.Here);
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

        void Note(string id, string? title = null)
        {
            if (repeat is not null) return;
            ledger.Made(link.Now, id, LedgerSide.Here);
            ledger.Edited(link.Now, id, LedgerSide.Here, FieldGroup.Times, Text(start));
            if (title is not null) ledger.Edited(link.Now, id, LedgerSide.Here, FieldGroup.Text, title);
        }
    }

    private static void Removed(Ledger ledger, CalDavLink link, string key, LedgerSide side)
    {
        ledger.Removed(link.Now, key, side);
        // a fault may be a person who changes it at the same moment
        ledger.Copied(key);
    }

    /// <summary>What names an object in the ledger: that of ours says which appointment it is of. Null for a series, whose edits are not followed.</summary>
    private static string? KeyOf(string path, CalendarObject content)
    {
        var events = content.Calendar.Components.Where(component => component.Name == "VEVENT").ToList();
        if (events.Any(one => one.Find("RRULE") is not null || one.Find("RDATE") is not null)) return null;
        return OurUid().Match(events[0].Find("UID")!.Text) is { Success: true } ours ? ours.Groups[1].Value : NameOf(path);
    }

    private static string NameOf(string path) => Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);

    private static string Text(LocalDateTime at) => at.ToString("uuuu-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    private static async Task EditThereAsync(CalDavLink link, Random random, List<string> history, bool deletes, Ledger ledger)
    {
        var all = await link.User.ListAsync();
        var one = all.Count == 0 ? default : all[random.Next(all.Count)];
        var (start, length) = (StartOf(random), Duration.FromMinutes(50));
        LocalDateTime? first = one.Text is not null && WeeklyStart().Match(one.Text) is { Success: true } found
            ? LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss").Parse(found.Groups[1].Value).Value : null;
        var occurrence = first?.PlusWeeks(random.Next(3));
        var action = random.Next(deletes ? 9 : 7);
        history.Add($"there {action} {one.Path} {occurrence} {start}");
        var had = one.Text is null ? null : CalendarObject.Parse(Encoding.UTF8.GetBytes(one.Text));
        var key = had is null ? null : KeyOf(one.Path!, had);
        // what a series was split into goes with it
        if (key is not null && !ledger.Knows(key))
        {
            ledger.Leave(key);
            key = null;
        }

        try
        {
            switch (action)
            {
                case 0:
                    var made = NameOf(await link.User.CreateAsync($"Theirs {start}", start, length));
                    ledger.Made(link.Now, made, LedgerSide.There);
                    ledger.Edited(link.Now, made, LedgerSide.There, FieldGroup.Times, Text(start));
                    ledger.Edited(link.Now, made, LedgerSide.There, FieldGroup.Text, $"Theirs {start}");
                    break;
                case 1:
                    await link.User.CreateAsync($"Theirs {start}", start, length, $"FREQ=WEEKLY;COUNT={3 + random.Next(4)}");
                    break;
                case 2 when one.Path is not null:
                    await link.User.MoveAsync(one.Path, start, length);
                    if (key is null) break;
                    ledger.Touched(link.Now, key, LedgerSide.There);
                    ledger.Edited(link.Now, key, LedgerSide.There, FieldGroup.Times, Text(start), was: Ledger.ValueOf(had!, FieldGroup.Times));
                    break;
                case 3 when one.Path is not null && occurrence is not null:
                    await link.User.MoveOneAsync(one.Path, occurrence.Value, start, length);
                    break;
                case 4 when one.Path is not null:
                    await link.User.EditAsync(one.Path, master => master.Summary = $"Title there {start}");
                    if (key is not null) ledger.Edited(link.Now, key, LedgerSide.There, FieldGroup.Text, $"Title there {start}", was: Ledger.ValueOf(had!, FieldGroup.Text));
                    break;
                case 5 when one.Path is not null:
                    await link.User.EditAsync(one.Path, master => master.Location = $"Place there {start}");
                    break;
                case 6 when one.Path is not null && occurrence is not null:
                    await link.User.EditOneAsync(one.Path, occurrence.Value, single => single.Summary = $"One there {start}");
                    break;
                case 7 when one.Path is not null:
                    await link.User.DeleteAsync(one.Path);
                    if (key is not null) Removed(ledger, link, key, LedgerSide.There);
                    break;
                case 8 when one.Path is not null && occurrence is not null:
                    await link.User.DeleteOneAsync(one.Path, occurrence.Value);
                    break;
            }
        }
        catch (Xunit.Sdk.TrueException refused)
        {
            // what an application writes and its own server does not take
            history.Add($"refused: {refused.Message}");
        }
    }

    private static LocalDateTime StartOf(Random random) => new LocalDateTime(2026, 3, 4, 8, 0).PlusDays(random.Next(20)).PlusMinutes(15 * random.Next(30));

    /// <summary>The UID of an object of ours: the appointment's, with an ending.</summary>
    [GeneratedRegex(@"^(.+)-hx-[0-9a-f]{8}-\d{1,3}$")]
    private static partial Regex OurUid();

    /// <summary>The start of a weekly series, in the event without a recurrence id.</summary>
    [GeneratedRegex(@"BEGIN:VEVENT\r\n(?=(?:(?!END:VEVENT)[\s\S])*RRULE:[^\r]*WEEKLY)(?:(?!END:VEVENT)[\s\S])*?DTSTART;TZID=[^:]*Melbourne[^:]*:(\d{8}T\d{6})")]
    private static partial Regex WeeklyStart();
}
