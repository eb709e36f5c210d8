using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Halaxy;
using ProviderBridge.Tests.Sync;

namespace Sandbox.Tests.Halaxy;

/// <summary>One history of <see cref="In_any_history_with_Halaxy"/>.</summary>
/// <param name="random">What happens.</param>
/// <param name="office">What happens besides in the practice; null for nothing.</param>
internal sealed partial class HalaxyHistory(Random random, Random? office)
{
    private static readonly string[] Methods = ["search", "read", "patch", "book"];
    private static readonly string[] Kinds = ["reset-before", "reset-after", "status", "stale-list", "lost-page-token", "repeated-items"];
    private static readonly int[] Statuses = [403, 429, 500, 503];

    private readonly OfficeLedger _ledger = new();
    private readonly HashSet<string> _cancelled = [];
    private readonly HashSet<string> _kept = [];
    private readonly HashSet<string> _turned = [];
    private readonly List<string> _hints = [];
    private MirrorScene _scene = null!;
    private string _ben = "";
    private string _benThere = "";
    private string _benRole = "";
    private int _named;

    public List<string> Said { get; } = [];

    /// <summary>What happens besides; null when nothing does.</summary>
    public OfficePlay? Office { get; private set; }

    /// <summary>How often the practice was disconnected.</summary>
    public int Disconnected { get; private set; }

