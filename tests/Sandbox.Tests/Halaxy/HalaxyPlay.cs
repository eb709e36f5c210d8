using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>One history: people in Halaxy's own pages, in the diary and on a phone, hints that are lost, late and doubled, and everything that goes wrong on the way.</summary>
internal sealed partial class HalaxyPlay(int seed, bool isLinked = false) : IAsyncDisposable
{
    private static readonly string[] Operations = ["search", "read", "patch", "token"];
    private static readonly string[] Kinds = ["reset-before", "reset-after", "status", "stale-list", "lost-page-token", "repeated-items"];
    private static readonly (int Status, string? Reason)[] Statuses = [(429, "throttled"), (500, null), (503, null), (401, "expired"), (409, "conflict"), (422, "invalid"), (403, "forbidden")];
    private static readonly string[] Switches = ["ignore-times", "ignore-comments", "ignore-participants", "back-to-booked"];

    // what the live service does of these is not known: each history has its own
    private static readonly string[] Manners = ["replace-participants", "drop-comments", "double-bookings", "say-create"];
    private static readonly string[] States = ["confirmed", "attended", "cancelled (charge)", "did not attend (no charge)", "booked"];

    private const int Uncut = 100_000;

    private readonly Random _random = new(seed);
    private readonly List<string> _hints = [];
    private readonly Dictionary<string, string> _whose = [];
    private readonly HalaxyLedger _ledger = new();
    private readonly Dictionary<string, bool> _invoicedBeforeRemoval = [];
    private MirrorScene _scene = null!;
    private string _ben = "";
    private string _second = "";

    public List<string> History { get; } = [$"seed {seed}"];

    public int Passes { get; private set; }

    public int Cut { get; private set; }

    /// <summary>The calendar that Maya's is linked to; null without one.</summary>
    public LinkedPlay? Linked { get; private set; }

    public async Task RunAsync()
    {
        await StartAsync();
        for (_ledger.Step = 1; _ledger.Step <= 36; _ledger.Step++)
        {
            await _scene.AdvanceAsync(Duration.FromMinutes(3));
            var action = _random.Next(6);
            if (action is 0 or 1) await TryAsync("there", ActThereAsync);
            else if (action is 2 or 3) await TryAsync("here", ActHereAsync);
            else await PassAsync();
            await NoteAsync();
            if (Linked is null) continue;
            await Linked.StepAsync();
            await NoteAsync();
        }

        await EndAsync();
    }

    public ValueTask DisposeAsync() => _scene?.DisposeAsync() ?? default;

    private async Task StartAsync()
    {
        _scene = await MirrorScene.StartAsync();
        _scene.NewId = SeededIds.Of(new Random(seed + 2));
        var halaxy = _scene.Halaxy;
        _ben = await _scene.PractitionerAsync("ben", "Ben Ito");
        var other = await halaxy.IdAsync("clinic", new JsonObject { ["name"] = "Beach Road" });
        var ben = await halaxy.IdAsync("practitioner", new JsonObject { ["given"] = "Ben", ["family"] = "Ito" });
        var cleo = await halaxy.IdAsync("practitioner", new JsonObject { ["given"] = "Cleo", ["family"] = "Park" });
        _second = await halaxy.IdAsync("patient", new JsonObject { ["given"] = "Ida", ["family"] = "Okoro" });
        _whose[halaxy.Role] = _scene.Maya;
        _whose[await RoleAsync(halaxy.Practitioner, other)] = _scene.Maya;
        _whose[await RoleAsync(ben, other)] = _ben;
        // somebody who is not matched
        _whose[await RoleAsync(cleo, other)] = "";
        await _scene.ConnectAsync((_scene.Maya, halaxy.Practitioner), (_ben, ben));
        var manners = new Random(seed + 1);
        foreach (var name in Manners.Where(_ => manners.Next(3) == 0)) await SwitchAsync(name, true);
        if (isLinked)
        {
            Linked = new LinkedPlay(_scene, new Random(~seed), _ledger, History);
            await Linked.StartAsync();
        }

        Task<string> RoleAsync(string practitioner, string clinic) => halaxy.IdAsync("role", new JsonObject { ["practitioner"] = practitioner, ["clinic"] = clinic });
    }

