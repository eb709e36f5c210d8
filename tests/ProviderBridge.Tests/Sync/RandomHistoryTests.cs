using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Diaries;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>
/// Edits on both sides at any time, failures before and after the outside calendar has done what it was asked, a worker that is cut short at any write: in the end both sides have the same, each once, and
/// then nothing is written any more.
/// </summary>
public sealed class In_any_history
{
    private const int Histories = 60;

    [Fact]
    public async Task Both_sides_agree_in_the_end_each_has_everything_once_and_it_is_quiet()
    {
        var (passes, cut) = (0, 0);
        for (var n = 0; n < Histories; n++)
        {
            var seed = n < Histories / 2 ? n : Random.Shared.Next();
            var history = new List<string> { $"seed {seed}" };
            try
            {
                var played = await PlayAsync(new Random(seed), history, deletes: seed % 3 != 0);
                (passes, cut) = (passes + played.Passes, cut + played.Cut);
            }
            catch (Exception failed) when (failed is not Xunit.Sdk.IAssertionException)
            {
                Assert.Fail($"{failed}\n{string.Join('\n', history)}");
            }
        }

        Assert.True(passes > Histories * 3 && cut > Histories, $"{passes} passes, {cut} cut short");
    }

    private static async Task<(int Passes, int Cut)> PlayAsync(Random random, List<string> history, bool deletes)
    {
        await using var link = await LinkFixture.StartAsync(random);
        var (passes, cut) = (0, 0);
        for (var step = 0; step < 40; step++)
        {
            link.Clock.Now += Duration.FromMinutes(20);
            switch (random.Next(5))
            {
                case 0 or 1:
                    await EditHereAsync(link, random, history, deletes);
                    break;
                case 2 or 3:
                    EditOutside(link, random, history, deletes);
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
        foreach (var same in link.Outside.Events.Values.Where(one => one.Id.StartsWith("ours-", StringComparison.Ordinal)).GroupBy(one => one.Id[..^2])) Assert.True(same.Count() == 1, $"{same.Key} is there {same.Count()} times\n{all}");
        var (writes, removed, change) = (link.Outside.Writes, link.Outside.Deletes, (await link.HxAsync()).Change);
        Assert.Equal(PassResult.Done, await link.PassAsync());
        Assert.True((writes, removed, change) == (link.Outside.Writes, link.Outside.Deletes, (await link.HxAsync()).Change), $"not quiet\n{all}");

        // what nobody removed is there
        if (!deletes) Assert.True(link.Outside.Deletes == 0, $"{link.Outside.Deletes} were deleted and nobody did\n{all}");
        return (passes, cut);
    }

    private static async Task EditHereAsync(LinkFixture link, Random random, List<string> history, bool deletes)
    {
        var all = (await link.Diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2027, 1, 1, 0, 0))).Where(one => one.Status is not Practice.Appointments.AppointmentStatus.Cancelled).ToList();
        var start = new LocalDateTime(2026, 3, 2, 8, 0).PlusDays(random.Next(20)).PlusMinutes(15 * random.Next(30));
        var one = all.Count == 0 ? null : all[random.Next(all.Count)];
        var action = random.Next(deletes ? 6 : 4);
        history.Add($"here {action} {one?.Id} {start}");
        try
        {
            switch (action)
            {
                case 0:
                    await link.Diary.BookAsync(new Booking([link.Jane], "Consultation", start, Duration.FromMinutes(45)) { Repeat = random.Next(3) == 0 ? new Repeat(RepeatUnit.Week) { Count = 4 } : null });
                    break;
                case 1:
                    await link.Diary.AddPersonalAsync(new PersonalEntry($"Own {start}", start, Duration.FromMinutes(30)));
                    break;
                case 2 when one is not null:
                    await link.Diary.EditAsync(new AppointmentTarget(one.Id, one.Occurrence), new AppointmentEdit { Start = start }, one.Occurrence is null ? SeriesScope.All : SeriesScope.ThisOne);
                    break;
                case 3 when one is { Kind: Practice.Appointments.AppointmentKind.Personal }:
                    await link.Diary.EditAsync(new AppointmentTarget(one.Id), new AppointmentEdit { Title = $"Title {start}", Location = $"Place {start}" });
                    break;
                case 4 when one is not null:
                    await link.Diary.CancelAsync(new AppointmentTarget(one.Id), random.Next(2) == 0 || one.Kind == Practice.Appointments.AppointmentKind.Personal ? CancelChoice.Delete : CancelChoice.Cancel, SeriesScope.All);
                    break;
            }
        }
        catch (DiaryException refused)
        {
            history.Add($"refused: {refused.Message}");
        }
    }

    private static void EditOutside(LinkFixture link, Random random, List<string> history, bool deletes)
    {
        var ids = link.Outside.Events.Keys.Order(StringComparer.Ordinal).ToList();
        var start = new LocalDateTime(2026, 3, 2, 8, 0).PlusDays(random.Next(20)).PlusMinutes(15 * random.Next(30));
        var id = ids.Count == 0 ? null : ids[random.Next(ids.Count)];
        var action = random.Next(deletes ? 6 : 5);
        history.Add($"outside {action} {id} {start}");
        switch (action)
        {
            case 0:
                link.Outside.UserMakes($"Theirs {start}", start);
                break;
            case 1 when id is not null:
                link.Outside.UserMoves(id, start);
                break;
            case 2 when id is not null:
                link.Outside.UserEdits(id, one => one.Set(ContentLine.CreateText("SUMMARY", $"Title outside {start}")));
                break;
            case 3 when id is not null:
                link.Outside.UserEdits(id, one => one.Set(ContentLine.CreateText("LOCATION", $"Place outside {start}")));
                break;
            case 4 when id is not null && random.Next(3) == 0:
                link.Outside.UserCopies(id);
                break;
            case 5 when id is not null:
                link.Outside.UserDeletes(id);
                break;
        }
    }
}
