using Calendaring.ICalendar;
using NodaTime;

namespace Practice.Hx;

/// <summary>
/// Lays what an outside calendar has changed since it last had an object over what the diary shows it now. Compared is with what that side had, not with what the diary has: its copy may be old, and
/// what others changed in the meantime is no edit of its own. Taken is field by field what differs: times and repeat, title, description, place, status, whether it takes time, whether it is private; of a series each occurrence by
/// itself. Every other line stays as it is, byte for byte: that side may not know that there is such a thing.
/// </summary>
public sealed class ExternalPatch
{
    /// <summary>The properties that are compared, each with what its absence means (RFC 5545 §3.8).</summary>
    private static readonly (string Name, string Absent, FieldGroup Group)[] Fields =
    [
        ("SUMMARY", "", FieldGroup.Text), ("DESCRIPTION", "", FieldGroup.Text), ("LOCATION", "", FieldGroup.Place),
        ("STATUS", "CONFIRMED", FieldGroup.Status), ("TRANSP", "OPAQUE", FieldGroup.Transparency),
        ("CLASS", "PUBLIC", FieldGroup.Privacy),
    ];

    private readonly Series _before;
    private readonly Series _sent;
    private readonly Series _was;
    private readonly Series _now;
    private readonly Func<LocalDateTime?, FieldGroup, bool> _takes;
    private readonly bool _isOurs;
    private readonly HashSet<Component> _changed = [];
    private bool _isWholeMoved;

    /// <summary>From the occurrences that the side had to those of what it sent and back, to those of what there was when it came, and of what that becomes.</summary>
    private readonly Func<LocalDateTime, LocalDateTime> _toSent;
    private Func<LocalDateTime, LocalDateTime> _fromSent;
    private readonly Func<LocalDateTime, LocalDateTime> _toWas;
    private Func<LocalDateTime, LocalDateTime> _toNow;

    private ExternalPatch(Series before, Series sent, Series now, Func<LocalDateTime?, FieldGroup, bool> takes, bool isOurs)
    {
        (_before, _sent, _was, _now, _takes, _isOurs) = (before, sent, now.Clone(), now, takes, isOurs);
        (_toSent, _fromSent) = (Places(_before, _sent), Places(_sent, _before));
        _toNow = _toWas = Places(_before, _was);
    }

