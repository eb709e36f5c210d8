using System.Text;
using System.Text.RegularExpressions;
using Calendaring.ICalendar;
using NodaTime;
using NodaTime.Text;
using Practice.Hx;
using ProviderBridge.Tests.Sync;
using Sandbox.Tests.Sync;

namespace Sandbox.Tests.CalDav;

/// <summary>What a person does in a history with another application at a CalDAV server. What has to be left of it is noted in a <see cref="Ledger"/>.</summary>
/// <param name="random">What happens.</param>
/// <param name="history">Is told of it.</param>
/// <param name="deletes">Whether anything is removed.</param>
internal sealed partial class CalDavEdits(Random random, List<string> history, bool deletes)
{
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

    /// <summary>Something by the person with another application.</summary>
    public async Task ThereAsync(CalDavLink link, Ledger ledger)
    {
        var all = await link.User.ListAsync();
        var one = all.Count == 0 ? default : all[random.Next(all.Count)];
        var (start, length) = (StartOf(), Duration.FromMinutes(50));
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
                    ledger.Edited(link.Now, made, LedgerSide.There, FieldGroup.Times, PlayedEdits.Text(start));
                    ledger.Edited(link.Now, made, LedgerSide.There, FieldGroup.Text, $"Theirs {start}");
                    break;
                case 1:
                    await link.User.CreateAsync($"Theirs {start}", start, length, $"FREQ=WEEKLY;COUNT={3 + random.Next(4)}");
                    break;
                case 2 when one.Path is not null:
                    await link.User.MoveAsync(one.Path, start, length);
                    if (key is null) break;
                    ledger.Touched(link.Now, key, LedgerSide.There);
                    ledger.Edited(link.Now, key, LedgerSide.There, FieldGroup.Times, PlayedEdits.Text(start), was: Ledger.ValueOf(had!, FieldGroup.Times));
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

    private LocalDateTime StartOf() => new LocalDateTime(2026, 3, 4, 8, 0).PlusDays(random.Next(20)).PlusMinutes(15 * random.Next(30));

    /// <summary>The UID of an object of ours: the appointment's, with an ending.</summary>
    [GeneratedRegex(@"^(.+)-hx-[0-9a-f]{8}-\d{1,3}$")]
    private static partial Regex OurUid();

    /// <summary>The start of a weekly series, in the event without a recurrence id.</summary>
    [GeneratedRegex(@"BEGIN:VEVENT\r\n(?=(?:(?!END:VEVENT)[\s\S])*RRULE:[^\r]*WEEKLY)(?:(?!END:VEVENT)[\s\S])*?DTSTART;TZID=[^:]*Melbourne[^:]*:(\d{8}T\d{6})")]
    private static partial Regex WeeklyStart();
}