    public async Task<(int Passes, int Cut)> PlayAsync()
    {
        await using var scene = await MirrorScene.StartAsync();
        _scene = scene;
        _ben = await scene.PractitionerAsync("ben", "Ben Ito");
        _benThere = await scene.Halaxy.IdAsync("practitioner", new JsonObject { ["given"] = "Ben", ["family"] = "Ito" });
        _benRole = await scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = _benThere, ["clinic"] = scene.Halaxy.Clinic });
        await StartAsync();
        if (random.Next(2) == 0) await scene.AddDeviceAsync(PrivacyLevel.FullName);
        var (passes, cut) = (0, 0);
        for (var step = 0; step < 30; step++)
        {
            await scene.AdvanceAsync(Duration.FromMinutes(random.Next(10) == 0 ? 400 : 5));
            await SwitchAsync();
            if (Office is not null) await Office.ActAsync();
            switch (random.Next(5))
            {
                case 0 or 1:
                    await InHalaxyAsync();
                    break;
                case 2 or 3:
                    await HereAsync();
                    break;
                default:
                    passes++;
                    cut += await PassAsync() ? 0 : 1;
                    break;
            }
        }

        await scene.Halaxy.Scene.Http.DeleteAsync("/user/faults", TestContext.Current.CancellationToken);
        await EndAsync();
        if (Office is null || random.Next(2) == 0) return (passes, cut);
        await Office.RematchAsync();
        await EndAsync();
        return (passes, cut);
    }

    private async Task StartAsync()
    {
        (_ledger.People[_scene.Halaxy.Role], _ledger.People[_benRole]) = (_scene.Halaxy.Practitioner, _benThere);
        if (office is null)
        {
            await ConnectAsync();
            return;
        }

        Office = new OfficePlay(_scene, office, Said, _ledger);
        await Office.StartAsync(_ben, _benThere, _benRole);
    }

    private async Task EndAsync()
    {
        if (!await IsConnectedAsync()) await ConnectAsync();
        await SettleAsync();
        await CheckAsync();
        await QuietAsync();
    }

    private Task ConnectAsync(bool leaves = false) => Office?.ConnectAsync(leaves: leaves) ?? _scene.ConnectAsync((_scene.Maya, _scene.Halaxy.Practitioner), (_ben, _benThere));

    private async Task<bool> IsConnectedAsync() => (await _scene.ConnectionAsync())!.IsConnected;

    /// <summary>Now and then the practice is disconnected, and some time later connected again with the same practitioners: meanwhile its diaries are its own.</summary>
    private async Task SwitchAsync()
    {
        var isConnected = await IsConnectedAsync();
        if (random.Next(isConnected ? 25 : 5) > 0) return;
        Said.Add(isConnected ? "disconnected" : "connected again");
        if (!isConnected)
        {
            await ConnectAsync(leaves: true);
            return;
        }

        Disconnected++;
        await _scene.Connections.DisconnectAsync(_scene.Group, new AuditActor("Ruth", ActorVia.Web, "ruth", "session"));
    }

    private async Task InHalaxyAsync()
    {
        var all = await _scene.ThereAsync();
        var some = all.Count == 0 ? null : (string)all[random.Next(all.Count)]["id"]!;
        var role = random.Next(3) == 0 ? _benRole : _scene.Halaxy.Role;
        var start = Start();
        switch (some is null ? random.Next(2) : random.Next(9))
        {
            case 0 or 1 or 2:
                await MadeAsync("book", role, new JsonObject { ["patients"] = _scene.Halaxy.Patient, ["service"] = _scene.Halaxy.Service, ["comments"] = random.Next(2) == 0 ? null : Word() }, start);
                break;
            case 3:
                await MadeAsync("meet", random.Next(2) == 0 ? $"{_scene.Halaxy.Role} {_benRole}" : role, new JsonObject { ["title"] = Word() }, start);
                break;
            case 4 or 5:
                await DoAsync("move", some!, new JsonObject { ["start"] = start });
                break;
            case 6:
                await DoAsync("comment", some!, new JsonObject { ["comments"] = Word() });
                break;
            case 7:
                if (!await IsPatientAsync(some!)) break;
                if (random.Next(2) == 0)
                {
                    await DoAsync("invoice", some!, []);
                    break;
                }

                var status = random.Next(3) switch { 0 => "booked", 1 => "attended", _ => "cancelled (no charge)" };
                if (status.StartsWith("cancelled", StringComparison.Ordinal)) _cancelled.Add(some!);
                await DoAsync("cancel", some!, new JsonObject { ["status"] = status });
                break;
            default:
                await DoAsync("delete", some!, []);
                _ledger.Roles.Remove(some!);
                break;
        }
    }

    private async Task MadeAsync(string verb, string roles, JsonObject body, string start)
    {
        (body["roles"], body["start"], body["minutes"]) = (roles, start, "50");
        var id = await _scene.Halaxy.IdAsync(verb, body);
        _ledger.Roles[id] = roles.Split(' ');
        Said.Add($"Halaxy: {verb} {id} at {start} for {roles}");
        _hints.Add(id);
    }

    private async Task DoAsync(string verb, string id, JsonObject body)
    {
        Said.Add($"Halaxy: {verb} {id} {body.ToJsonString()}");
        body["appointment"] = id;
        await _scene.Halaxy.DoAsync(verb, body);
        _hints.Add(id);
    }

    private async Task HereAsync()
    {
        var owner = random.Next(3) == 0 ? _ben : _scene.Maya;
        var diary = _scene.DiaryOf(owner);
        var all = (await _scene.HereAsync(diary)).OrderBy(one => one.HalaxyId, StringComparer.Ordinal).ThenBy(one => one.Title, StringComparer.Ordinal).ToList();
        if (all.Count == 0 || random.Next(6) == 0)
        {
            var title = Word();
            _ledger.Own[await diary.AddPersonalAsync(new PersonalEntry(title, Local(), Duration.FromMinutes(30)))] = (owner, title);
            Said.Add($"diary: add {title}");
            return;
        }

        var some = all[random.Next(all.Count)];
        var target = new AppointmentTarget(some.Id);
        try
        {
            // what can be done only while the diary is not connected is done then
            switch (!await IsConnectedAsync() && random.Next(2) == 0 ? random.Next(6, 8) : random.Next(8))
            {
                case 0 or 1 when some.TakesPlace:
                    var to = Local();
                    Said.Add($"diary: move {some.HalaxyId ?? some.Title} to {to}");
                    await diary.EditAsync(target, new AppointmentEdit { Start = to });
                    break;
                case 2 when some.TakesPlace:
                    var word = Word();
                    Said.Add($"diary: comment {some.HalaxyId ?? some.Title} {word}");
                    await diary.EditAsync(target, new AppointmentEdit { Comments = word });
                    break;
                case 3 when some.TakesPlace:
                    Said.Add($"diary: cancel {some.HalaxyId ?? some.Title}");
                    await diary.CancelAsync(target, CancelChoice.Cancel);
                    if (some.HalaxyId is { } id) _cancelled.Add(id);
                    if (some.Kind == AppointmentKind.Personal) _ledger.TakenOut(some, owner);
                    break;
                case 4 when some.Published && some.TakesPlace && owner == _scene.Maya:
                    Said.Add($"phone: remove {some.HalaxyId ?? some.Title}{(some.Invoice is null ? "" : ", which has an invoice")}");
                    var outcome = await _scene.PhoneRemovesAsync(some.Id);
                    if (outcome is not ExternalApplied) break;
                    if (some.Kind == AppointmentKind.Personal) _ledger.TakenOut(some, owner);
                    if (some.HalaxyId is { } removed && some.Invoice is not null) _kept.Add(removed);
                    else if (some.HalaxyId is { } gone && some.Status != AppointmentStatus.Attended) _cancelled.Add(gone);
                    break;
                case 5 when some.Status == AppointmentStatus.Cancelled:
                    Said.Add($"diary: restore {some.HalaxyId ?? some.Title}");
                    await diary.RestoreAsync(target);
                    _ledger.Restored(owner, some.Id);
                    break;
                case 6 when some is { HalaxyId: not null, Kind: AppointmentKind.Personal }:
                    Said.Add($"diary: turn {some.HalaxyId} into a patient appointment");
                    await diary.ConvertToPatientAsync(target, [new Patient("jane", "Jane", "Doe")], "Initial consultation");
                    _ledger.Own[some.Id] = (owner, "Jane");
                    _turned.Add(some.Id);
                    break;
                case 7 when some is { HalaxyId: not null, Kind: AppointmentKind.Patient }:
                    Said.Add($"diary: change what is Halaxy's of {some.HalaxyId}");
                    await ChangeHalaxysAsync(diary, target);
                    break;
            }
        }
        catch (DiaryException refused)
        {
            Said.Add($"refused: {refused.Message}");
        }
    }

    /// <summary>What is refused while the diary is connected.</summary>
    private Task<string> ChangeHalaxysAsync(Diary diary, AppointmentTarget target) => random.Next(4) switch
    {
        0 => diary.EditAsync(target, new AppointmentEdit { Status = AppointmentStatus.Attended }),
        1 => diary.EditAsync(target, new AppointmentEdit { Location = Word() }),
        2 => diary.EditAsync(target, new AppointmentEdit { Patients = [new Patient("tim", "Tim", "Doe")] }),
        _ => diary.LinkInvoiceAsync(target, Word()),
    };

    private async Task<bool> PassAsync()
    {
        for (var faults = random.Next(3); faults > 0; faults--)
        {
            var (method, kind) = (Methods[random.Next(Methods.Length)], Kinds[random.Next(Kinds.Length)]);
            if (method != "search" && kind is "stale-list" or "lost-page-token" or "repeated-items") kind = "reset-after";
            var fault = new JsonObject { ["skip"] = random.Next(4), ["times"] = 1 + random.Next(4), ["status"] = Statuses[random.Next(Statuses.Length)], ["amount"] = 1 + random.Next(3), ["reason"] = "exception" };
            Said.Add($"fault {method} {kind} {fault.ToJsonString()}");
            await _scene.Halaxy.Scene.FaultAsync($"halaxy.{method}", kind, fault);
        }

        // some hints are lost, some come twice, some late
        string[] hints = [.. _hints.Where(_ => random.Next(2) == 0)];
        if (random.Next(2) == 0) _hints.Clear();
        try
        {
            var result = await _scene.PassAsync(new CutStore(_scene.Store, random.Next(2) == 0 ? int.MaxValue : random.Next(10)), hints);
            Said.Add($"pass {result}");
            return true;
        }
        catch (CutException)
        {
            Said.Add("pass cut");
            await _scene.AdvanceAsync(Duration.FromMinutes(6));
            return false;
        }
        finally
        {
            await ReviveAsync();
            _ledger.Note(await _scene.OverruledAsync());
        }
    }

    /// <summary>A person does what a connection that has stopped asks for.</summary>
    private async Task ReviveAsync()
    {
        var connection = (await _scene.ConnectionAsync())!;
        if (connection.State == HalaxyState.DeletionsHeld) await _scene.ChangeAsync(one => one.AllowingDeletions());
        else if (connection is { IsConnected: true, State: not HalaxyState.Active }) await _scene.ChangeAsync(one => one with { State = HalaxyState.Active });
    }

    private async Task<bool> IsPatientAsync(string id) => (string?)(await _scene.ThereAsync(id))["title"] is null;

    private string Word() => $"word {++_named}";

    private LocalDateTime Local() => new LocalDateTime(2026, 1, 8, 8, 0).PlusDays(random.Next(12)).PlusMinutes(30 * random.Next(18));

    private string Start() => Local().ToString("uuuu-MM-dd'T'HH':'mm", CultureInfo.InvariantCulture);
}
