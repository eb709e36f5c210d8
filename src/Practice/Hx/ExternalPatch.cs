using Calendaring.ICalendar;
using NodaTime;

namespace Practice.Hx;

/// <summary>
/// Lays what an outside calendar has changed since it last had an object over what the diary shows it now. Compared is with what that side had, not with what the diary has: its copy may be old, and
/// what others changed meanwhile is no edit of its own. Taken is field by field what differs: times and repeat, title, description, place, status, whether it takes time; of a series each occurrence by
/// itself. Every other line stays as it is, byte for byte: that side may not know that there is such a thing.
/// </summary>
internal sealed class ExternalPatch
{
    /// <summary>The properties that are compared, each with what its absence means (RFC 5545 §3.8).</summary>
    private static readonly (string Name, string Absent)[] Fields =
        [("SUMMARY", ""), ("DESCRIPTION", ""), ("LOCATION", ""), ("STATUS", "CONFIRMED"), ("TRANSP", "OPAQUE")];

    private readonly Series _before;
    private readonly Series _sent;
    private readonly Series _was;
    private readonly Series _now;
    private readonly Instant _at;
    private readonly HashSet<Component> _changed = [];

    /// <summary>From the occurrences that the side had to those of what it sent, of what there was when it came, and of what that becomes.</summary>
    private Func<LocalDateTime, LocalDateTime> _toSent = static key => key;
    private Func<LocalDateTime, LocalDateTime> _toWas = static key => key;
    private Func<LocalDateTime, LocalDateTime> _toNow = static key => key;

    private ExternalPatch(Series before, Series sent, Series now, Instant at) => (_before, _sent, _was, _now, _at) = (before, sent, now.Clone(), now, at);

    /// <summary>What the object becomes: a copy of <paramref name="now"/> with the changes. Null when one of them has no event that is not an override.</summary>
    /// <param name="before">What the side had last.</param>
    /// <param name="sent">What it has now.</param>
    /// <param name="now">What the diary shows it now.</param>
    /// <param name="at">When, for the stamps of what changes.</param>
    public static CalendarObject? Apply(CalendarObject before, CalendarObject sent, CalendarObject now, Instant at)
    {
        if (Series.Of(before.Clone()) is not { } had || Series.Of(sent.Clone()) is not { } has || Series.Of(now.Clone()) is not { } result) return null;
        new ExternalPatch(had, has, result, at).Run();
        return result.Object;
    }

    private void Run()
    {
        _toNow = _toWas = Places(_before, _was);
        PatchFields(_now.Master, _before.Master, _sent.Master, _was.Master);
        if (TimesDiffer()) MoveWhole();
        PatchExclusions();
        PatchDates();
        foreach (var key in _before.Overrides.Keys.Union(KeysAsBefore(_sent, _toSent)).Union(KeysAsBefore(_now, _toNow)).ToList()) PatchOccurrence(key);
        foreach (var component in _changed) EventStamp.Put(component, _at);
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
        _changed.Add(_now.Master);
        _toSent = Places(_before, _sent);
        var (had, moved) = (_before.Exclusions.Concat(_before.Overrides.Keys).ToList(), _before.Exclusions.Concat(_before.Overrides.Keys).Select(_toSent).ToHashSet());
        var has = _sent.Exclusions.Concat(_sent.Overrides.Keys).ToList();
        // some move exclusions and RECURRENCE-IDs along with the series and some do not
        if (has.Count(had.Contains) > has.Count(moved.Contains)) _sent.MoveKeys(_toSent);
        _now.Move(Places(_now, _sent), Series.TimeLines(_sent.Master), _sent.Object.Calendar);
        TakeRule();
        _toNow = _toSent;
    }

    private void TakeRule()
    {
        if (_sent.Rule is { } rule && (_now.Rule is null || !RuleMeaning.Of(rule, _now).IsSame)) _now.Master.Set(ContentLine.Create("RRULE", rule));
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
        var had = _before.Exclusions.Select(_toSent).ToHashSet();
        foreach (var key in _sent.Exclusions.Where(key => !had.Contains(key)).ToList()) Exclude(NowOfSent(key));
        foreach (var key in had.Where(key => !_sent.Exclusions.Contains(key)).ToList())
        {
            _now.Include(NowOfSent(key));
            _changed.Add(_now.Master);
        }
    }

