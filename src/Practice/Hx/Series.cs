using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;
using Practice.Audit;

namespace Practice.Hx;

/// <summary>
/// The VEVENTs of an appointment's calendar object: a master and its overrides, each known by its key, the local time in the series' zone
/// where the rule puts the occurrence. An appointment that does not repeat is a series of one. Edits change the object.
/// </summary>
internal sealed partial class Series
{
    private readonly DateTimeZone _floating;
    private ZoneResolver _zones;
    private Dictionary<LocalDateTime, Component>? _overrides;
    private HashSet<LocalDateTime>? _exclusions;

    private Series(CalendarObject calendarObject, Component master, DateTimeZone floating)
    {
        Object = calendarObject;
        Master = master;
        _floating = floating;
        _zones = new ZoneResolver(calendarObject.Calendar, floating);
    }

    public CalendarObject Object { get; }

    public Component Master { get; }

    public CalendarTime Start => ReadTime(Master, "DTSTART") ?? default;

    /// <summary>The zone that keys are in.</summary>
    public DateTimeZone Zone => _zones.ZoneOf(Start);

    /// <summary>The zone of a value in this object.</summary>
    public DateTimeZone ZoneOf(CalendarTime time) => _zones.ZoneOf(time);

    public string? Rule => Master.Find("RRULE")?.RawValue;

    /// <summary>The rule, to be looked at and edited; null when there is none, or one that cannot be read.</summary>
    public RecurrenceRule? ReadRule() => RuleMeaning.Read(Rule);

    public void SetRule(RecurrenceRule rule) => Master.Set(ContentLine.Create("RRULE", rule.ToText()));

    public bool Recurring => Rule is not null || Master.Find("RDATE") is not null || Overrides.Count > 0;

    /// <summary>The overrides by key.</summary>
    public IReadOnlyDictionary<LocalDateTime, Component> Overrides => _overrides ??= ReadOverrides();

    /// <summary>The keys in EXDATE.</summary>
    public IReadOnlySet<LocalDateTime> Exclusions => _exclusions ??= ReadExclusions();

    /// <summary>The keys that RDATE adds.</summary>
    public HashSet<LocalDateTime> Dates
    {
        get
        {
            var keys = new HashSet<LocalDateTime>();
            foreach (var line in Master.FindAll("RDATE"))
            {
                if (line.TryReadPeriods(out var periods)) keys.UnionWith(periods.Select(period => KeyOf(period.Start)));
            }

            return keys;
        }
    }

    /// <summary>The series in an object, or null when it has no master with a start.</summary>
    public static Series? Of(CalendarObject calendarObject, DateTimeZone? floating = null)
    {
        foreach (var component in calendarObject.Events())
        {
            if (component.Find("RECURRENCE-ID") is null && ReadTime(component, "DTSTART") is not null)
                return new Series(calendarObject, component, floating ?? DateTimeZone.Utc);
        }

        return null;
    }

    /// <summary>The same over a copy, to edit.</summary>
    public Series Clone() => Of(Object.Clone(), _floating)!;

    public LocalDateTime KeyOf(CalendarTime time)
    {
        var start = Start;
        if (start.IsDate) return time.Local.Date.AtMidnight();
        return time.Kind switch
        {
            CalendarTimeKind.Date => time.Local.Date + start.Local.TimeOfDay,
            CalendarTimeKind.Floating => time.Local,
            CalendarTimeKind.Zoned when time.TimeZoneId == start.TimeZoneId => time.Local,
            CalendarTimeKind.Utc when start.Kind == CalendarTimeKind.Utc => time.Local,
            _ => _zones.ToInstant(time).InZone(Zone).LocalDateTime,
        };
    }

    /// <summary>A key in the form of the series' DTSTART.</summary>
    public CalendarTime TimeOf(LocalDateTime key) => Start with { Local = key };

    public Instant InstantOf(LocalDateTime key) => InstantOf(TimeOf(key));

    /// <summary>When a time is, as everybody reads it who reads this object.</summary>
    public Instant InstantOf(CalendarTime time) => _zones.ToInstant(time);

    /// <summary>When an event of this object starts and ends.</summary>
    public (CalendarTime Start, Instant From, Instant Until) TimesOf(Component component)
    {
        var start = ReadTime(component, "DTSTART") ?? Start;
        var from = _zones.ToInstant(start);
        if (ReadTime(component, "DTEND") is { } end) return (start, from, Instant.Max(from, _zones.ToInstant(end)));
        if (component.Find("DURATION") is { } line && line.TryReadDuration(out var duration))
            return (start, from, Instant.Max(from, duration.After(start.Local, _zones.ZoneOf(start))));
        return (start, from, start.IsDate ? _zones.ToInstant(CalendarTime.OfDate(start.Local.Date.PlusDays(1))) : from);
    }

