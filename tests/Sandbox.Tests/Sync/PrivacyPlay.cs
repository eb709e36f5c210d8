using System.Text;
using System.Text.Json.Nodes;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;

namespace Sandbox.Tests.Sync;

/// <summary>One history: appointments of every kind with words that are in nothing else, what is done to them on both sides, what the link may show, faults; and all that the service is asked in each pass, searched for what was hidden then.</summary>
internal sealed class PrivacyPlay(PlayedLink link, Random random, List<string> history)
{
    private const string Theirs = "typed";
    private static readonly Instant First = Instant.FromUtc(2026, 1, 1, 0, 0);
    private static readonly Instant Last = Instant.FromUtc(2027, 1, 1, 0, 0);
    private readonly Canaries _canaries = new(random, link.Key.LinkId);

    /// <summary>Titles that somebody gave a copy whose own was hidden, by the UID of the appointment.</summary>
    private readonly Dictionary<string, List<string>> _typed = [];
    private int _searched;
    private int _made;

    /// <summary>How many words were hidden in some pass, and how many titles of hidden copies were edited.</summary>
    public (int Hidden, int Typed) Counts { get; private set; }

    public async Task PlayAsync(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            await link.AdvanceAsync(Duration.FromMinutes(5));
            var draw = random.Next(12);
            if (step < 3 || draw < 4) await TryAsync(() => InDiaryAsync(step < 3 ? step : random.Next(9)));
            else if (draw < 7) await TryAsync(() => OutsideAsync(random.Next(8)));
            else if (draw == 7) await ShowAsync();
            else await PassAsync();
        }

