using System.Globalization;
using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Practice.Appointments;
using Practice.Diaries;
using ProviderBridge.Halaxy;

namespace Sandbox.Tests.Halaxy;

/// <summary>What was done on each side of a history, and whether all of it is in what there is in the end.</summary>
internal sealed class HalaxyLedger
{
    private readonly Dictionary<(string Id, MirroredFields Field), (int Step, string Value, string By)> _here = [];
    private readonly Dictionary<(string Id, MirroredFields Field), (int Step, string Value, string By)> _there = [];
    private readonly HashSet<(string Id, MirroredFields Field, string Value)> _wasHere = [];
    private readonly HashSet<(string Id, MirroredFields Field, string Value)> _wasThere = [];
    private readonly HashSet<(string Id, MirroredFields Field)> _explained = [];

    public int Step { get; set; }

    /// <summary>The personal appointments that people made here, and nobody deleted: title by UID.</summary>
    public Dictionary<string, string> Own { get; } = [];

    /// <summary>What was Halaxy's and may be the practice's own: somebody put its record back, or edited it outside when it was gone here.</summary>
    public HashSet<string> MayBeOwn { get; } = [];

    /// <summary>Which appointments of Halaxy each personal appointment became.</summary>
    public Dictionary<string, HashSet<string>> Booked { get; } = [];

    /// <summary>Those that were booked twice at once, or while another that they had become took place.</summary>
    public HashSet<string> Doubled { get; } = [];

    public static string TimesOf(Appointment one) => $"{InstantPattern.General.Format(one.Start.ToInstant())} {InstantPattern.General.Format(one.End.ToInstant())}";

    public static string TimesOf(JsonObject one) => $"{TimeOf(one["start"])} {TimeOf(one["end"])}";

    public static string TextOf(string? text) => (text ?? "").ReplaceLineEndings("\n").Trim();

    /// <summary>Somebody changed the diary, or Halaxy.</summary>
    public void Edited(bool here, string id, MirroredFields field, string value, string by) => (here ? _here : _there)[(id, field)] = (Step, value, by);

    /// <summary>Somebody changed in Halaxy what is in no diary: what was edited there before was replaced by that.</summary>
    public void Replaced(string id, MirroredFields field) => _there.Remove((id, field));

    /// <summary>Somebody took an appointment out of their diary: what they had edited in it before went by their own hand.</summary>
    public void Removed(string id, string by)
    {
        foreach (var field in Fields.Where(field => _here.TryGetValue((id, field), out var edit) && edit.By == by)) _here.Remove((id, field));
    }

    /// <summary>What somebody cancelled in Halaxy, or in the diary's own pages.</summary>
    public HashSet<string> Cancelled { get; } = [];

    /// <summary>What is there now.</summary>
    public void Note(IEnumerable<JsonObject> there, IEnumerable<Appointment> here, IEnumerable<HalaxyOverruled> overruled, IEnumerable<HalaxyTask> tasks)
    {
        foreach (var one in there) foreach (var (field, value) in PartsOf(one)) _wasThere.Add(((string)one["id"]!, field, value));
        foreach (var one in here.Where(one => one.HalaxyId is not null)) foreach (var (field, value) in PartsOf(one)) _wasHere.Add((one.HalaxyId!, field, value));
        foreach (var one in overruled) foreach (var field in Fields.Where(field => one.Fields.HasFlag(field))) _explained.Add((one.Id, field));
        foreach (var one in tasks) foreach (var field in Fields.Where(field => one.Fields.HasFlag(field))) _explained.Add((one.Id, field));
    }

    private static readonly MirroredFields[] Fields = [MirroredFields.Times, MirroredFields.Comments, MirroredFields.Status];

    public static (MirroredFields Field, string Value)[] PartsOf(JsonObject one) =>
        [(MirroredFields.Times, TimesOf(one)), (MirroredFields.Comments, TextOf((string?)one["comments"])), (MirroredFields.Status, ((bool)one["takesPlace"]!).ToString(CultureInfo.InvariantCulture))];

    public static (MirroredFields Field, string Value)[] PartsOf(Appointment one) =>
        [(MirroredFields.Times, TimesOf(one)), (MirroredFields.Comments, TextOf(one.Comments)), (MirroredFields.Status, (one.Status is not (AppointmentStatus.Cancelled or AppointmentStatus.Rejected)).ToString(CultureInfo.InvariantCulture))];

