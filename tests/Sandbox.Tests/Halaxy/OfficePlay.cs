using System.Text.Json.Nodes;
using Practice;
using Practice.Appointments;
using Practice.Audit;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>
/// What else goes on in a practice of <see cref="In_any_history_with_Halaxy"/>: somebody is matched with another person of Halaxy, or with nobody, and back; what a phone did is undone; appointments are given to a colleague, here and in
/// Halaxy, and deleted for good; and what is Halaxy's alone to say is changed here. All of it as the pages do it, whether the practice is connected or not; what may be done when is for the diary to say.
/// </summary>
internal sealed class OfficePlay(MirrorScene scene, Random random, List<string> said, OfficeLedger ledger)
{
    private static readonly AuditActor Ruth = new("Ruth", ActorVia.Web, "ruth", "session");
    private readonly List<string> _people = [];
    private string _ben = "";
    private int _named;

    /// <summary>How often each kind of action was done, and not refused.</summary>
    public Dictionary<string, int> Done { get; } = [];

    /// <summary>Another person in Halaxy for whom somebody may be taken, and that person's role; the practice is connected with everybody as they are.</summary>
    public async Task StartAsync(string ben, string benThere, string benRole)
    {
        _ben = ben;
        var other = await scene.Halaxy.IdAsync("practitioner", new JsonObject { ["given"] = "Mia", ["family"] = "Reed" });
        var role = await scene.Halaxy.IdAsync("role", new JsonObject { ["practitioner"] = other, ["clinic"] = scene.Halaxy.Clinic });
        _people.AddRange([scene.Halaxy.Practitioner, benThere, other]);
        (ledger.People[scene.Halaxy.Role], ledger.People[benRole], ledger.People[role]) = (scene.Halaxy.Practitioner, benThere, other);
        await ConnectAsync([new HalaxyMatch(scene.Maya, scene.Halaxy.Practitioner), new HalaxyMatch(_ben, benThere)]);
    }

    /// <summary>Connects as the pages do: a key is tried, who is who may be said anew, what will come is counted, and then it is connected. Halaxy may not answer, or somebody goes away in between.</summary>
    public async Task ConnectAsync(IReadOnlyList<HalaxyMatch>? matches = null, bool leaves = false)
    {
        try
        {
            var trial = await scene.Connections.TryAsync(scene.Group, scene.Halaxy.Key, Ruth, TestContext.Current.CancellationToken);
            // one that Halaxy refused something is tried again later
            Assert.Equal((true, false), (trial.IsKept || leaves, trial.IsOfAnotherAccount));
            if (!trial.IsKept || (leaves && random.Next(4) == 0)) return;
            if (matches is not null) await scene.Connections.MatchAsync(scene.Group, matches, Ruth);
            if (leaves && random.Next(3) == 0) await scene.Connections.CountAsync((await scene.ConnectionAsync())!, Ruth, TestContext.Current.CancellationToken);
            await scene.Connections.ConnectAsync(scene.Group, Ruth);
            said.Add($"connected: {string.Join(", ", (await scene.ConnectionAsync())!.Matches)}");
        }
        catch (HalaxyException failed) when (leaves)
        {
            said.Add($"not connected: {failed.Fault}");
        }
    }

    /// <summary>Some of it, or nothing.</summary>
    public async Task ActAsync()
    {
        var isConnected = (await scene.ConnectionAsync())!.IsConnected;
        if (random.Next(3) > (isConnected ? 0 : 1)) return;
        switch (random.Next(8))
        {
            case 0:
                await RematchAsync();
                break;
            case 1:
                await GiveThereAsync();
                break;
            case 2:
                await BookOtherAsync();
                break;
            case 3:
                await TryAsync("undo", UndoAsync);
                break;
            case 4:
                await TryAsync("hand over", HandOverAsync);
                break;
            case 5:
                await TryAsync("delete", DeleteAsync);
                break;
            case 6 or 7:
                await TryAsync("change what is Halaxy's", ChangeAsync);
                break;
        }
    }

    /// <summary>Somebody is matched otherwise: with another person, with nobody, or each with whom the other was. Nobody is matched with one whom another is matched with.</summary>
    public async Task RematchAsync()
    {
        var people = _people.ToList();
        List<HalaxyMatch> matches = [];
        foreach (var practitioner in new[] { scene.Maya, _ben })
        {
            if (random.Next(5) == 0) continue;
            var person = people[random.Next(people.Count)];
            people.Remove(person);
            matches.Add(new HalaxyMatch(practitioner, person));
        }

        if (matches.Count == 0 || await scene.Connections.MatchAsync(scene.Group, matches, Ruth) is null) return;
        Did("match", string.Join(", ", matches));
    }