        await link.ClearFaultsAsync();
        // what was refused is tried again then
        await link.AdvanceAsync(Duration.FromMinutes(61));
        var before = await HiddenAsync();
        await link.SettleAsync(Told);
        Search(before, await HiddenAsync());
        await CheckTypedAsync();
    }

    /// <summary>Does what the diary or a service may refuse.</summary>
    private async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception refused) when (refused is DiaryException or Xunit.Sdk.TrueException)
        {
            history.Add($"refused: {refused.Message}");
        }
    }

    private string Told => string.Join('\n', history);

    private async Task PassAsync()
    {
        for (var faults = random.Next(3); faults > 0; faults--) history.Add($"fault {await link.FaultAsync(random)}");
        var before = await HiddenAsync();
        var result = "cut";
        try
        {
            result = (await link.PassAsync(new CutStore(link.Store, random.Next(3) > 0 ? int.MaxValue : random.Next(12)))).ToString();
        }
        catch (CutException)
        {
            // the process is gone: its lease ends by itself
        }

        await link.ChangeAsync(one => one.State == LinkState.DeletesHeld ? one with { State = LinkState.Active, AllowedDeletions = 1000 } : null);
        history.Add($"pass: {result}");
        Search(before, await HiddenAsync());
    }

    private async Task<IReadOnlySet<string>> HiddenAsync() => _canaries.Hidden(await link.StoredAsync(), (await link.LinkAsync()).Level);

    /// <summary>What was hidden before a pass and after it was hidden all along.</summary>
    private void Search(IReadOnlySet<string> before, IReadOnlySet<string> after)
    {
        var all = link.Requests;
        var hidden = before.Intersect(after).ToHashSet(StringComparer.Ordinal);
        foreach (var request in all.Skip(_searched))
        {
            var found = Canaries.Find(request, hidden);
            Assert.True(found.Count == 0, $"{string.Join(", ", found)} in\n{request}\n{Told}");
        }

        _searched = all.Count;
        Counts = (Math.Max(Counts.Hidden, hidden.Count), Counts.Typed);
    }

    private async Task CheckTypedAsync()
    {
        foreach (var stored in await link.StoredAsync())
        {
            var text = Encoding.UTF8.GetString(stored.Bytes.Span);
            foreach (var title in _typed.GetValueOrDefault(stored.Row.Index.Uid) ?? []) Assert.False(text.Contains(title, StringComparison.Ordinal), $"{title} was taken\n{text}\n{Told}");
        }
    }

    private async Task ShowAsync()
    {
        var (level, shown, now) = ((PrivacyLevel)random.Next(5), (PrivateAs)random.Next(2), link.Clock.GetCurrentInstant());
        switch (random.Next(3))
        {
            case 0:
                history.Add($"level {level}");
                await link.ChangeAsync(one => one.Level == level ? null : one with { Level = level, RewritingSince = now, IsLowered = level < one.Level || one.IsLowered });
                break;
            case 1:
                history.Add($"private {shown}");
                await link.ChangeAsync(one => one.ShowingPrivate(shown, now));
                break;
            default:
                history.Add("resync");
                await link.ChangeAsync(one => one.Resynced());
                break;
        }
    }

    private async Task InDiaryAsync(int action)
    {
        var all = (await link.Diary.ListAsync(First, Last)).Where(one => one.Status is not AppointmentStatus.Cancelled).ToList();
        var one = all.Count == 0 ? null : all[random.Next(all.Count)];
        var start = StartOf();
        var repeat = random.Next(2) == 0 ? new RecurrenceRule(Frequency.Weekly) { Count = 3 } : null;
        history.Add($"here {action} {one?.Id} {one?.Occurrence} {start}");
        switch (action)
        {
            case 0:
                await link.Diary.BookAsync(new Booking([_canaries.Patient(), _canaries.Patient()], _canaries.Next(PrivacyLevel.Type), start, Duration.FromMinutes(45)) { Comments = _canaries.Next(PrivacyLevel.FullName), Location = _canaries.Next(PrivacyLevel.Type), Repeat = repeat });
                break;
            case 1:
                await link.Diary.AddPersonalAsync(new PersonalEntry(Words(PrivacyLevel.Busy), start, Duration.FromMinutes(30)) { Comments = Words(PrivacyLevel.Busy), Location = Place(PrivacyLevel.Busy), Repeat = repeat });
                break;
            case 2 or 3:
                await DevicePutsAsync($"device-{++_made}", start, repeat is not null, isPrivate: action == 2 || random.Next(2) == 0);
                break;
            case 4 when one is not null:
                await EditAsync(one);
                break;
            case 5 or 6 when one is { Kind: AppointmentKind.Personal }:
                await DeviceMarksAsync(one.Id);
                break;
            case 7 when one is not null:
                _typed.Remove(one.Id);
                await link.Diary.CancelAsync(new AppointmentTarget(one.Id, one.Occurrence), random.Next(2) == 0 && one.Kind == AppointmentKind.Patient ? CancelChoice.Cancel : CancelChoice.Delete, one.Occurrence is null ? SeriesScope.All : (SeriesScope)random.Next(3));
                break;
            case 8 when one is { Kind: AppointmentKind.Personal }:
                await link.Diary.ConvertToPatientAsync(new AppointmentTarget(one.Id), [_canaries.Patient()], _canaries.Next(PrivacyLevel.Type));
                break;
        }
    }

    private async Task EditAsync(Appointment one)
    {
        var target = new AppointmentTarget(one.Id, one.Occurrence);
        // within its day, which no other can have at every service
        var start = one.Start.LocalDateTime.Date + new LocalTime(8 + random.Next(9), 15 * random.Next(4));
        var edit = one.Kind == AppointmentKind.Patient
            ? new AppointmentEdit { Comments = _canaries.Next(PrivacyLevel.FullName), Location = _canaries.Next(PrivacyLevel.Type), Start = random.Next(2) == 0 ? start : null }
            : new AppointmentEdit { Title = Words(PrivacyLevel.Busy), Comments = Words(PrivacyLevel.Busy), Location = Place(PrivacyLevel.Busy), Start = random.Next(2) == 0 ? start : null };
        await link.Diary.EditAsync(target, edit, one.Occurrence is null ? SeriesScope.All : (SeriesScope)random.Next(3));
    }

    /// <summary>Titles and comments: with a patient they are the comments.</summary>
    private string Words(PrivacyLevel from) => _canaries.Next(from, PrivacyLevel.FullName);

    private string Place(PrivacyLevel from) => _canaries.Next(from, PrivacyLevel.Type);

    /// <summary>A device says all that an event can say.</summary>
    private async Task DevicePutsAsync(string uid, LocalDateTime start, bool repeats, bool isPrivate)
    {
        var level = random.Next(2) == 0 ? PrivacyLevel.FullName : PrivacyLevel.Initials;
        string Time(LocalDateTime local) => local.ToString("uuuuMMdd'T'HHmmss", null);
        string Event(LocalDateTime at, string extra) =>
            $"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;X-P={Never};TZID=Australia/Melbourne:{Time(at)}\r\nDTEND;TZID=Australia/Melbourne:{Time(at.PlusMinutes(30))}\r\n{extra}"
            + $"SUMMARY:{Words(level)} with {new string('x', 60)} {Words(level)}\r\nDESCRIPTION:{Words(level)}\r\nLOCATION:{Place(level)}\r\nCATEGORIES:{Never}\r\nATTENDEE;CN={Never}:mailto:{Never}@example.com\r\nORGANIZER:mailto:{Never}@example.com\r\n"
            + $"ATTACH:https://example.com/{Never}\r\nURL:https://example.com/{Never}\r\nX-OWN:{Never}\r\nCOMMENT:{Never}\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:{Never}\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\n";
        var secret = isPrivate ? random.Next(2) == 0 ? "CLASS:PRIVATE\r\n" : "CLASS:CONFIDENTIAL\r\n" : "";
        // a private date makes the whole private
        var single = repeats && random.Next(2) == 0 ? Event(start.PlusWeeks(1).PlusHours(1), $"RECURRENCE-ID;TZID=Australia/Melbourne:{Time(start.PlusWeeks(1))}\r\n{secret}") : "";
        var master = Event(start, (repeats ? "RRULE:FREQ=WEEKLY;COUNT=3\r\n" : "") + (single.Length > 0 && random.Next(2) == 0 ? "" : secret));
        await PutAsync(uid, $"{uid}.ics", level, $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nX-WR-CALNAME:{Never}\r\n{master}{single}END:VCALENDAR\r\n");
    }

    private string Never => _canaries.Next(null);

    /// <summary>A device makes an appointment private, or open.</summary>
    private async Task DeviceMarksAsync(string uid)
    {
        var stored = (await link.StoredAsync()).Single(one => one.Row.Index.Uid == uid);
        var content = CalendarObject.Parse(stored.Bytes);
        var events = content.Calendar.Components.Where(one => one.Name == "VEVENT").ToList();
        var isPrivate = events.Any(one => one.Find("CLASS") is not null);
        foreach (var one in events)
        {
            if (isPrivate) one.RemoveAll("CLASS");
            else one.Set(ContentLine.Create("CLASS", "PRIVATE"));
        }

        history.Add($"{uid} is {(isPrivate ? "open" : "private")}");
        await PutAsync(uid, stored.Row.Name, PrivacyLevel.FullName, Encoding.UTF8.GetString(content.ToText()));
    }

    private async Task PutAsync(string uid, string name, PrivacyLevel level, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var outcome = await new ExternalChanges(link.Store, link.Clock, PracticeGroup.MirrorsHalaxyAsync).PutAsync(
            link.Key.PractitionerId, name, new ExternalOrigin("d1", "Phone", level), (_, _) => ValueTask.FromResult<ExternalSending?>(new ExternalSending(bytes, CalendarObject.Parse(bytes), uid) { Knows = true }), cancellationToken: TestContext.Current.CancellationToken);
        Assert.IsType<ExternalApplied>(outcome);
    }

    private async Task OutsideAsync(int action)
    {
        // their ids are others each time: a seed is always the same history
        var all = (await link.SeenAsync()).OrderBy(one => one.Start).ThenBy(one => one.Title, StringComparer.Ordinal).ToList();
        var one = all.Count == 0 ? null : all[random.Next(all.Count)];
        history.Add($"there {action} {one}");
        switch (action)
        {
            case 0:
                await link.CreateAsync($"own{++_made}", StartOf(), isPrivate: random.Next(2) == 0);
                break;
            case 1 or 2 when one is not null:
                await link.MoveAsync(one, one.Start.Date + new LocalTime(8 + random.Next(9), 15 * random.Next(4)));
                break;
            case 3 or 4 or 5 when one is not null:
                var title = $"{Theirs}{++_made}x";
                await link.RetitleAsync(one, title);
                // what was removed here in the meantime is somebody's own when it is changed there
                if (await HiddenUidAsync(one) is not { } uid || (await link.StoredAsync()).All(stored => stored.Row.Index.Uid != uid)) break;
                if (!_typed.TryGetValue(uid, out var typed)) _typed[uid] = typed = [];
                typed.Add(title);
                Counts = (Counts.Hidden, Counts.Typed + 1);
                break;
            case 6 when one is not null:
                await link.MarkAsync(one, random.Next(3) > 0);
                break;
            case 7 when one is not null && random.Next(2) == 0:
                await link.DeleteAsync(one);
                break;
        }
    }

    /// <summary>The UID of the appointment that an event is a copy of, if its title is not its person's to give.</summary>
    private async Task<string?> HiddenUidAsync(SeenEvent seen)
    {
        using var snapshot = await link.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var items = (await snapshot.ListRecordsAsync("link-item", link.Key.LinkId)).Select(one => JsonNode.Parse(one.Document.Span)!);
        return (string?)items.FirstOrDefault(one => (string?)one["outsideId"] is { } id && link.KeyOf(id) == link.KeyOf(seen.Id) && ((bool?)one["isHidden"] == true || (bool?)one["isPatient"] == true))?["uid"];
    }

    private LocalDateTime StartOf() => new LocalDateTime(2026, 3, 4, 8, 0).PlusDays(random.Next(20)).PlusMinutes(15 * random.Next(30));
}