    /// <summary>What was lost: an edit that is nowhere, was never on the other side, and of which nobody is told.</summary>
    public IEnumerable<string> Lost(IEnumerable<JsonObject> there)
    {
        foreach (var one in there)
        {
            var id = (string)one["id"]!;
            foreach (var (field, value) in PartsOf(one))
            {
                if (_here.TryGetValue((id, field), out var ours) && ours.Value != value && !_wasThere.Contains((id, field, ours.Value)) && !_explained.Contains((id, field)))
                    yield return $"{id} {field}: {ours.Value} of step {ours.Step} here is lost, it is {value}";
                if (_there.TryGetValue((id, field), out var theirs) && theirs.Value != value && !_wasHere.Contains((id, field, theirs.Value)))
                    yield return $"{id} {field}: {theirs.Value} of step {theirs.Step} there is lost, it is {value}";
            }
        }
    }

    /// <summary>Where the two sides do not agree, and nobody is told.</summary>
    public IEnumerable<string> Disagreements(IReadOnlyList<JsonObject> there, IReadOnlyDictionary<string, IReadOnlyList<Appointment>> here, Func<string, string?> whose, IReadOnlyList<HalaxyTask> tasks)
    {
        foreach (var one in there)
        {
            var id = (string)one["id"]!;
            foreach (var practitioner in one["roles"]!.AsArray().Select(role => whose((string)role!)).OfType<string>().Distinct())
            {
                var task = tasks.FirstOrDefault(task => task.Id == id && task.PractitionerId == practitioner);
                var copies = here[practitioner].Where(copy => copy.HalaxyId == id).ToList();
                // a meeting that is cancelled there is deleted here
                if (copies.Count == 0 && (task?.Reason == HalaxyTaskReason.CannotDelete || (!(bool)one["takesPlace"]! && (string?)one["title"] is { Length: > 0 }))) continue;
                if (copies.Count != 1) yield return $"{id} is {copies.Count} times in the diary of {practitioner}";
                foreach (var copy in copies)
                    foreach (var (ours, theirs) in PartsOf(copy).Zip(PartsOf(one)))
                        if (ours != theirs && task?.Fields.HasFlag(ours.Field) != true && task?.Reason != HalaxyTaskReason.CannotDelete) yield return $"{id} {ours.Field}: here {ours.Value}, there {theirs.Value}";
            }
        }

        foreach (var (practitioner, all) in here)
        {
            foreach (var copy in all.Where(copy => copy.HalaxyId is not null))
                if (!there.Any(one => (string)one["id"]! == copy.HalaxyId && one["roles"]!.AsArray().Any(role => whose((string)role!) == practitioner))) yield return $"{copy.HalaxyId} is in the diary of {practitioner} still";
            foreach (var copy in all.Where(copy => copy.HalaxyId is null && !Own.ContainsKey(copy.Id) && !MayBeOwn.Contains(copy.Id)))
                if (copy.Kind != AppointmentKind.Patient || copy.TakesPlace) yield return $"{copy.Id} is in the diary of {practitioner}, and nobody knows why";
        }
    }

    /// <summary>What became of the personal appointments that were made here.</summary>
    public IEnumerable<string> OwnFaults(ISet<string> there, IReadOnlyList<Appointment> here)
    {
        foreach (var (uid, title) in Own)
        {
            var ids = Booked.GetValueOrDefault(uid) ?? [];
            if (Doubled.Contains(uid)) yield return $"{title} was booked {ids.Count} times";
            // deleted there since, or given to somebody else
            if (ids.Any(id => !there.Contains(id))) continue;
            var copies = here.Where(one => one.Id == uid).ToList();
            if (copies.Count != 1 && ids.Count == 0) yield return $"{title} is there {copies.Count} times";
            if (copies is [{ HalaxyId: var id }] && (id is null ? ids.Count > 0 : !ids.Contains(id))) yield return $"{title} is {id ?? "nothing"} in Halaxy, and was booked as {string.Join(' ', ids)}";
            if (ids.Count == 0 && copies is [{ Title: var shown }] && shown != title) yield return $"{title} is called {shown}";
        }
    }

    private static string TimeOf(JsonNode? text) => InstantPattern.General.Format(OffsetDateTimePattern.ExtendedIso.Parse((string)text!).Value.ToInstant());
}