    /// <summary>What the object becomes: a copy of <paramref name="now"/> with the changes. Null when one of them has no event that is not an override.</summary>
    /// <param name="before">What the side had last.</param>
    /// <param name="sent">What it has now.</param>
    /// <param name="now">What the diary shows it now.</param>
    /// <param name="at">When, for the stamps of what changes.</param>
    /// <param name="takes">
    /// Whether a change is taken: of which occurrence, named by the local time at which the series had it before, or null for the whole; and of what. Null takes all.
    /// </param>
    /// <param name="isOurs">Whether what is sent was written by the diary: when a series moves there, what names its occurrences always moves along.</param>
    public static CalendarObject? Apply(CalendarObject before, CalendarObject sent, CalendarObject now, Instant at, Func<LocalDateTime?, FieldGroup, bool>? takes = null, bool isOurs = false)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(sent);
        ArgumentNullException.ThrowIfNull(now);
        if (Series.Of(before.Clone()) is not { } had || Series.Of(sent.Clone()) is not { } has || Series.Of(now.Clone()) is not { } result) return null;
        var patch = new ExternalPatch(had, has, result, takes ?? (static (_, _) => true), isOurs);
        patch.Run();
        foreach (var component in patch._changed) EventStamp.Put(component, at);
        return result.Object;
    }

    /// <summary>What differs between two versions: of which occurrences, or of the whole (null), and what of it.</summary>
    /// <param name="before">The one.</param>
    /// <param name="after">The other.</param>
    /// <param name="isOurs">Whether the other was written by the diary.</param>
    public static IReadOnlySet<(LocalDateTime? Occurrence, FieldGroup Group)> Differences(CalendarObject before, CalendarObject after, bool isOurs = false)
    {
        HashSet<(LocalDateTime?, FieldGroup)> found = [];
        Apply(before, after, before, Instant.FromUnixTimeSeconds(0), (occurrence, group) =>
        {
            found.Add((occurrence, group));
            return false;
        }, isOurs);
        return found;
    }

    /// <summary>What the occurrences of one version are called in another: by other times, where the whole was moved.</summary>
    /// <param name="before">The one.</param>
    /// <param name="after">The other.</param>
    public static Func<LocalDateTime, LocalDateTime> Renamed(CalendarObject before, CalendarObject after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return Series.Of(before.Clone()) is { } had && Series.Of(after.Clone()) is { } has ? Places(had, has) : static key => key;
    }

    private void Run()
    {
        MatchKeys();
        PatchFields(null, _now.Master, _before.Master, _sent.Master, _was.Master);
        if (TimesDiffer() && _takes(null, FieldGroup.Times)) MoveWhole();
        PatchExclusions();
        PatchDates();
        foreach (var key in _before.Overrides.Keys.Union(_sent.Overrides.Keys.Select(_fromSent)).Union(KeysOfNow()).ToList()) PatchOccurrence(key);
    }

    /// <summary>Some move exclusions and RECURRENCE-IDs along with the series and some do not: whichever fits better is what the side did.</summary>
    private void MatchKeys()
    {
        var had = _before.Exclusions.Concat(_before.Overrides.Keys).ToHashSet();
        var moved = had.GroupBy(_toSent).ToDictionary(same => same.Key, same => same.First());
        var has = _sent.Exclusions.Concat(_sent.Overrides.Keys).ToList();
        if (!_isOurs && has.Count(had.Contains) > has.Count(moved.ContainsKey)) _sent.MoveKeys(_toSent);
        var back = _fromSent;
        _fromSent = key => moved.TryGetValue(key, out var before) ? before : back(key);
    }

    private bool TimesDiffer()
    {
        if (_before.InstantOf(_before.Start) != _sent.InstantOf(_sent.Start) || _before.Start.IsDate != _sent.Start.IsDate) return true;
        if (LengthOf(_before, _before.Master) != LengthOf(_sent, _sent.Master)) return true;
        if (_before.Rule is null && _sent.Rule is null) return false;
        return _before.Zone.Id != _sent.Zone.Id || !RuleMeaning.Of(_sent.Rule, _before).IsSame;
    }

    /// <summary>Times and repeat of the whole are those that were sent; what others did to single occurrences moves along.</summary>
    private void MoveWhole()
    {
        _isWholeMoved = true;
        _changed.Add(_now.Master);
        var isMoved = _now.InstantOf(_now.Start) != _sent.InstantOf(_sent.Start);
        _now.Move(Places(_now, _sent), Series.TimeLines(_sent.Master), _sent.Object.Calendar);
        TakeRule(isMoved);
        _toNow = _toSent;
    }

    private void TakeRule(bool isMoved)
    {
        // the end of a rule is a moment: it does not move along by itself, and before the start it means nothing
        if (_sent.Rule is { } rule && (_now.Rule is null || (isMoved ? !RuleMeaning.AreEqual(rule, _now.Rule) : !RuleMeaning.Of(rule, _now).IsSame))) _now.Master.Set(ContentLine.Create("RRULE", rule));
        else if (_sent.Rule is null) _now.Master.RemoveAll("RRULE");
        else return;
        // what the new rule does not have is gone, unless it was sent with it
        var single = _now.Exclusions.Concat(_now.Overrides.Keys).Where(key => !_sent.Overrides.ContainsKey(key) && !_sent.Exclusions.Contains(key)).ToList();
        if (single.Count == 0) return;
        var there = _now.OccurrencesOfRule(_now.InstantOf(single.Min()), _now.InstantOf(single.Max()) + Duration.FromSeconds(1)).ToHashSet();
        foreach (var key in single.Where(key => !there.Contains(key)))
        {
            _now.RemoveOverride(key);
            _now.Include(key);
        }
    }

    private void PatchExclusions()
    {
        var has = _sent.Exclusions.Select(_fromSent).ToHashSet();
        foreach (var key in has.Where(key => !_before.Exclusions.Contains(key) && _takes(key, FieldGroup.Times)).ToList()) Exclude(_toNow(key));
        foreach (var key in _before.Exclusions.Where(key => !has.Contains(key) && _takes(key, FieldGroup.Times)).ToList())
        {
            _now.Include(_toNow(key));
            _changed.Add(_now.Master);
        }
    }

    private void PatchDates()
    {
        var (had, has, now) = (_before.Dates, _sent.Dates.Select(_fromSent).ToHashSet(), _now.Dates);
        foreach (var key in has.Where(key => !had.Contains(key) && !now.Contains(_toNow(key)) && _takes(key, FieldGroup.Times)))
        {
            _now.AddDate(_toNow(key));
            _changed.Add(_now.Master);
        }

        // what the rule itself has by now takes place without a date of its own
        foreach (var key in had.Where(key => !has.Contains(key) && now.Contains(_toNow(key)) && !_sent.IsOfRule(_toSent(key)) && _takes(key, FieldGroup.Times))) Exclude(_toNow(key));
    }

    private void Exclude(LocalDateTime key)
    {
        RemoveOverride(key);
        _now.Exclude(key);
    }

    private void RemoveOverride(LocalDateTime key)
    {
        _now.RemoveOverride(key);
        _changed.Add(_now.Master);
    }

    /// <summary>One occurrence that one of the sides has by itself: what was changed of it.</summary>
    private void PatchOccurrence(LocalDateTime key)
    {
        var (sentKey, nowKey) = (_toSent(key), _toNow(key));
        if (_sent.Exclusions.Contains(sentKey) || _now.Exclusions.Contains(nowKey)) return;
        var (hadOwn, hasOwn) = (_before.Overrides.GetValueOrDefault(key), _sent.Overrides.GetValueOrDefault(sentKey));
        // nothing but itself has put it there (RFC 5545 lets that be): without it there is no such occurrence
        if (hadOwn is not null && hasOwn is null && _now.Overrides.ContainsKey(nowKey) && !_sent.IsOfRule(sentKey) && !_now.IsOfRule(nowKey))
        {
            if (_takes(key, FieldGroup.Times)) RemoveOverride(nowKey);
            return;
        }

        var (had, has) = (hadOwn ?? _before.MakeOverride(key), hasOwn ?? _sent.MakeOverride(sentKey));
        var target = _now.Overrides.GetValueOrDefault(nowKey);
        var made = target is null;
        // the series was ended before it in the meantime, or no longer repeats so
        if (made && !_now.IsOfRule(nowKey) && (hasOwn is null || _sent.IsOfRule(sentKey))) return;
        target ??= _now.MakeOverride(nowKey);
        var was = _was.Overrides.GetValueOrDefault(_toWas(key)) ?? _was.MakeOverride(_toWas(key));
        // what the side does not have by itself is changed with the whole
        var isOwn = PatchFields(hadOwn is null && hasOwn is null ? null : key, target, had, has, was);
        // and with it there is one, though it says no more than its series
        isOwn |= made && hadOwn is null && hasOwn is not null && !_before.IsOfRule(key) && !_sent.IsOfRule(sentKey) && !_now.IsOfRule(nowKey) && _takes(key, FieldGroup.Times);
        isOwn |= PatchTimes(key, target, Follows(_before, key, had), Follows(_sent, sentKey, has), had, has);
        if (made && isOwn) _now.AddOverride(target);
        else if (!made && isOwn && hasOwn is null && SaysNoMore(target, nowKey)) _now.RemoveOverride(nowKey);
        if (!_now.Object.Calendar.Components.Contains(target)) _changed.Remove(target);
    }

    /// <summary>Takes the fields that differ between what the side had and has, and leaves the others as they were. Whether anything is changed by that.</summary>
    private bool PatchFields(LocalDateTime? key, Component target, Component had, Component has, Component was)
    {
        var any = false;
        foreach (var (name, absent, group) in Fields)
        {
            var source = ValueOf(had, name, absent) != ValueOf(has, name, absent) && _takes(key, group) ? has : was;
            if (ValueOf(target, name, absent) == ValueOf(source, name, absent)) continue;
            if (source.Find(name) is { } line) target.Set(line);
            else target.RemoveAll(name);
            any = true;
        }

        if (any) _changed.Add(target);
        return any;
    }

    /// <summary>Takes the times of an occurrence that the side moved. One that is where its series puts it, before and after, is moved with that.</summary>
    private bool PatchTimes(LocalDateTime key, Component target, bool followed, bool follows, Component had, Component has)
    {
        // a length of its own, before and after, is no reason: it begins with its series
        if (!followed && !follows && Begins(_before, key, had) && Begins(_sent, _toSent(key), has) && LengthOf(_before, had) == LengthOf(_sent, has)) return false;
        var stayed = _before.SpanOf(had) == _sent.SpanOf(has) && _before.TimesOf(had).Start.IsDate == _sent.TimesOf(has).Start.IsDate;
        // one that begins when its series says, but has another length, was moved along here and left where it is there
        if (stayed && !followed && !follows && _isWholeMoved && _was.Overrides.GetValueOrDefault(_toWas(key)) is { } own && _was.SpanOf(own) == _sent.SpanOf(has) && _now.SpanOf(target) != _sent.SpanOf(has)) return TakeTimes(target, _sent, has);
        if (stayed ? !followed || follows : followed && follows) return false;
        if (!_takes(key, FieldGroup.Times)) return false;
        var (series, source) = follows ? (_now, _now.MakeOverride(_toNow(key))) : (_sent, has);
        return (_now.SpanOf(target) != series.SpanOf(source) || _now.TimesOf(target).Start.IsDate != series.TimesOf(source).Start.IsDate) && TakeTimes(target, series, source);
    }

    private bool TakeTimes(Component target, Series series, Component source)
    {
        _now.SetLines(target, Series.TimeLines(source), series.Object.Calendar);
        _changed.Add(target);
        return true;
    }

    private bool SaysNoMore(Component target, LocalDateTime key)
    {
        var plain = _now.MakeOverride(key);
        return _now.SpanOf(target) == _now.SpanOf(plain) && Rest(target).SetEquals(Rest(plain));
    }

    private static HashSet<string> Rest(Component component)
    {
        HashSet<string> stamps = ["DTSTART", "DTEND", "DURATION", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "CREATED", "RECURRENCE-ID"];
        return [.. component.Properties.Where(line => !stamps.Contains(line.Name)).Select(line => line.ToString()), .. component.Components.Select(inner => $"{inner.Name} {inner.Length}")];
    }

    /// <summary>The occurrences that there are by themselves now, as they were called before.</summary>
    private IEnumerable<LocalDateTime> KeysOfNow()
    {
        var known = _before.Overrides.Keys.GroupBy(_toNow).ToDictionary(same => same.Key, same => same.First());
        var back = Places(_now, _before);
        return _now.Overrides.Keys.Select(key => known.TryGetValue(key, out var before) ? before : back(key));
    }

    /// <summary>Whether an occurrence is when its series says.</summary>
    private static bool Follows(Series series, LocalDateTime key, Component component) =>
        series.SpanOf(component) == series.PlaceOf(key) && series.TimesOf(component).Start.IsDate == series.Start.IsDate;

    private static bool Begins(Series series, LocalDateTime key, Component component) =>
        series.SpanOf(component).From == series.PlaceOf(key).From && series.TimesOf(component).Start.IsDate == series.Start.IsDate;

    private static Func<LocalDateTime, LocalDateTime> Places(Series from, Series to)
    {
        if (from.Start.Local == to.Start.Local) return static key => key;
        if (SeriesMove.To(from, to.Start, to.Zone, to.Rule) is { } move) return key => move[key];
        var by = Series.Between(from.Start, to.Start);
        return key => key + by;
    }

    private static Duration LengthOf(Series series, Component component)
    {
        var (from, until) = series.SpanOf(component);
        return until - from;
    }

    private static string ValueOf(Component component, string name, string absent) => name switch
    {
        // not everybody tells the kinds of privacy apart
        "CLASS" => EventFlags.IsPrivate(component) ? "PRIVATE" : absent,
        _ => component.Find(name) is { } line ? line.Text : absent,
    };
}
