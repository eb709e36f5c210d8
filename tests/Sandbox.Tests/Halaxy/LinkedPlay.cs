using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>
/// The calendar outside that Maya's is linked to, and she as its user: what she does there goes through the diary to Halaxy, and what is done in Halaxy comes to it. What each side did is followed by what the
/// link is shown of the diary before and after, whoever changed that.
/// </summary>
internal sealed class LinkedPlay(MirrorScene scene, Random random, HalaxyLedger halaxy, List<string> history)
{
    private readonly PlayedLink _link = new(scene.Clock, random);
    private readonly Ledger _ledger = new();
    private readonly List<string> _faults = [];
    private Dictionary<string, CalendarObject> _shown = [];
    private int _named;

    /// <summary>How often a pass of the link was cut short or failed.</summary>
    public int Cut { get; private set; }

    /// <summary>How many edits were looked at in the end.</summary>
    public int Checked => _ledger.Checked;

    public Task StartAsync()
    {
        (_link.Store, _link.Practitioner) = (scene.Store, scene.Maya);
        return _link.ConnectAsync(0);
    }

    /// <summary>After somebody else did something here: perhaps she does something outside, and perhaps there is a pass.</summary>
    public async Task StepAsync()
    {
        await NoteHereAsync();
        await scene.AdvanceAsync(Duration.FromSeconds(20));
        if (random.Next(3) > 0) await EditAsync();
        if (random.Next(3) > 0) await PassAsync(random.Next(3) == 0 ? 0 : 12, random.Next(2) == 0 ? int.MaxValue : random.Next(8));
    }

    /// <summary>A pass at which nothing goes wrong.</summary>
    public async Task SettleAsync()
    {
        await NoteHereAsync();
        if (await _link.LinkAsync() is { State: LinkState.DeletesHeld } held)
            await scene.Store.ApplyAsync(StoreBatch.Of((held with { State = LinkState.Active, AllowedDeletions = 1000 }).Put()), TestContext.Current.CancellationToken);
        await scene.AdvanceAsync(Duration.FromMinutes(20));
        await PassAsync(0, int.MaxValue);
    }

    /// <summary>Both sides have the same, each once, of each edit what has to be left, and it is quiet.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync()
    {
        var all = string.Join('\n', _faults);
        await _link.AssertAgreeAsync(all);
        var patients = (await scene.HereAsync()).Where(one => one.Kind == AppointmentKind.Patient).Select(one => one.Id).ToHashSet();
        _ledger.Check(await _link.ShownAsync(), await _link.ConflictsAsync(), all, patients);
        foreach (var same in _link.Outside.Events.Keys.Where(id => id.StartsWith("ours-", StringComparison.Ordinal)).GroupBy(id => id[..^2]).Where(same => same.Count() > 1)) _faults.Add($"{same.Key} is outside {same.Count()} times");
        var (writes, deletes, change) = (_link.Outside.Writes, _link.Outside.Deletes, (await _link.HxAsync()).Change);
        if (await _link.PassAsync() != PassResult.Done || (writes, deletes, change) != (_link.Outside.Writes, _link.Outside.Deletes, (await _link.HxAsync()).Change)) _faults.Add("The link is not quiet.");
        return _faults;
    }

    private async Task EditAsync()
    {
        var ids = _link.Outside.Events.Keys.Order(StringComparer.Ordinal).ToList();
        var id = ids.Count == 0 ? null : ids[random.Next(ids.Count)];
        var start = new LocalDateTime(2026, 1, 8, 7, 0).PlusDays(random.Next(30)).PlusMinutes(15 * random.Next(48));
        var action = random.Next(6);
        history.Add($"{halaxy.Step} outside {action} {id} {start}");
        if (action == 0 || id is null)
        {
            var made = _link.Outside.UserMakes($"Theirs {++_named}", start);
            _ledger.Made(scene.Now, made, LedgerSide.There);
            _ledger.Edited(scene.Now, made, LedgerSide.There, FieldGroup.Text, $"Theirs {_named}");
            return;
        }

        var was = _link.Outside.Events[id].Content;
        switch (action)
        {
            case 1 or 2:
                _link.Outside.UserMoves(id, start);
                Wrote(FieldGroup.Times);
                break;
            case 3 when await IsOwnAsync(id):
                _link.Outside.UserEdits(id, one => one.Set(ContentLine.CreateText("SUMMARY", $"Title outside {++_named}")));
                Wrote(FieldGroup.Text);
                break;
            case 4 when await IsOwnAsync(id):
                _link.Outside.UserEdits(id, one => one.Set(ContentLine.CreateText("LOCATION", $"Place outside {++_named}")));
                Wrote(FieldGroup.Place);
                break;
            case 5 when random.Next(2) == 0:
                _link.Outside.UserDeletes(id);
                _ledger.Removed(scene.Now, id, LedgerSide.There);
                break;
        }

        void Wrote(FieldGroup group) => _ledger.Edited(scene.Now, id, LedgerSide.There, group, Ledger.ValueOf(_link.Outside.Events[id].Content, group), Ledger.ValueOf(was, group));
    }

