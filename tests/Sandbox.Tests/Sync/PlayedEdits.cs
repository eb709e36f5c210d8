using System.Globalization;
using System.Text.Json.Nodes;
using Calendaring.Recurrence;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Tests.Sync;

namespace Sandbox.Tests.Sync;

/// <summary>What people do in a history: in the diary, and outside by hand. What has to be left of it is noted in a <see cref="Ledger"/>.</summary>
/// <param name="random">What happens.</param>
/// <param name="history">Is told of it.</param>
/// <param name="deletes">Whether anything is removed.</param>
internal sealed class PlayedEdits(Random random, List<string> history, bool deletes)
{
    /// <summary>Whether an event of which nobody knows yet what it is of may be one date of a series: that is not followed.</summary>
    public bool FollowsKnownOnly { get; init; }

    /// <summary>When a series with a patient begins and how it repeats.</summary>
    public Func<LocalDateTime, RecurrenceRule, (LocalDateTime Start, RecurrenceRule Repeat)> SeriesFrom { get; init; } = static (start, repeat) => (start, repeat);

    /// <summary>Adds a series without a patient, by its title; null: as the diary's page does.</summary>
    public Func<string, LocalDateTime, RecurrenceRule, Task<string>>? AddSeries { get; init; }

    /// <summary>Something in the diary.</summary>
    public async Task HereAsync(Diary diary, Patient jane, Instant now, bool occurrencesMayPass, Ledger ledger)
    {
        var all = (await diary.ListAsync(Instant.FromUtc(2026, 1, 1, 0, 0), Instant.FromUtc(2027, 1, 1, 0, 0))).Where(one => one.Status is not AppointmentStatus.Cancelled).ToList();
        var start = StartOf();
        var one = all.Count == 0 ? null : all[random.Next(all.Count)];
        var action = random.Next(deletes ? 8 : 6);
        history.Add($"here {action} {one?.Id} {one?.Occurrence} {start}");
        var target = one is null ? null : new AppointmentTarget(one.Id, one.Occurrence);
        var scope = one?.Occurrence is null ? SeriesScope.All : (SeriesScope)random.Next(3);
        // within the days that no other can have
        if (!occurrencesMayPass && scope == SeriesScope.ThisOne && one!.Occurrence is { } own) start = own.Date.PlusDays((start.Day % 5) - 2) + start.TimeOfDay;
        var repeat = random.Next(2) == 0 ? new RecurrenceRule(Frequency.Weekly) { Count = 3 + random.Next(4) } : null;
        try
        {
            switch (action)
            {
                case 0:
                    var (first, repeats) = repeat is null ? (start, null) : SeriesFrom(start, repeat);
                    var booked = await diary.BookAsync(new Booking([jane], "Consultation", first, Duration.FromMinutes(45)) { Repeat = repeats, Comments = "zebracomment" });
                    Note(booked, repeat is null);
                    break;
                case 1:
                    var added = repeat is null ? await diary.AddPersonalAsync(new PersonalEntry($"Own {start}", start, Duration.FromMinutes(30))) : await AddSeriesAsync(diary, $"Own {start}", start, repeat);
                    Note(added, repeat is null, $"Own {start}");
                    break;
                case 2 or 3 when target is not null:
                    await diary.EditAsync(target, new AppointmentEdit { Start = start }, scope);
                    if (one!.Occurrence is null) ledger.Edited(now, one.Id, LedgerSide.Here, FieldGroup.Times, Text(start), was: Text(one.Start.LocalDateTime));
                    break;
                case 4 or 5 when target is not null && one!.Kind == AppointmentKind.Personal:
                    await diary.EditAsync(target, new AppointmentEdit { Title = $"Title {start}", Location = $"Place {start}" }, scope);
                    if (one.Occurrence is null) ledger.Edited(now, one.Id, LedgerSide.Here, FieldGroup.Text, $"Title {start}", was: one.Title);
                    break;
                case 6 when target is not null:
                    await diary.CancelAsync(target, CancelChoice.Delete, scope);
                    if (one!.Occurrence is null) Removed(one.Id, LedgerSide.Here);
                    break;
                case 7 when target is not null && one!.Occurrence is not null:
                    await diary.EditAsync(new AppointmentTarget(one.Id), new AppointmentEdit { Repeat = new RecurrenceRule(Frequency.Weekly, 1 + random.Next(2)) { Count = 2 + random.Next(5) } });
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
            ledger.Made(now, id, LedgerSide.Here);
            ledger.Edited(now, id, LedgerSide.Here, FieldGroup.Times, Text(start));
            if (title is not null) ledger.Edited(now, id, LedgerSide.Here, FieldGroup.Text, title);
        }

        void Removed(string id, LedgerSide side)
        {
            ledger.Removed(now, id, side);
            // a fault may be a person who changes it at the same moment
            ledger.Copied(id);
        }
    }

    /// <summary>Something by the person outside.</summary>
    public async Task ThereAsync(OutsideLink link, Ledger ledger)
    {
        var seen = (await link.SeenAsync()).Where(one => (bool)one["live"]!).ToList();
        var one = seen.Count == 0 ? null : seen[random.Next(seen.Count)];
        var (start, series) = (StartOf(), (string?)one?["series"]);
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

    public static string Text(LocalDateTime at) => at.ToString("uuuu-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    private Task<string> AddSeriesAsync(Diary diary, string title, LocalDateTime start, RecurrenceRule repeat) =>
        AddSeries?.Invoke(title, start, repeat) ?? diary.AddPersonalAsync(new PersonalEntry(title, start, Duration.FromMinutes(30)) { Repeat = repeat });

    private static string TimeOf(JsonObject seen, string which) => ((string)seen[which]!).Replace(' ', 'T');

    /// <summary>Some time in three weeks.</summary>
    public LocalDateTime StartOf() => new LocalDateTime(2026, 3, 4, 8, 0).PlusDays(random.Next(20)).PlusMinutes(15 * random.Next(30));
}