    private async Task TryAsync(string where, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception refused) when (refused is DiaryException or HalaxyException)
        {
            History.Add($"{_ledger.Step} {where} refused: {refused.Message}");
        }
    }

    private async Task ActThereAsync()
    {
        var all = await _scene.ThereAsync();
        var one = all.Count == 0 ? null : all[_random.Next(all.Count)];
        var id = (string?)one?["id"];
        var (action, start) = (_random.Next(12), StartOf());
        History.Add($"{_ledger.Step} there {action} {id} {start}");
        if (action <= 2 || one is null || id is null) await MakeAsync(action, start);
        else await ChangeAsync(action, one, id, start);
    }

    private async Task MakeAsync(int action, string start)
    {
        string[] roles = [.. _whose.Keys.OrderBy(role => role, StringComparer.Ordinal)];
        var wanted = string.Join(' ', roles.Skip(_random.Next(roles.Length)).Take(1 + _random.Next(2)));
        var patients = _random.Next(3) == 0 ? $"{_scene.Halaxy.Patient} {_second}" : _scene.Halaxy.Patient;
        var made = action == 0
            ? await _scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = wanted, ["title"] = "Team", ["start"] = start, ["minutes"] = "30" })
            : await _scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = wanted, ["patients"] = patients, ["service"] = _scene.Halaxy.Service, ["start"] = start, ["minutes"] = "50", ["comments"] = $"Made {_ledger.Step}" });
        History.Add($"  made {made} with {wanted}");
        Hint(made);
    }

    private async Task ChangeAsync(int action, JsonObject one, string id, string start)
    {
        string[] roles = [.. _whose.Keys.OrderBy(role => role, StringComparer.Ordinal)];
        var (verb, body) = action switch
        {
            3 or 4 => ("move", new JsonObject { ["start"] = start }),
            5 or 6 => ("comment", new JsonObject { ["comments"] = $"There {_ledger.Step}" }),
            7 => ("cancel", []),
            8 => ("cancel", new JsonObject { ["status"] = States[_random.Next(States.Length)] }),
            9 => ("invoice", []),
            10 => ("reassign", new JsonObject { ["roles"] = roles[_random.Next(roles.Length)] }),
            _ => ("delete", new JsonObject()),
        };
        if (verb == "delete" && seed % 3 == 0) return;
        body["appointment"] = id;
        using var answer = await _scene.Halaxy.Scene.Http.PostAsync($"/user/halaxy/{_scene.Halaxy.Practice}/{verb}", Scene.Json(body), TestContext.Current.CancellationToken);
        if (!answer.IsSuccessStatusCode) return;
        Hint(id);
        if (verb == "cancel") _ledger.Cancelled.Add(id);
        if (verb == "delete") return;
        var after = await _scene.ThereAsync(id);
        // a meeting that does not take place is in no diary: what is edited of it there is shown to nobody
        if ((bool)one["takesPlace"]! || (bool)after["takesPlace"]! || (string?)one["title"] is not { Length: > 0 }) NoteEdits(here: false, id, "Halaxy", HalaxyLedger.PartsOf(one), HalaxyLedger.PartsOf(after));
        else foreach (var (was, now) in HalaxyLedger.PartsOf(one).Zip(HalaxyLedger.PartsOf(after)).Where(parts => parts.First != parts.Second)) _ledger.Replaced(id, now.Field);
    }

    private void NoteEdits(bool here, string id, string by, (MirroredFields Field, string Value)[] before, (MirroredFields Field, string Value)[] after)
    {
        foreach (var (was, now) in before.Zip(after)) if (was != now) _ledger.Edited(here, id, now.Field, now.Value, by);
    }

    private async Task ActHereAsync()
    {
        var practitioner = _random.Next(3) == 0 ? _ben : _scene.Maya;
        var diary = _scene.DiaryOf(practitioner);
        var all = (await _scene.HereAsync(diary)).Where(one => one.TakesPlace || _random.Next(3) == 0).ToList();
        var one = all.Count == 0 ? null : all[_random.Next(all.Count)];
        var action = _random.Next(11);
        var start = LocalDateTime.FromDateTime(DateTime.Parse(StartOf(), CultureInfo.InvariantCulture));
        History.Add($"{_ledger.Step} here {action} {one?.Id} {one?.HalaxyId} {start} {(practitioner == _ben ? "Ben" : "Maya")}");
        if (action == 0 || one is null)
        {
            // only Maya's are booked
            var title = $"Own {_ledger.Step}";
            _ledger.Own[await _scene.Diary.AddPersonalAsync(new PersonalEntry(title, start, Duration.FromMinutes(30)))] = title;
            return;
        }

        try
        {
            await EditAsync(action, practitioner, diary, one, start);
        }
        finally
        {
            var after = (await _scene.HereAsync(diary)).FirstOrDefault(same => same.Id == one.Id);
            if (after is { HalaxyId: { } id }) NoteEdits(here: true, id, practitioner, HalaxyLedger.PartsOf(one), HalaxyLedger.PartsOf(after));
            if (after is null) _ledger.Own.Remove(one.Id);
            // the record of one that Halaxy does not have any more
            if (one is { HalaxyId: null, TakesPlace: false } && after is { HalaxyId: null, TakesPlace: true }) _ledger.MayBeOwn.Add(one.Id);
            if (after is null && one.HalaxyId is { } removed) _ledger.Removed(removed, practitioner);
        }
    }

    private async Task EditAsync(int action, string practitioner, Diary diary, Appointment one, LocalDateTime start)
    {
        var target = new AppointmentTarget(one.Id);
        switch (action)
        {
            case 1 or 2:
                await diary.EditAsync(target, new AppointmentEdit { Start = start });
                break;
            case 3 or 4:
                await diary.EditAsync(target, new AppointmentEdit { Comments = $"Here {_ledger.Step}" });
                break;
            case 5 when _ledger.Own.ContainsKey(one.Id) || seed % 3 != 0:
                if (one.HalaxyId is { } cancelled) _ledger.Cancelled.Add(cancelled);
                await diary.CancelAsync(target, one.Kind == AppointmentKind.Patient ? CancelChoice.Cancel : CancelChoice.Delete);
                break;
            case 6 when !one.TakesPlace:
                await diary.RestoreAsync(target);
                break;
            case 7 when practitioner == _scene.Maya && one.TakesPlace && seed % 3 != 0:
                if (one.HalaxyId is { } removed) _invoicedBeforeRemoval[removed] = (bool?)(await _scene.ThereAsync()).FirstOrDefault(there => (string?)there["id"] == removed)?["invoiced"] == true;
                await _scene.PhoneRemovesAsync(one.Id);
                break;
            case 8 when practitioner == _scene.Maya && one.TakesPlace:
                var day = $"202602{10 + _random.Next(10)}";
                await _scene.PhoneChangesAsync(one.Id, text => TimeLine().Replace(text, found => $"{found.Groups[1].Value}{day}T{found.Groups[2].Value}").Replace("END:VEVENT", $"X-STEP:{_ledger.Step}\r\nEND:VEVENT", StringComparison.Ordinal));
                break;
            case 9 or 10 when practitioner == _scene.Maya && _ledger.Own.ContainsKey(one.Id):
                await BookAsync(one.Id);
                break;
        }
    }

    /// <summary>Somebody turns a personal appointment into a patient appointment, twice if it does not seem to have worked.</summary>
    private async Task BookAsync(string uid)
    {
        var before = (await _scene.ThereAsync()).ToDictionary(one => (string)one["id"]!, one => (bool)one["takesPlace"]!);
        if (_random.Next(2) == 0) await _scene.Halaxy.Scene.FaultAsync("halaxy.book", _random.Next(2) == 0 ? "reset-after" : "reset-before");
        if (_random.Next(3) == 0) await _scene.Halaxy.Scene.FaultAsync("halaxy.search", "status", new JsonObject { ["status"] = 503, ["times"] = 3 });
        try
        {
            History.Add($"  booked {uid} as {await _scene.BookAsync(uid) ?? "nobody knows"}");
        }
        finally
        {
            var ids = _ledger.Booked.TryGetValue(uid, out var known) ? known : _ledger.Booked[uid] = [];
            var made = (await _scene.ThereAsync()).Select(one => (string)one["id"]!).Where(id => !before.ContainsKey(id)).ToList();
            // another in the place of one that was cancelled or deleted there is what was asked for
            if (made.Count + ids.Count(before.GetValueOrDefault) > 1) _ledger.Doubled.Add(uid);
            ids.UnionWith(made);
        }
    }

    private async Task PassAsync()
    {
        for (var faults = _random.Next(3); faults > 0; faults--)
        {
            var (operation, kind, status) = (Operations[_random.Next(Operations.Length)], Kinds[_random.Next(Kinds.Length)], Statuses[_random.Next(Statuses.Length)]);
            if (operation != "search" && kind is "stale-list" or "lost-page-token" or "repeated-items") kind = "reset-after";
            // what stops the mirror for good is a day of its own, and not of these
            if (operation == "token" && status.Status is 401 or 403) status = (503, null);
            var fault = new JsonObject { ["skip"] = _random.Next(4), ["times"] = 1, ["status"] = status.Status, ["reason"] = status.Reason, ["amount"] = 1 + _random.Next(3), ["retryAfter"] = status.Status == 429 ? 1 : null };
            History.Add($"  fault {operation} {kind} {fault.ToJsonString()}");
            await _scene.Halaxy.Scene.FaultAsync($"halaxy.{operation}", kind, fault);
        }

        if (_random.Next(5) == 0) await SwitchAsync(Switches[_random.Next(Switches.Length)], _random.Next(2) == 0);
        if (_random.Next(8) == 0) await _scene.AdvanceAsync(Duration.FromHours(1 + (6 * _random.Next(2))));
        (_scene.Asked.CutAfter, _scene.Asked.CutsBefore) = (_random.Next(3) == 0 ? _random.Next(12) : null, _random.Next(2) == 0);
        var hinted = _hints.Where(_ => _random.Next(3) > 0).ToArray();
        _hints.RemoveAll(id => hinted.Contains(id) && _random.Next(5) > 0);
        var result = "cut";
        try
        {
            result = (await _scene.PassAsync(new CutStore(_scene.Store, _random.Next(3) > 0 ? Uncut : _random.Next(10)), hinted)).ToString();
        }
        catch (CutException)
        {
            // the process is gone: its lease ends by itself
            Cut++;
            await _scene.AdvanceAsync(Duration.FromMinutes(6));
        }

        _scene.Asked.CutAfter = null;
        Passes++;
        History.Add($"{_ledger.Step} pass {string.Join(' ', hinted)}: {result}");
        var after = await _scene.ConnectionAsync();
        if (after is { State: HalaxyState.DeletionsHeld }) await _scene.ChangeAsync(connection => connection.AllowingDeletions());
        // two refusals in a row, and a person looks whether the box is ticked
        else if (after is { State: HalaxyState.MissingScope }) await _scene.ChangeAsync(connection => connection with { State = HalaxyState.Active });
    }

    private async Task NoteAsync()
    {
        List<Appointment> here = [.. await _scene.HereAsync(), .. await _scene.HereAsync(_scene.DiaryOf(_ben))];
        var there = await _scene.ThereAsync();
        if (Environment.GetEnvironmentVariable("BRIDGE_SEED") is not null)
        {
            History.AddRange(there.Select(one => $"      there {one.ToJsonString()}"));
            History.AddRange(here.Select(one => $"      here {one.HalaxyId} {one.Id} {string.Join(' ', HalaxyLedger.PartsOf(one))} {one.Status} {one.Invoice}"));
            History.AddRange((await _scene.TasksAsync()).Select(one => $"      task {one.Id} {one.Reason} {one.Fields}"));
        }

        _ledger.Note(there, here, await _scene.OverruledAsync(), await _scene.TasksAsync());
    }

    private async Task EndAsync()
    {
        await _scene.Halaxy.Scene.Http.DeleteAsync("/user/faults", TestContext.Current.CancellationToken);
        var isAble = _random.Next(2) == 0;
        if (isAble) foreach (var name in Switches) await SwitchAsync(name, name == "back-to-booked");
        await _scene.AdvanceAsync(Duration.FromHours(7));
        for (var n = 0; n < 6; n++)
        {
            var result = await _scene.PassAsync();
            await NoteAsync();
            History.Add($"end: {result}");
            if (Linked is not null) await Linked.SettleAsync();
            await NoteAsync();
            if (await _scene.ConnectionAsync() is { State: HalaxyState.DeletionsHeld }) await _scene.ChangeAsync(connection => connection.AllowingDeletions());
        }

        var (there, tasks) = (await _scene.ThereAsync(), await _scene.TasksAsync());
        var here = new Dictionary<string, IReadOnlyList<Appointment>> { [_scene.Maya] = await _scene.HereAsync(), [_ben] = await _scene.HereAsync(_scene.DiaryOf(_ben)) };
        List<string> faults = [.. _ledger.Disagreements(there, here, WhoseOf, tasks), .. _ledger.Lost(there), .. _ledger.OwnFaults(there.Where(one => one["roles"]!.AsArray().Any(role => WhoseOf((string)role!) == _scene.Maya)).Select(one => (string)one["id"]!).ToHashSet(), here[_scene.Maya])];
        if (isAble) faults.AddRange(tasks.Where(task => task.Reason == HalaxyTaskReason.NotTaken).Select(task => $"{task.Id} is not told again: {task.Fields}"));
        faults.AddRange(_scene.Asked.Paths.Where(path => path.StartsWith("DELETE", StringComparison.Ordinal)));
        faults.AddRange(there.Where(one => (bool)one["invoiced"]! && !(bool)one["takesPlace"]! && _invoicedBeforeRemoval.GetValueOrDefault((string)one["id"]!) && !_ledger.Cancelled.Contains((string)one["id"]!)).Select(one => $"{(string)one["id"]!} has an invoice, and a phone cancelled it"));
        // what Halaxy did not take is tried again after a time
        var retried = tasks.Where(task => task.Reason == HalaxyTaskReason.NotTaken).Select(task => $"/{task.Id}").ToList();
        var writes = WritesBut(retried);
        await _scene.PassAsync();
        if (WritesBut(retried) != writes) faults.Add("It is not quiet.");
        if (Linked is not null) faults.AddRange(await Linked.CheckAsync());
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    private int WritesBut(IReadOnlyList<string> retried) => _scene.Asked.Paths.Count(path => path.StartsWith("PATCH", StringComparison.Ordinal) && !retried.Any(id => path.EndsWith(id, StringComparison.Ordinal)));

    private string? WhoseOf(string role) => _whose[role] is { Length: > 0 } practitioner ? practitioner : null;

    private async Task SwitchAsync(string name, bool on)
    {
        History.Add($"  switch {name} {on}");
        using var answer = await _scene.Halaxy.Scene.Http.PostAsync($"/user/halaxy/{_scene.Halaxy.Practice}/switch", Scene.Json(new JsonObject { ["name"] = name, ["on"] = on ? "true" : "false" }), TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
    }

    private void Hint(string id)
    {
        for (var times = new[] { 0, 1, 1, 2 }[_random.Next(4)]; times > 0; times--) _hints.Add(id);
    }

    private string StartOf() => new LocalDateTime(2026, 1, 8, 7, 0).PlusDays(_random.Next(30)).PlusMinutes(5 * _random.Next(144)).ToString("uuuu-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(DT(?:START|END);TZID=[^:]+:)\d{8}T(\d{6})")]
    private static partial Regex TimeLine();
}
