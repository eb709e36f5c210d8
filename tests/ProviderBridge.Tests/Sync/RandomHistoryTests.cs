using System.Globalization;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>
/// Edits on both sides at any time, failures before and after the outside calendar has done what it was asked, a worker that is cut short at any write: in the end both sides have the same, each once, and
/// then nothing is written any more, and every edit has left behind what it has to (<see cref="Ledger"/>). A run plays always the same histories; <c>BRIDGE_HISTORIES=500</c> plays others after them, and
/// <c>BRIDGE_SEED=1882318595</c> one again.
/// </summary>
public sealed class In_any_history
{
    private const int Histories = 60;

    /// <summary>Seeds that failed once.</summary>
    private static readonly int[] Failed = [1274993513, 1832415037, 1687545493];

    private static int[] Known => Environment.GetEnvironmentVariable("BRIDGE_SEED") is { } one ? [int.Parse(one, CultureInfo.InvariantCulture)] : Failed;

    [Fact]
    public async Task Both_sides_agree_in_the_end_nothing_is_lost_each_has_everything_once_and_it_is_quiet()
    {
        var (passes, cut, edits) = (0, 0, 0);
        List<string> failures = [];
        var count = int.Parse(Environment.GetEnvironmentVariable("BRIDGE_HISTORIES") ?? $"{Histories}", CultureInfo.InvariantCulture);
        for (var n = 0; n < Known.Length + count; n++)
        {
            var seed = n < Known.Length ? Known[n] : n < Known.Length + Histories ? n - Known.Length : Random.Shared.Next();
            var history = new List<string> { $"seed {seed}" };
            try
            {
                var played = await PlayAsync(seed, history);
                (passes, cut, edits) = (passes + played.Passes, cut + played.Cut, edits + played.Edits);
            }
            catch (Exception failed) when (failures.Count < 50)
            {
                failures.Add($"{failed}\n{string.Join('\n', history)}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        // one seed alone is played for what happens in it
        Assert.True(count == 0 || (passes > count * 3 && cut > count && edits > count * 3), $"{passes} passes, {cut} cut short, {edits} edits looked at");
    }

    private static async Task<(int Passes, int Cut, int Edits)> PlayAsync(int seed, List<string> history)
    {
        var (random, ids, deletes) = (new Random(seed), new Random(~seed), seed % 3 != 0);
        await using var link = await LinkFixture.StartAsync(random, newId: SeededIds.Of(ids));
        var ledger = new Ledger();
        var (passes, cut) = (0, 0);
        for (var step = 0; step < 40; step++)
        {
            link.Clock.Now += Duration.FromMinutes(20);
            switch (random.Next(5))
            {
                case 0 or 1:
                    await EditHereAsync(link, random, history, deletes, ledger);
                    break;
                case 2 or 3:
                    await EditOutsideAsync(link, random, history, deletes, ledger);
                    break;
                default:
                    link.Outside.Trouble = random.Next(3) == 0 ? 0 : 12;
                    var store = new CutStore(link.Store, random.Next(2) == 0 ? int.MaxValue : random.Next(8));
                    var result = "cut";
                    try
                    {
                        result = (await link.PassAsync(store)).ToString();
                    }
                    catch (CutException)
                    {
                        // the process is gone: its lease ends by itself
                    }

                    link.Clock.Now += Duration.FromMinutes(6);
                    await NoteAsync(link, ledger, result == "Done");
                    history.Add($"pass: {result}");
                    passes++;
                    cut += result == "Done" ? 0 : 1;
                    break;
            }
        }

        link.Outside.Trouble = 0;
        for (var n = 0; n < 4; n++)
        {
            if (await link.LinkAsync() is { State: LinkState.DeletesHeld } held)
                await link.Store.ApplyAsync(StoreBatch.Of((held with { State = LinkState.Active, AllowedDeletions = 1000 }).Put()), TestContext.Current.CancellationToken);
            link.Clock.Now += Duration.FromMinutes(20);
            history.Add($"last pass: {await link.PassAsync()}");
        }

        var all = string.Join('\n', history);
        await link.AssertAgreeAsync(all);
        await NoteAsync(link, ledger, isDone: true);
        ledger.Check(await link.ShownAsync(), await link.ConflictsAsync(), all);
        foreach (var same in link.Outside.Events.Values.Where(one => one.Id.StartsWith("ours-", StringComparison.Ordinal)).GroupBy(one => one.Id[..^2])) Assert.True(same.Count() == 1, $"{same.Key} is there {same.Count()} times\n{all}");
        var (writes, removed, change) = (link.Outside.Writes, link.Outside.Deletes, (await link.HxAsync()).Change);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.True((writes, removed, change) == (link.Outside.Writes, link.Outside.Deletes, (await link.HxAsync()).Change), $"not quiet\n{all}");

        // what nobody removed is there
        if (!deletes) Assert.True(link.Outside.Deletes == 0, $"{link.Outside.Deletes} were deleted and nobody did\n{all}");
        return (passes, cut, ledger.Checked);
    }

    /// <summary>What the link knows now, and whether both sides agree on all of it.</summary>
    private static async Task NoteAsync(LinkFixture link, Ledger ledger, bool isDone)
    {
        using var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        foreach (var item in await LinkItem.ListAsync(snapshot, link.Key))
        {
            if (item.OutsideId is { } id) ledger.Know(id, item.Uid);
        }

        if (isDone && (await link.LinkAsync()).Quarantined.Count == 0) ledger.Agreed(link.Clock.Now);
    }

    private static string Text(LocalDateTime at) => at.ToString("uuuu-MM-dd'T'HH:mm", null);

    private static Period Lasts(CalendarObject content)
    {
        var master = content.Calendar.Components.First(component => component.Name == "VEVENT");
        return master.Find("DTSTART")!.TryReadTime(out var from) && master.Find("DTEND")?.TryReadTime(out var until) == true ? Period.Between(from.Local, until.Local) : Period.Zero;
    }

    private static async Task EditHereAsync(LinkFixture link, Random random, List<string> history, bool deletes, Ledger ledger)
    {
        var all = (await link.Diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2027, 1, 1, 0, 0))).Where(one => one.Status is not Practice.Appointments.AppointmentStatus.Cancelled).ToList();
        var start = new LocalDateTime(2026, 3, 4, 8, 0).PlusDays(random.Next(20)).PlusMinutes(15 * random.Next(30));
        var one = all.Count == 0 ? null : all[random.Next(all.Count)];
        var action = random.Next(deletes ? 6 : 4);
        history.Add($"here {action} {one?.Id} {start}");
        try
        {
            switch (action)
            {
                case 0:
                    var repeat = random.Next(3) == 0 ? new RecurrenceRule(Frequency.Weekly) { Count = 4 } : null;
                    var booked = await link.Diary.BookAsync(new Booking([link.Jane], "Consultation", start, Duration.FromMinutes(45)) { Repeat = repeat });
                    ledger.Made(link.Clock.Now, booked, LedgerSide.Here);
                    if (repeat is null) ledger.Edited(link.Clock.Now, booked, LedgerSide.Here, FieldGroup.Times, Text(start));
                    break;
                case 1:
                    var own = await link.Diary.AddPersonalAsync(new PersonalEntry($"Own {start}", start, Duration.FromMinutes(30)));
                    ledger.Made(link.Clock.Now, own, LedgerSide.Here);
                    ledger.Edited(link.Clock.Now, own, LedgerSide.Here, FieldGroup.Text, $"Own {start}");
                    ledger.Edited(link.Clock.Now, own, LedgerSide.Here, FieldGroup.Times, Text(start));
                    break;
                case 2 when one is not null:
                    await link.Diary.EditAsync(new AppointmentTarget(one.Id, one.Occurrence), new AppointmentEdit { Start = start }, one.Occurrence is null ? SeriesScope.All : SeriesScope.ThisOne);
                    if (one.Occurrence is null) ledger.Edited(link.Clock.Now, one.Id, LedgerSide.Here, FieldGroup.Times, Text(start), was: Text(one.Start.LocalDateTime));
                    else if (one.Start.LocalDateTime != start) ledger.Touched(link.Clock.Now, one.Id, LedgerSide.Here);
                    break;
                case 3 when one is { Kind: Practice.Appointments.AppointmentKind.Personal }:
                    await link.Diary.EditAsync(new AppointmentTarget(one.Id), new AppointmentEdit { Title = $"Title {start}", Location = $"Place {start}" });
                    ledger.Edited(link.Clock.Now, one.Id, LedgerSide.Here, FieldGroup.Text, $"Title {start}", was: one.Title);
                    ledger.Edited(link.Clock.Now, one.Id, LedgerSide.Here, FieldGroup.Place, $"Place {start}", was: one.Location ?? "");
                    break;
                case 4 when one is not null:
                    await link.Diary.CancelAsync(new AppointmentTarget(one.Id), random.Next(2) == 0 || one.Kind == Practice.Appointments.AppointmentKind.Personal ? CancelChoice.Delete : CancelChoice.Cancel, SeriesScope.All);
                    ledger.Removed(link.Clock.Now, one.Id, LedgerSide.Here);
                    break;
            }
        }
        catch (DiaryException refused)
        {
            history.Add($"refused: {refused.Message}");
        }
    }

    private static async Task EditOutsideAsync(LinkFixture link, Random random, List<string> history, bool deletes, Ledger ledger)
    {
        var ids = link.Outside.Events.Keys.Order(StringComparer.Ordinal).ToList();
        var start = new LocalDateTime(2026, 3, 4, 8, 0).PlusDays(random.Next(20)).PlusMinutes(15 * random.Next(30));
        var id = ids.Count == 0 ? null : ids[random.Next(ids.Count)];
        var action = random.Next(deletes ? 6 : 5);
        history.Add($"outside {action} {id} {start}");
        // of a series it is more than one time, and of a patient's the words are the practice's
        var was = id is null ? null : link.Outside.Events[id].Content;
        var repeats = was is not null && OutsideEdit.TakesSteps(was);
        var isOwn = id is not null && !await IsPatientAsync(link, id);
        switch (action)
        {
            case 0:
                var made = link.Outside.UserMakes($"Theirs {start}", start);
                ledger.Made(link.Clock.Now, made, LedgerSide.There);
                ledger.Edited(link.Clock.Now, made, LedgerSide.There, FieldGroup.Text, $"Theirs {start}");
                ledger.Edited(link.Clock.Now, made, LedgerSide.There, FieldGroup.Times, Text(start));
                break;
            case 1 when id is not null:
                link.Outside.UserMoves(id, start);
                // the length changes with it
                if (!repeats) ledger.Edited(link.Clock.Now, id, LedgerSide.There, FieldGroup.Times, Text(start), was: Lasts(was!) == Lasts(link.Outside.Events[id].Content) ? Ledger.ValueOf(was!, FieldGroup.Times) : null);
                else if (isOwn) ledger.Touched(link.Clock.Now, id, LedgerSide.There);
                break;
            case 2 when id is not null:
                link.Outside.UserEdits(id, one => one.Set(ContentLine.CreateText("SUMMARY", $"Title outside {start}")));
                if (isOwn) ledger.Edited(link.Clock.Now, id, LedgerSide.There, FieldGroup.Text, $"Title outside {start}", was: Ledger.ValueOf(was!, FieldGroup.Text));
                break;
            case 3 when id is not null:
                link.Outside.UserEdits(id, one => one.Set(ContentLine.CreateText("LOCATION", $"Place outside {start}")));
                if (isOwn) ledger.Edited(link.Clock.Now, id, LedgerSide.There, FieldGroup.Place, $"Place outside {start}", was: Ledger.ValueOf(was!, FieldGroup.Place));
                break;
            case 4 when id is not null && random.Next(3) == 0:
                ledger.Copied(id, link.Outside.UserCopies(id));
                break;
            case 5 when id is not null:
                link.Outside.UserDeletes(id);
                ledger.Removed(link.Clock.Now, id, LedgerSide.There);
                break;
        }
    }

    private static async Task<string?> UidOfAsync(LinkFixture link, string outsideId)
    {
        using var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return await LinkItem.FindUidByOutsideIdAsync(snapshot, link.Key, outsideId);
    }

    private static async Task<bool> IsPatientAsync(LinkFixture link, string outsideId)
    {
        // what a copy of one is of may be given to it, until it is known as one of its own
        var uid = await UidOfAsync(link, outsideId) ?? link.Outside.Events[outsideId].Tag ?? outsideId;
        return (await link.Diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2027, 1, 1, 0, 0))).Any(one => one.Id == uid && one.Kind == Practice.Appointments.AppointmentKind.Patient);
    }
}
