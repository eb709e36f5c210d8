using Calendaring.ICalendar;
using NodaTime;
using Practice.Hx;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

internal enum LedgerSide
{
    Here,
    There,
}

/// <summary>
/// What each edit of a history has to leave behind: one that was acknowledged is there in the end, on both sides, unless a later edit of the same took its place, it was lost in a conflict and is kept there, or the
/// appointment was removed. One that was removed, and that nobody else changed meanwhile, is gone.
/// </summary>
internal sealed class Ledger
{
    private readonly List<Edit> _edits = [];
    private readonly List<(Instant At, string Key, LedgerSide Side)> _removals = [];
    private readonly Dictionary<string, string> _uids = [];
    private readonly List<(Instant At, string Key, LedgerSide Side)> _made = [];
    private readonly List<(Instant At, string Key, LedgerSide Side)> _touched = [];
    private readonly HashSet<string> _copied = [];
    private readonly Dictionary<string, string> _originals = [];
    private readonly HashSet<string> _unwatched = [];
    private readonly List<Instant> _agreed = [];

    private sealed record Edit(Instant At, string Key, LedgerSide Side, FieldGroup Group, string Value);

    /// <summary>How many edits were looked at in the end.</summary>
    public int Checked { get; private set; }

    public void Made(Instant at, string key, LedgerSide side) => _made.Add((at, key, side));

    /// <param name="at">When.</param>
    /// <param name="key">The appointment.</param>
    /// <param name="side">Where.</param>
    /// <param name="group">What of it.</param>
    /// <param name="value">What it says then.</param>
    /// <param name="was">What it said there before; null for what was not there. To say it once more changes nothing: no side that compares can tell that it was done.</param>
    public void Edited(Instant at, string key, LedgerSide side, FieldGroup group, string value, string? was = null)
    {
        if (value != was) _edits.Add(new Edit(at, key, side, group, value));
    }

    /// <summary>
    /// A side says again what it said when both last agreed: to whoever compares each side with that, nothing was changed there, and what the other side says counts (docs/decisions/0016: each side is compared with what that side had, and
    /// never by clocks).
    /// </summary>
    public void TakenBack(string key, LedgerSide side, FieldGroup group, string value) => _edits.RemoveAll(one => one.Key == key && one.Side == side && one.Group == group && one.Value != value);

    /// <summary>Something of it was changed that is not followed here, such as one occurrence: what was changed is not removed by somebody who did not know.</summary>
    public void Touched(Instant at, string key, LedgerSide side) => _touched.Add((at, key, side));

    public void Removed(Instant at, string key, LedgerSide side) => _removals.Add((at, key, side));

    /// <summary>One of which there is a copy may come back with it: the copy takes its place when it is gone, and says what was edited of the copy meanwhile.</summary>
    public void Copied(string key, string? copy = null)
    {
        _copied.Add(key);
        if (copy is not null) _originals[copy] = key;
    }

    /// <summary>What happens to an appointment is more than is followed here.</summary>
    public void Leave(string key) => _unwatched.Add(key);

    /// <summary>A pass has brought all to agreement.</summary>
    public void Agreed(Instant at) => _agreed.Add(at);

    /// <summary>What is known outside by an id is the appointment with a UID.</summary>
    public void Know(string outsideId, string uid) => _uids.TryAdd(outsideId, uid);

    /// <summary>Whether it was made by hand, or is known to be an appointment.</summary>
    public bool Knows(string key) => _made.Any(one => one.Key == key) || _uids.ContainsKey(key);

    /// <summary>What an object says of one of its groups.</summary>
    public static string ValueOf(CalendarObject content, FieldGroup group)
    {
        var master = content.Calendar.Components.First(component => component.Name == "VEVENT" && component.Find("RECURRENCE-ID") is null);
        if (group != FieldGroup.Times) return master.Find(group == FieldGroup.Text ? "SUMMARY" : "LOCATION")?.Text ?? "";
        return master.Find("DTSTART")!.TryReadTime(out var time) ? InMelbourne(time).ToString("uuuu-MM-dd'T'HH:mm", null) : "";
    }

