using System.Text;
using Calendaring.ICalendar;
using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Sync;

/// <summary>
/// An outside calendar as small as one can be that keeps the contract: it knows few properties, tells of changes by a log, and fails as it is told to, before or after it has done what it was asked.
/// </summary>
internal sealed class OutsideModel(Random faults, IClock clock) : IOutsideCalendar
{
    private static readonly string[] Known = ["UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "SUMMARY", "DESCRIPTION", "LOCATION", "RRULE", "EXDATE", "RDATE", "RECURRENCE-ID", "STATUS", "TRANSP", "CLASS"];
    private readonly List<string> _log = [];
    private int _made;

    /// <summary>Tells which events are other appointments'.</summary>
    public EventOwners Owners { get; set; } = null!;

    public Dictionary<string, OutsideSeries> Events { get; } = [];

    /// <summary>How often in a hundred something fails.</summary>
    public int Trouble { get; set; }

    /// <summary>Whether it refuses every change.</summary>
    public bool Refuses { get; set; }

    /// <summary>Whether it refuses every deletion.</summary>
    public bool RefusesDeletion { get; set; }

    /// <summary>Whether it cannot be reached when the next change is to be written.</summary>
    public bool IsAway { get; set; }

    /// <summary>An event that somebody changes each time that it is to be deleted.</summary>
    public string? Contested { get; set; }

    /// <summary>An event that reads as nothing that anybody can understand.</summary>
    public string? Garbled { get; set; }

    /// <summary>What it fails at each time, though it answers: <c>read</c>, <c>create</c>, <c>update</c> or <c>delete</c> and the id; or one of these alone for all events.</summary>
    public HashSet<string> Stumbles { get; } = [];

    /// <summary>Whether it does not answer for the calendar itself, in the middle of a pass.</summary>
    public bool IsDown { get; set; }

    /// <summary>How often something was asked of it at which it fails.</summary>
    public int Stumbled { get; private set; }

    /// <summary>Whether it cannot be reached when the next event is to be made.</summary>
    public bool IsAwayForNew { get; set; }

    /// <summary>Whether the answer to the next change is lost.</summary>
    public bool LosesChange { get; set; }

    /// <summary>Whether of the next series that is changed it takes the series, and refuses its single occurrences.</summary>
    public bool StopsAfterSeries { get; set; }

    /// <summary>What it keeps of an event when that is changed, whatever it is given.</summary>
    public Action<Component>? Keeps { get; set; }

    /// <summary>Whether the answer to the next event that is made is lost.</summary>
    public bool LosesAnswer { get; set; }

    /// <summary>What happens just after each listing, while the pass runs.</summary>
    public Func<Task>? AfterListing { get; set; }

    /// <summary>What happens just after each write, while the pass runs.</summary>
    public Func<Task>? AfterWrite { get; set; }

    /// <summary>An event of which it does not tell that it changed.</summary>
    public string? Untold { get; set; }

    /// <summary>How often it listed all.</summary>
    public int WholeListings { get; private set; }

    /// <summary>What it makes of what it is given, without saying so before.</summary>
    public Action<Component>? Alters { get; set; }

    public int Writes { get; private set; }

    public int Deletes { get; private set; }

    public async Task<OutsideChanges> ListChangesAsync(string? cursor, CancellationToken cancellationToken)
    {
        Fail();
        var from = cursor is null || (Trouble > 0 && faults.Next(20) == 0) ? -1 : int.Parse(cursor, null);
        if (from < 0) WholeListings++;
        // what has changed twice is told twice
        var changes = from < 0 ? new OutsideChanges([.. Events.Keys], $"{_log.Count}", true) : new OutsideChanges([.. _log.Skip(from).Where(id => id != Untold)], $"{_log.Count}", false);
        if (AfterListing is { } meanwhile) await meanwhile();
        return changes;
    }

    public Task CheckAnswersAsync(CancellationToken cancellationToken) => IsDown ? throw new OutsideException(OutsideFault.Unavailable, "down") : Task.CompletedTask;

    public Task<OutsideSeries?> ReadAsync(string id, CancellationToken cancellationToken)
    {
        Fail();
        Stumble("read", id);
        return id == Garbled ? throw new FormatException("not a date") : Task.FromResult(Events.GetValueOrDefault(id));
    }

    public async Task<OutsideSeries> CreateAsync(string uid, int generation, CalendarObject content, CancellationToken cancellationToken)
    {
        Fail();
        if (IsAwayForNew)
        {
            IsAwayForNew = false;
            throw new OutsideException(OutsideFault.Unavailable, "away");
        }

        var id = $"ours-{uid}-{generation}";
        Stumble("create", id);
        while (Events.ContainsKey(id) && await Owners.IsAnothersAsync(id, uid, cancellationToken)) id = $"ours-{uid}-{++generation}";
        if (!Events.ContainsKey(id)) Make(id, content, uid);
        await WrittenAsync();
        if (!LosesAnswer) return Events[id];
        LosesAnswer = false;
        throw new OutsideException(OutsideFault.Unavailable, "the answer was lost");
    }

    public async Task<OutsideSeries> UpdateAsync(OutsideSeries current, string uid, CalendarObject content, CancellationToken cancellationToken)
    {
        Fail();
        if (IsAway)
        {
            IsAway = false;
            throw new OutsideException(OutsideFault.Unavailable, "away");
        }

        Stumble("update", current.Id);
        if (Events.GetValueOrDefault(current.Id)?.Version != current.Version) throw new OutsideException(OutsideFault.Changed, "another version");
        if (Refuses) throw new OutsideException(OutsideFault.Rejected, "not this one");
        if (StopsAfterSeries)
        {
            StopsAfterSeries = false;
            var series = content.Clone();
            foreach (var single in series.Calendar.Components.Where(component => component.Find("RECURRENCE-ID") is not null).ToList()) series.Calendar.Remove(single);
            Put(current.Id, series, uid);
            throw new OutsideException(OutsideFault.Rejected, "not this occurrence");
        }

        Put(current.Id, content, uid);
        if (Keeps is { } keeps) UserEdits(current.Id, keeps);
        if (Alters is { } alters) UserEdits(current.Id, alters);
        await WrittenAsync();
        if (!LosesChange) return Events[current.Id];
        LosesChange = false;
        throw new OutsideException(OutsideFault.Unavailable, "the answer was lost");
    }

    public Task DeleteAsync(OutsideSeries current, CancellationToken cancellationToken)
    {
        Fail();
        Stumble("delete", current.Id);
        if (RefusesDeletion) throw new OutsideException(OutsideFault.Rejected, "not to be deleted");
        if (current.Id == Contested || (Events.TryGetValue(current.Id, out var there) && there.Version != current.Version)) throw new OutsideException(OutsideFault.Changed, "another version");
        if (Events.Remove(current.Id)) _log.Add(current.Id);
        Deletes++;
        Fail();
        return Task.CompletedTask;
    }

    /// <summary>The user makes an event.</summary>
    public string UserMakes(string title, LocalDateTime start)
    {
        var id = $"theirs-{_made++}";
        string Time(LocalDateTime local) => local.ToString("uuuuMMdd'T'HHmmss", null);
        Put(id, CalendarObject.Parse(Encoding.UTF8.GetBytes(
            $"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Outside//EN\r\nBEGIN:VEVENT\r\nUID:{id}\r\nDTSTAMP:19700101T000000Z\r\nDTSTART;TZID=Australia/Melbourne:{Time(start)}\r\nDTEND;TZID=Australia/Melbourne:{Time(start.PlusMinutes(30))}\r\nSUMMARY:{title}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")), null);
        return id;
    }

    /// <summary>The user edits an event.</summary>
    public void UserEdits(string id, Action<Component> edit)
    {
        var content = Events[id].Content.Clone();
        edit(content.Calendar.Components.First(component => component.Name == "VEVENT"));
        Put(id, content, Events[id].Tag);
    }

    /// <summary>The user moves an event, or a whole series: every occurrence goes to the new time, single ones too, and what was taken out stays out.</summary>
    public void UserMoves(string id, LocalDateTime start)
    {
        var content = Events[id].Content.Clone();
        var master = content.Calendar.Components.First(component => component.Name == "VEVENT" && component.Find("RECURRENCE-ID") is null);
        var by = Period.Between(TimeOf(master), start, PeriodUnits.Days | PeriodUnits.Minutes);
        foreach (var component in content.Calendar.Components.Where(component => component.Find("RECURRENCE-ID") is not null).ToList()) content.Calendar.Remove(component);
        var excluded = master.FindAll("EXDATE").SelectMany(line => line.TryReadPeriods(out var periods) ? periods : []).Select(period => period.Start with { Local = period.Start.Local + by }).ToList();
        master.RemoveAll("EXDATE");
        foreach (var time in excluded) master.Add(ContentLine.CreateTime("EXDATE", time));
        master.RemoveAll("DURATION");
        master.Set(ContentLine.CreateTime("DTSTART", new CalendarTime(start, CalendarTimeKind.Zoned, "Australia/Melbourne")));
        master.Set(ContentLine.CreateTime("DTEND", new CalendarTime(start.PlusMinutes(40), CalendarTimeKind.Zoned, "Australia/Melbourne")));
        Put(id, content, Events[id].Tag);
    }

    /// <summary>The user ends a series earlier: what was single of what is gone is gone, too.</summary>
    public void UserEnds(string id, string rule)
    {
        var content = Events[id].Content.Clone();
        foreach (var component in content.Calendar.Components.Where(component => component.Find("RECURRENCE-ID") is not null).ToList()) content.Calendar.Remove(component);
        content.Calendar.Components.Single(component => component.Name == "VEVENT").Set(ContentLine.Create("RRULE", rule));
        Put(id, content, Events[id].Tag);
    }

    public void UserDeletes(string id)
    {
        if (Events.Remove(id)) _log.Add(id);
    }

    /// <summary>The user copies an event: what we noted with it is copied too.</summary>
    public string UserCopies(string id)
    {
        var copy = $"theirs-{_made++}";
        Put(copy, Events[id].Content, Events[id].Tag);
        return copy;
    }

    public CalendarObject Render(CalendarObject content)
    {
        var copy = content.Clone();
        foreach (var component in copy.Calendar.Components.Where(component => component.Name == "VEVENT"))
        {
            foreach (var line in component.Properties.Where(line => !Known.Contains(line.Name)).ToList()) component.Remove(line);
            foreach (var inner in component.Components.ToList()) component.Remove(inner);
            component.Set(ContentLine.Create("DTSTAMP", "19700101T000000Z"));
        }

        return copy;
    }

    private void Make(string id, CalendarObject content, string uid)
    {
        var made = content.Clone();
        Alters?.Invoke(made.Calendar.Components.First(component => component.Name == "VEVENT"));
        Put(id, made, uid);
        Events[id] = Events[id] with { IsUntouched = true };
    }

    private void Put(string id, CalendarObject content, string? tag)
    {
        var copy = Render(content);
        foreach (var component in copy.Calendar.Components.Where(component => component.Name == "VEVENT")) component.Set(ContentLine.CreateText("UID", id));
        _log.Add(id);
        Events[id] = new OutsideSeries(id, $"v{_log.Count}", copy, tag, clock.GetCurrentInstant(), "");
    }

    private async Task WrittenAsync()
    {
        Writes++;
        if (AfterWrite is { } meanwhile) await meanwhile();
        Fail();
    }

    private static LocalDateTime TimeOf(Component component)
    {
        Assert.True(component.Find("DTSTART")!.TryReadTime(out var time));
        return time.Local;
    }

    private void Stumble(string verb, string id)
    {
        if (!IsDown && !Stumbles.Contains(verb) && !Stumbles.Contains($"{verb} {id}")) return;
        Stumbled++;
        throw new OutsideException(OutsideFault.Unavailable, "answered 500") { MayBeOfOne = true };
    }

    private void Fail()
    {
        if (Trouble > 0 && faults.Next(100) < Trouble) throw new OutsideException(OutsideFault.Unavailable, "as told");
    }
}