    private async Task PassAsync(int trouble, int writes)
    {
        _link.Outside.Trouble = trouble;
        var before = await scene.HereAsync();
        var result = "cut";
        try
        {
            result = (await _link.PassAsync(new CutStore(scene.Store, writes))).ToString();
        }
        catch (CutException)
        {
            // the process is gone: its lease ends by itself
            await scene.AdvanceAsync(Duration.FromMinutes(6));
        }

        Cut += result == "Done" ? 0 : 1;
        history.Add($"{halaxy.Step} link: {result}");
        NoteTaken(before, await scene.HereAsync());
        _shown = await _link.ShownAsync();
        using var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        foreach (var item in await LinkItem.ListAsync(snapshot, _link.Key))
        {
            if (item.OutsideId is { } id) _ledger.Know(id, item.Uid);
        }

        if (result == "Done" && (await _link.LinkAsync()).Quarantined.Count == 0) _ledger.Agreed(scene.Now);
    }

    /// <summary>What the link did to the diary is to Halaxy what somebody did there.</summary>
    private void NoteTaken(IReadOnlyList<Appointment> before, IReadOnlyList<Appointment> after)
    {
        foreach (var one in before)
        {
            var now = after.FirstOrDefault(same => same.Id == one.Id);
            if (one is { Invoice: not null, TakesPlace: true } && now is not { TakesPlace: true }) _faults.Add($"{one.HalaxyId} has an invoice, and the link took it out");
            if (one.HalaxyId is not { } id)
            {
                if (now is null) halaxy.Own.Remove(one.Id);
                else if (halaxy.Own.ContainsKey(one.Id)) halaxy.Own[one.Id] = now.Title!;
                continue;
            }

            if (now is null) halaxy.Removed(id, scene.Maya);
            else foreach (var (was, isNow) in HalaxyLedger.PartsOf(one).Zip(HalaxyLedger.PartsOf(now)).Where(parts => parts.First != parts.Second)) halaxy.Edited(here: true, id, isNow.Field, isNow.Value, scene.Maya);
            if (now is not { TakesPlace: true } && one.TakesPlace) halaxy.Cancelled.Add(id);
        }

        foreach (var made in after.Where(one => one.HalaxyId is null && !before.Any(same => same.Id == one.Id)))
        {
            // what Halaxy has comes back under its own UID if it was edited outside when it was gone here: it is Halaxy's again if she has it there still, and hers otherwise
            if (IsHalaxys(made.Id)) halaxy.MayBeOwn.Add(made.Id);
            else halaxy.Own[made.Id] = made.Title!;
        }
    }

    private bool IsHalaxys(string uid) => Enumerable.Range(1, 200).Any(id => HalaxyItem.UidOf(scene.Maya, $"{id}") == uid);

    /// <summary>What has changed in the diary since, by whatever else there is.</summary>
    private async Task NoteHereAsync()
    {
        var now = await _link.ShownAsync();
        foreach (var (uid, content) in now)
        {
            var was = _shown.GetValueOrDefault(uid);
            // one that comes back is more than is followed
            if (was is null && _ledger.Knows(uid)) _ledger.Leave(uid);
            if (was is null) _ledger.Made(scene.Now, uid, LedgerSide.Here);
            foreach (var group in new[] { FieldGroup.Times, FieldGroup.Text, FieldGroup.Place })
                _ledger.Edited(scene.Now, uid, LedgerSide.Here, group, Ledger.ValueOf(content, group), was is null ? null : Ledger.ValueOf(was, group));
        }

        foreach (var uid in _shown.Keys.Where(uid => !now.ContainsKey(uid))) _ledger.Removed(scene.Now, uid, LedgerSide.Here);
        _shown = now;
    }

    private async Task<bool> IsOwnAsync(string outsideId)
    {
        using var snapshot = await scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var uid = await LinkItem.FindUidByOutsideIdAsync(snapshot, _link.Key, outsideId) ?? _link.Outside.Events[outsideId].Tag ?? outsideId;
        return (await scene.HereAsync()).FirstOrDefault(one => one.Id == uid) is not { } here || here is { HalaxyId: null, Kind: AppointmentKind.Personal };
    }

    private sealed class PlayedLink(IClock clock, Random faults) : ModelLink(clock, faults, PrivacyLevel.Initials);
}