    private void PatchDates()
    {
        var (had, has) = (_before.Dates.Select(_toSent).ToHashSet(), _sent.Dates);
        foreach (var key in has.Where(key => !had.Contains(key) && !_now.Dates.Contains(NowOfSent(key))))
        {
            _now.AddDate(NowOfSent(key));
            _changed.Add(_now.Master);
        }

        foreach (var key in had.Where(key => !has.Contains(key) && _now.Dates.Contains(NowOfSent(key)))) Exclude(NowOfSent(key));
    }

    private void Exclude(LocalDateTime key)
    {
        _now.RemoveOverride(key);
        _now.Exclude(key);
        _changed.Add(_now.Master);
    }

    /// <summary>One occurrence that the side had, or has, by itself: what it changed of it, whether or not anybody else has it by itself.</summary>
    private void PatchOccurrence(LocalDateTime key)
    {
        var (sentKey, nowKey) = (_toSent(key), _toNow(key));
        if (_sent.Exclusions.Contains(sentKey) || _now.Exclusions.Contains(nowKey)) return;
        var had = _before.Overrides.GetValueOrDefault(key) ?? _before.MakeOverride(key);
        var has = _sent.Overrides.GetValueOrDefault(sentKey) ?? _sent.MakeOverride(sentKey);
        var target = _now.Overrides.GetValueOrDefault(nowKey);
        var made = target is null;
        target ??= _now.MakeOverride(nowKey);
        var was = _was.Overrides.GetValueOrDefault(_toWas(key)) ?? _was.MakeOverride(_toWas(key));
        var isOwn = PatchFields(target, had, has, was) | PatchTimes(target, nowKey, Follows(_before, key, had), Follows(_sent, sentKey, has), had, has);
        if (made && isOwn) _now.AddOverride(target);
        else if (!made && isOwn && !_sent.Overrides.ContainsKey(sentKey) && SaysNoMore(target, nowKey)) _now.RemoveOverride(nowKey);
        if (!_now.Object.Calendar.Components.Contains(target)) _changed.Remove(target);
    }

    /// <summary>Takes the fields that differ between what the side had and has, and leaves the others as they were. Whether anything is changed by that.</summary>
    private bool PatchFields(Component target, Component had, Component has, Component was)
    {
        var any = false;
        foreach (var (name, absent) in Fields)
        {
            var source = ValueOf(had, name, absent) == ValueOf(has, name, absent) ? was : has;
            if (ValueOf(target, name, absent) == ValueOf(source, name, absent)) continue;
            if (source.Find(name) is { } line) target.Set(line);
            else target.RemoveAll(name);
            any = true;
        }

        if (any) _changed.Add(target);
        return any;
    }

    /// <summary>Takes the times of an occurrence that the side moved. One that is where its series puts it, before and after, is moved with that.</summary>
    private bool PatchTimes(Component target, LocalDateTime nowKey, bool followed, bool follows, Component had, Component has)
    {
        var stayed = _before.SpanOf(had) == _sent.SpanOf(has) && _before.TimesOf(had).Start.IsDate == _sent.TimesOf(has).Start.IsDate;
        if (stayed ? !followed || follows : followed && follows) return false;
        var (series, source) = follows ? (_now, _now.MakeOverride(nowKey)) : (_sent, has);
        if (_now.SpanOf(target) == series.SpanOf(source) && _now.TimesOf(target).Start.IsDate == series.TimesOf(source).Start.IsDate) return false;
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

    /// <summary>The single occurrences of a series, as they were called before.</summary>
    private IEnumerable<LocalDateTime> KeysAsBefore(Series series, Func<LocalDateTime, LocalDateTime> there)
    {
        var known = _before.Overrides.Keys.GroupBy(there).ToDictionary(same => same.Key, same => same.First());
        var back = Places(series, _before);
        return series.Overrides.Keys.Select(key => known.TryGetValue(key, out var before) ? before : back(key));
    }

    private LocalDateTime NowOfSent(LocalDateTime sentKey) => _toNow == _toSent ? sentKey : _toNow(sentKey);

    /// <summary>Whether an occurrence is when its series says.</summary>
    private static bool Follows(Series series, LocalDateTime key, Component component) =>
        series.SpanOf(component) == series.PlaceOf(key) && series.TimesOf(component).Start.IsDate == series.Start.IsDate;

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

    private static string ValueOf(Component component, string name, string absent) =>
        component.Find(name) is { } line ? line.Text : absent;
}
