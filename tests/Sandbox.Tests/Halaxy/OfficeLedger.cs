using System.Text.Json.Nodes;
using NodaTime;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>What is to be in which diary after a history of <see cref="In_any_history_with_Halaxy"/>, by what was done there and here.</summary>
internal sealed class OfficeLedger
{
    private readonly Dictionary<(string Practitioner, string Id, MirroredFields Field), Instant> _changed = [];
    private readonly HashSet<(string Practitioner, string Id, MirroredFields Field)> _told = [];
    private readonly HashSet<(string Practitioner, string Id)> _out = [];
    private readonly HashSet<(string Practitioner, string Uid)> _restored = [];
    private readonly Dictionary<string, (string Owner, string Title)> _takenOut = [];

    /// <summary>Who works by a role, in Halaxy.</summary>
    public Dictionary<string, string> People { get; } = [];

    /// <summary>By which roles an appointment of Halaxy is.</summary>
    public Dictionary<string, string[]> Roles { get; } = [];

    /// <summary>What is the practice's own: in whose diary, and what it is called, by UID.</summary>
    public Dictionary<string, (string Owner, string Title)> Own { get; } = [];

    /// <summary>What somebody was given here that was Halaxy's, by its UID in their diary.</summary>
    public Dictionary<string, string> Received { get; } = [];

    /// <summary>Which notes were linked in whose diary.</summary>
    public List<(string Practitioner, string Note)> Notes { get; } = [];

    /// <summary>Somebody took an appointment out of their diary.</summary>
    public void TakenOut(Appointment one, string practitioner)
    {
        if (one.HalaxyId is { } id) _out.Add((practitioner, id));
        if (Own.Remove(one.Id, out var own)) _takenOut[one.Id] = own;
        Received.Remove(one.Id);
    }

    /// <summary>Somebody put one back.</summary>
    public void Restored(string practitioner, string uid)
    {
        _restored.Add((practitioner, uid));
        if (_takenOut.Remove(uid, out var own)) Own[uid] = own;
    }

    /// <summary>Somebody gave one to a colleague, in whose diary it has a UID of its own.</summary>
    public void Given(Appointment one, string from, string to, string uid)
    {
        var title = Own.TryGetValue(one.Id, out var own) ? own.Title : one.Title ?? "";
        var halaxys = one.HalaxyId ?? Received.GetValueOrDefault(one.Id);
        TakenOut(one, from);
        Own[uid] = (to, title);
        if (halaxys is not null) Received[uid] = halaxys;
    }

    /// <summary>Somebody changed here what is Halaxy's alone to say.</summary>
    public void Changed(string practitioner, string id, MirroredFields field, Instant at)
    {
        _changed[(practitioner, id, field)] = at;
        _told.Remove((practitioner, id, field));
    }

    /// <summary>What did not count, and is said.</summary>
    public void Note(IEnumerable<HalaxyOverruled> overruled)
    {
        foreach (var one in overruled)
            foreach (var key in _changed.Where(change => change.Key.Practitioner == one.PractitionerId && change.Key.Id == one.Id && one.Fields.HasFlag(change.Key.Field) && one.At >= change.Value).Select(change => change.Key)) _told.Add(key);
    }

    /// <summary>What is wrong in a diary.</summary>
    /// <param name="practitioner">Whose.</param>
    /// <param name="person">Who they are in Halaxy; null when they are not there.</param>
    /// <param name="here">What is in it.</param>
    /// <param name="there">What Halaxy has.</param>
    /// <param name="tasks">What is to be done by hand.</param>
    public IEnumerable<string> Faults(string practitioner, string? person, IReadOnlyList<Appointment> here, IReadOnlyDictionary<string, JsonObject> there, IReadOnlyList<HalaxyTask> tasks)
    {
        foreach (var same in here.Where(one => one.HalaxyId is not null).GroupBy(one => one.HalaxyId).Where(same => same.Count() > 1)) yield return $"{same.Key} is {same.Count()} times with {practitioner}";
        foreach (var (linked, note) in Notes.Where(one => one.Practitioner == practitioner))
            if (here.Count(one => one.Note == note) != 1) yield return $"{note} of {linked} is linked {here.Count(one => one.Note == note)} times";
        foreach (var (uid, own) in Own.Where(one => one.Value.Owner == practitioner))
            if (!here.Any(one => one.Id == uid) && !IsElsewhere(uid, person, there)) yield return $"{own.Title} is lost, {uid}";
        foreach (var one in here.Where(one => one is { HalaxyId: null, TakesPlace: true } && !Own.ContainsKey(one.Id) && !_restored.Contains((practitioner, one.Id)))) yield return $"{one.Title} is with {practitioner}, and nobody knows why: {one.Id}";
        if (person is null) yield break;
        foreach (var one in here.Where(one => one.HalaxyId is not null))
            if (!IsOf(one.HalaxyId!, person)) yield return $"{one.HalaxyId} is with {practitioner} still";
        foreach (var (id, _) in there.Where(one => IsOf(one.Key, person)))
        {
            if (here.Any(one => one.HalaxyId == id)) continue;
            if (!tasks.Any(task => task.Id == id && task.PractitionerId == practitioner && task.Reason == HalaxyTaskReason.CannotDelete)) yield return $"{id} is not with {practitioner}, and nobody is told";
            if (!_out.Contains((practitioner, id))) yield return $"{id} is not with {practitioner}, who did not take it out";
        }

        foreach (var (changed, at) in _changed.Where(one => one.Key.Practitioner == practitioner && IsOf(one.Key.Id, person) && !_told.Contains(one.Key)))
            if (there.ContainsKey(changed.Id) && !_out.Contains((practitioner, changed.Id))) yield return $"{changed.Field} of {changed.Id} with {practitioner} did not count, and nobody is told, at {at}";
    }

    /// <summary>Whether an appointment is somebody's in Halaxy.</summary>
    public bool IsOf(string id, string? person) => Roles.TryGetValue(id, out var roles) && roles.Any(role => People[role] == person);

    /// <summary>Whether what was Halaxy's once, and was given here, is Halaxy's again: it leaves the diary with that.</summary>
    private bool IsElsewhere(string uid, string? person, IReadOnlyDictionary<string, JsonObject> there) => Received.TryGetValue(uid, out var id) && (!there.ContainsKey(id) || !IsOf(id, person));
}