    private async Task GiveThereAsync()
    {
        if (await SomeThereAsync() is not { } id) return;
        string[] roles = [.. ledger.People.Keys];
        var role = roles[random.Next(roles.Length)];
        await scene.Halaxy.DoAsync("reassign", new JsonObject { ["appointment"] = id, ["roles"] = role });
        ledger.Roles[id] = [role];
        Did("Halaxy: give", $"{id} to {ledger.People[role]}");
    }

    private async Task BookOtherAsync()
    {
        var role = ledger.People.Keys.Last();
        var start = $"2026-01-{10 + random.Next(8)}T{10 + random.Next(8)}:00";
        var id = random.Next(3) == 0
            ? await scene.Halaxy.IdAsync("meet", new JsonObject { ["roles"] = role, ["title"] = "Other", ["start"] = start, ["minutes"] = "30" })
            : await scene.Halaxy.IdAsync("book", new JsonObject { ["roles"] = role, ["patients"] = scene.Halaxy.Patient, ["service"] = scene.Halaxy.Service, ["start"] = start, ["minutes"] = "50" });
        ledger.Roles[id] = [role];
        Did("Halaxy: book with the other", id);
    }

    private async Task<string?> SomeThereAsync()
    {
        var all = await scene.ThereAsync();
        return all.Count == 0 ? null : (string)all[random.Next(all.Count)]["id"]!;
    }

    private async Task UndoAsync()
    {
        var (changes, _) = await scene.Diary.ListOutsideAsync(0, long.MaxValue, 20, TestContext.Current.CancellationToken);
        if (changes.Count == 0) return;
        var change = changes[random.Next(changes.Count)];
        var uid = await scene.Diary.TurnBackAsync(change.Number);
        ledger.Restored(scene.Maya, uid);
        Did("undo", $"{change.Entry.Action} of {uid}");
    }

    private async Task HandOverAsync()
    {
        var (from, to) = random.Next(3) == 0 ? (_ben, scene.Maya) : (scene.Maya, _ben);
        if (await SomeHereAsync(from) is not { } one) return;
        var uid = await scene.DiaryOf(from).HandOverAsync(new AppointmentTarget(one.Id), to, new AppointmentEdit());
        ledger.Given(one, from, to, uid);
        Did("hand over", $"{one.HalaxyId ?? one.Title} from {from} as {uid}");
    }

    private async Task DeleteAsync()
    {
        var practitioner = SomePractitioner();
        if (await SomeHereAsync(practitioner) is not { } one) return;
        await scene.DiaryOf(practitioner).CancelAsync(new AppointmentTarget(one.Id), CancelChoice.Delete);
        ledger.TakenOut(one, practitioner);
        Did("delete", one.HalaxyId ?? one.Title ?? one.Id);
    }

    private async Task ChangeAsync()
    {
        var practitioner = SomePractitioner();
        if (await SomeHereAsync(practitioner) is not { Kind: AppointmentKind.Patient, TakesPlace: true } one) return;
        var (diary, target, word, kind) = (scene.DiaryOf(practitioner), new AppointmentTarget(one.Id), $"office {++_named}", random.Next(6));
        // a second one would take the place of the first
        if (kind == 5 && one.Note is not null) return;
        await (kind switch
        {
            0 => diary.EditAsync(target, new AppointmentEdit { Status = AppointmentStatus.Attended }),
            1 => diary.CancelAsync(target, CancelChoice.NonAttendance),
            2 => diary.EditAsync(target, new AppointmentEdit { Location = word }),
            3 => diary.EditAsync(target, new AppointmentEdit { Patients = [new Patient("tim", "Tim", "Doe")] }),
            4 => diary.LinkInvoiceAsync(target, word),
            _ => diary.LinkNoteAsync(target, word),
        });
        if (kind == 5) ledger.Notes.Add((practitioner, word));
        // what was turned into a patient appointment here is the practice's own
        else if (one.HalaxyId is { } id && !ledger.Own.ContainsKey(one.Id)) ledger.Changed(practitioner, id, kind switch { 0 or 1 => MirroredFields.Status, 2 => MirroredFields.Location, 3 => MirroredFields.Patients, _ => MirroredFields.Invoice }, scene.Now);
        Did("change what is Halaxy's", $"{kind} of {one.HalaxyId ?? one.Id} {word}");
    }

    private string SomePractitioner() => random.Next(3) == 0 ? _ben : scene.Maya;

    private async Task<Appointment?> SomeHereAsync(string practitioner)
    {
        var all = (await scene.HereAsync(scene.DiaryOf(practitioner))).OrderBy(one => one.HalaxyId, StringComparer.Ordinal).ThenBy(one => one.Title, StringComparer.Ordinal).ToList();
        return all.Count == 0 ? null : all[random.Next(all.Count)];
    }

    private async Task TryAsync(string what, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (DiaryException refused)
        {
            said.Add($"office: {what} refused: {refused.Message}");
        }
    }

    private void Did(string what, string about)
    {
        Done[what] = Done.GetValueOrDefault(what) + 1;
        said.Add($"office: {what} {about}");
    }
}
