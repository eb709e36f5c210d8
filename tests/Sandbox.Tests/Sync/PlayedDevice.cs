using System.Text;
using System.Text.RegularExpressions;
using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Groups;
using Practice.Hx;

namespace Sandbox.Tests.Sync;

/// <summary>A device of the practitioner that has the practice's own calendar, and moves, names, adds and removes what does not repeat in it.</summary>
internal sealed partial class PlayedDevice(OutsideLink link, Random random, List<string> history)
{
    private static readonly ExternalOrigin Phone = new("phone", "Phone", PrivacyLevel.FullName);
    private int _added;

    /// <summary>One of these.</summary>
    /// <param name="start">Where it is moved to.</param>
    /// <param name="removes">Whether anything may be removed.</param>
    public async Task ActAsync(LocalDateTime start, bool removes)
    {
        var all = (await ReadAsync()).Where(one => !one.Text.Contains("RRULE", StringComparison.Ordinal) && !one.Text.Contains("RDATE", StringComparison.Ordinal)).ToList();
        var one = all.Count == 0 ? default : all[random.Next(all.Count)];
        var action = random.Next(removes ? 5 : 4);
        history.Add($"device {action} {one.Uid} {start}");
        switch (action)
        {
            case 0:
                var uid = $"device-{++_added}-{random.Next()}";
                await PutAsync($"{uid}.ics", uid, $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Somebody//Phone//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260302T000000Z\r\nDTSTART;TZID=Australia/Melbourne:{Text(start)}\r\nDTEND;TZID=Australia/Melbourne:{Text(start.PlusMinutes(30))}\r\nSUMMARY:Device {start}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
                break;
            case 1 or 2 when one.Uid is not null:
                await PutAsync(one.Name, one.Uid, Time().Replace(one.Text, found => $"{found.Groups[1].Value}:{Text(found.Groups[2].Value == "DTSTART" ? start : start.PlusMinutes(40))}"));
                break;
            case 3 when one.Uid is not null && one.Uid.StartsWith("device-", StringComparison.Ordinal):
                await PutAsync(one.Name, one.Uid, Summary().Replace(one.Text, $"SUMMARY:Device title {start}"));
                break;
            case 4 when one.Uid is not null:
                await new ExternalChanges(link.Store, link.Hand, PracticeGroup.MirrorsHalaxyAsync).RemoveAsync(link.Practitioner, Phone, ExternalChanges.WithUid(one.Uid), cancellationToken: TestContext.Current.CancellationToken);
                break;
        }
    }

    private async Task<List<(string Name, string Uid, string Text)>> ReadAsync()
    {
        var hx = await link.HxAsync();
        using var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        List<ObjectRow> rows = [];
        await foreach (var row in snapshot.ListRowsAsync(hx.Id)) rows.Add(row);
        List<(string, string, string)> all = [];
        foreach (var row in rows.Where(row => row.Published)) all.Add((row.Name, row.Index.Uid, Encoding.UTF8.GetString(HxCalendar.Represent((await snapshot.FindObjectAsync(hx.Id, row.Name))!, Phone.Level).Span)));
        return all;
    }

    private async Task PutAsync(string name, string uid, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var sending = new ExternalSending(bytes, CalendarObject.Parse(bytes), uid) { Knows = true };
        var outcome = await new ExternalChanges(link.Store, link.Hand, PracticeGroup.MirrorsHalaxyAsync).PutAsync(link.Practitioner, name, Phone, (_, _) => ValueTask.FromResult<ExternalSending?>(sending), cancellationToken: TestContext.Current.CancellationToken);
        if (outcome is not ExternalApplied) history.Add($"refused: {outcome}");
    }

    private static string Text(LocalDateTime at) => at.ToString("uuuuMMdd'T'HHmmss", null);

    [GeneratedRegex(@"((DTSTART|DTEND)[^:\r\n]*):[0-9TZ]+")]
    private static partial Regex Time();

    [GeneratedRegex(@"SUMMARY[^\r\n]*")]
    private static partial Regex Summary();
}