    /// <summary>When an event begins and ends.</summary>
    public (Instant From, Instant Until) SpanOf(Component component)
    {
        var (_, from, until) = TimesOf(component);
        return (from, until);
    }

    /// <summary>The same, for the audit log.</summary>
    public AuditSpan AuditSpanOf(Component component)
    {
        var (start, from, until) = TimesOf(component);
        return AuditSpanOf(start, from, until);
    }

    /// <summary>When an occurrence is: by its own description, or by its series.</summary>
    public AuditSpan AuditSpanOf(LocalDateTime key)
    {
        if (Overrides.TryGetValue(key, out var component)) return AuditSpanOf(component);
        var (from, until) = PlaceOf(key);
        return AuditSpanOf(TimeOf(key), from, until);
    }

    private static AuditSpan AuditSpanOf(CalendarTime start, Instant from, Instant until)
    {
        if (start.Kind is not (CalendarTimeKind.Date or CalendarTimeKind.Floating)) return new AuditSpan(from, until);
        // a day may have 23 hours somewhere
        var length = start.IsDate ? Duration.FromDays(Math.Max(1, (int)Math.Round((until - from).TotalDays))) : until - from;
        from = start.Local.InUtc().ToInstant();
        return new AuditSpan(from, from + length) { AllDay = start.IsDate, Floats = true };
    }

    /// <summary>Whether an event lasts a year at most: no sum of its times leads out of the calendar.</summary>
    public bool IsShort(Component component) => TimesOf(component) is var (_, from, until) && until - from <= Duration.FromDays(366);

    /// <summary>Whether the rule, RDATE or DTSTART puts an occurrence there; exclusions are not looked at.</summary>
    public bool Occurs(LocalDateTime key) => Occurring([key]).Contains(key);

    /// <summary>Whether the rule, RDATE or DTSTART puts an occurrence there; exclusions and overrides are not looked at.</summary>
    public bool IsOfRule(LocalDateTime key) => key == Start.Local || OccurrencesOfRule(InstantOf(key), InstantOf(key) + Duration.FromSeconds(1)).Contains(key);

    /// <summary>
    /// Those of some keys where the rule, RDATE, DTSTART or an override puts an occurrence; exclusions are not looked at. One expansion for
    /// all of them.
    /// </summary>
    public HashSet<LocalDateTime> Occurring(IReadOnlyCollection<LocalDateTime> keys)
    {
        var found = keys.Where(key => key == Start.Local || Overrides.ContainsKey(key)).ToHashSet();
        var open = keys.Where(key => !found.Contains(key)).ToHashSet();
        if (open.Count == 0) return found;
        found.UnionWith(OccurrencesOfRule(InstantOf(open.Min()), InstantOf(open.Max()) + Duration.FromSeconds(1)).Where(open.Contains));
        return found;
    }

    /// <summary>
    /// The keys that the rule alone gives, without exclusions and overrides, for occurrences that start in [from, until).
    /// </summary>
    public IEnumerable<LocalDateTime> OccurrencesOfRule(Instant from, Instant until)
    {
        var bare = Clone();
        bare.RewriteExclusions(_ => []);
        foreach (var key in bare.Overrides.Keys.ToList()) bare.RemoveOverride(key);
        foreach (var occurrence in RecurrenceSet.Of(bare.Object, bare._zones).Between(from, until, new ExpansionBudget(ExpansionBudget.DefaultSteps)))
        {
            if (occurrence.Start >= from) yield return KeyOf(occurrence.StartTime);
        }
    }

    /// <summary>The occurrences that overlap a time, overrides among them.</summary>
    public IEnumerable<Occurrence> Between(Instant from, Instant until) =>
        RecurrenceSet.Of(Object, _zones).Between(from, until, new ExpansionBudget(ExpansionBudget.DefaultSteps));

    public void Exclude(LocalDateTime key)
    {
        if (Exclusions.Contains(key)) return;
        Master.Add(ContentLine.CreateTime("EXDATE", TimeOf(key)));
        _exclusions!.Add(key);
    }

    public void Include(LocalDateTime key)
    {
        if (Exclusions.Contains(key)) RewriteExclusions(others => others.Where(other => other != key));
    }

    /// <summary>Keeps an occurrence that the rule no longer has.</summary>
    public void AddDate(LocalDateTime key) => Master.Add(ContentLine.CreateTime("RDATE", TimeOf(key)));