    /// <param name="shown">What there is in the end, by UID.</param>
    /// <param name="conflicts">What was lost and is kept.</param>
    /// <param name="history">What happened, for whoever looks into a failure.</param>
    /// <param name="patients">The appointments with patients: their words are the practice's.</param>
    public void Check(IReadOnlyDictionary<string, CalendarObject> shown, IReadOnlyList<Conflict> conflicts, string history, IReadOnlySet<string>? patients = null)
    {
        var unwatched = _unwatched.Select(UidOf).ToHashSet();
        foreach (var uid in _made.Select(one => one.Key).Concat(_edits.Select(one => one.Key)).Concat(_removals.Select(one => one.Key)).Select(UidOf).Distinct().Where(uid => !unwatched.Contains(uid)))
        {
            var found = shown.GetValueOrDefault(uid);
            var removals = _removals.Where(one => UidOf(one.Key) == uid).ToList();
            Assert.True(found is not null || removals.Count > 0, $"{uid} is gone, and nobody removed it\n{history}");
            if (removals.Count > 0 && !_copied.Select(UidOf).Contains(uid) && !IsContested(uid, removals)) Assert.True(found is null, $"{uid} was removed and is there\n{history}");
            if (found is null) continue;
            // what a side removed after it had edited it went with that
            foreach (var last in _edits.Where(one => UidOf(one.Key) == uid && (one.Side == LedgerSide.Here || one.Group == FieldGroup.Times || patients?.Contains(uid) != true) && !removals.Any(removal => removal.Side == one.Side && removal.At >= one.At)).GroupBy(one => one.Group).Select(same => same.MaxBy(one => one.At)!))
            {
                Checked++;
                var says = ValueOf(found, last.Group);
                // one that came back may have what was written before it was removed
                if (removals.Count > 0 && _edits.Any(one => UidOf(one.Key) == uid && one.Group == last.Group && one.At > last.At && one.Value == says)) continue;
                if (_edits.Any(one => UidOf(FirstOf(one.Key)) == uid && one.Key != FirstOf(one.Key) && one.Group == last.Group && one.At > last.At && one.Value == says)) continue;
                Assert.True(says == last.Value || conflicts.Any(one => one.Uid == uid && Keeps(one, last)), $"{uid} says {says}, and {last.Value} was written {last.Side} at {last.At}, and is kept in none of {conflicts.Count(one => one.Uid == uid)} conflicts\n{history}");
            }
        }
    }

    /// <summary>Whether somebody changed on the other side what was removed on one, or made it there, before they agreed; or changed it on any after.</summary>
    private bool IsContested(string uid, List<(Instant At, string Key, LedgerSide Side)> removals) => removals.Any(removal =>
    {
        var agreed = _agreed.Where(at => at < removal.At).DefaultIfEmpty(Instant.MinValue).Max();
        return _made.Any(one => UidOf(one.Key) == uid && one.Side != removal.Side && one.At > agreed)
            || _edits.Select(one => (one.At, one.Key, one.Side)).Concat(_touched).Any(one => UidOf(one.Key) == uid && (one.Side != removal.Side ? one.At > agreed : one.At >= removal.At));
    });

    private static bool Keeps(Conflict conflict, Edit edit)
    {
        var loser = conflict.PracticeGroups.Contains(edit.Group) ? LedgerSide.There : LedgerSide.Here;
        return conflict.At >= edit.At && loser == edit.Side && ValueOf(loser == LedgerSide.There ? conflict.ReadOutside() : conflict.ReadPractice(), edit.Group) == edit.Value;
    }

    private static LocalDateTime InMelbourne(CalendarTime time) =>
        time.Kind == CalendarTimeKind.Utc ? time.Local.InUtc().WithZone(DateTimeZoneProviders.Tzdb["Australia/Melbourne"]).LocalDateTime : time.Local;

    /// <summary>What a copy, or a copy of that, was first made of.</summary>
    private string FirstOf(string key) => _originals.TryGetValue(key, out var of) ? FirstOf(of) : key;

    private string UidOf(string key)
    {
        if (_uids.TryGetValue(key, out var uid)) return uid;
        // an event that the link made names its appointment
        return key.StartsWith("ours-", StringComparison.Ordinal) ? key[5..key.LastIndexOf('-')] : key;
    }
}