    public void AddOverride(Component component)
    {
        Object.Calendar.Add(component);
        _overrides = null;
    }

    /// <summary>The override at a key; one that says what the master says where there was none.</summary>
    public Component OverrideAt(LocalDateTime key)
    {
        if (Overrides.TryGetValue(key, out var component)) return component;
        component = MakeOverride(key);
        AddOverride(component);
        return component;
    }

    public void RemoveOverride(LocalDateTime key)
    {
        if (!Overrides.TryGetValue(key, out var component)) return;
        Object.Calendar.Remove(component);
        _overrides!.Remove(key);
    }

    /// <summary>When the master puts the occurrence with a key.</summary>
    public (Instant From, Instant Until) PlaceOf(LocalDateTime key)
    {
        var (_, from, until) = TimesOf(Master);
        var start = InstantOf(key);
        return (start, start + (until - from));
    }

    /// <summary>An override that says what the master says, at a key. Not in the object yet.</summary>
    public Component MakeOverride(LocalDateTime key)
    {
        var made = Master.Clone();
        foreach (var name in (ReadOnlySpan<string>)["RRULE", "RDATE", "EXDATE", "EXRULE"]) made.RemoveAll(name);
        var (_, from, until) = TimesOf(Master);
        SetTimes(made, TimeOf(key), until - from);
        made.Add(ContentLine.CreateTime("RECURRENCE-ID", TimeOf(key)));
        return made;
    }

    /// <summary>Sets start and length of an event.</summary>
    public void SetTimes(Component component, CalendarTime start, Duration length)
    {
        var end = EndLine(start, length);
        component.Set(ContentLine.CreateTime("DTSTART", start));
        component.RemoveAll(end.Name == "DTEND" ? "DURATION" : "DTEND");
        component.Set(end);
    }

    /// <summary>
    /// The line that says when an event ends: DTEND in the form of the start; or DURATION, where the local time of the end comes twice and
    /// the later is meant: it would be read as the first (RFC 5545 §3.3.5).
    /// </summary>
    public ContentLine EndLine(CalendarTime start, Duration length)
    {
        if (start.IsDate) return ContentLine.CreateTime("DTEND", CalendarTime.OfDate(start.Local.Date.PlusDays(Math.Max(1, (int)Math.Round(length.TotalDays)))));
        var until = _zones.ToInstant(start) + length;
        var end = start with { Local = until.InZone(_zones.ZoneOf(start)).LocalDateTime };
        return _zones.ToInstant(end) == until ? ContentLine.CreateTime("DTEND", end) : ContentLine.Create("DURATION", CalendarDuration.Exactly(length).ToString());
    }

    /// <summary>How far a start has moved, in local time.</summary>
    public static Period Between(CalendarTime before, CalendarTime after) =>
        Period.Between(before.Local, after.Local, PeriodUnits.Days | PeriodUnits.Seconds);

    /// <summary>The lines that say when an event is.</summary>
    public static List<ContentLine> TimeLines(Component component) => [.. component.Properties.Where(line => TimeNames.Contains(line.Name))];

    public static CalendarTime? ReadTime(Component component, string name) =>
        component.Find(name) is { } line && line.TryReadTime(out var time) ? time : null;

    private static readonly string[] TimeNames = ["DTSTART", "DTEND", "DURATION"];

    private void RewriteExclusions(Func<IEnumerable<LocalDateTime>, IEnumerable<LocalDateTime>> edit)
    {
        var keys = edit(Exclusions).Order().ToList();
        Master.RemoveAll("EXDATE");
        foreach (var key in keys) Master.Add(ContentLine.CreateTime("EXDATE", TimeOf(key)));
        _exclusions = [.. keys];
    }

    /// <summary>Keys are by the start: when it moves they are read again.</summary>
    private void Forget() => (_overrides, _exclusions) = (null, null);

    private Dictionary<LocalDateTime, Component> ReadOverrides()
    {
        var overrides = new Dictionary<LocalDateTime, Component>();
        foreach (var component in Object.Events())
        {
            if (ReadTime(component, "RECURRENCE-ID") is { } id) overrides.TryAdd(KeyOf(id), component);
        }

        return overrides;
    }

    private HashSet<LocalDateTime> ReadExclusions()
    {
        var keys = new HashSet<LocalDateTime>();
        foreach (var line in Master.FindAll("EXDATE"))
        {
            if (!line.TryReadPeriods(out var periods)) continue;
            foreach (var period in periods) keys.Add(KeyOf(period.Start));
        }

        return keys;
    }
}
