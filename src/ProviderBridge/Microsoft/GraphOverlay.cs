using Calendaring.ICalendar;
using Microsoft.Graph.Models;
using NodaTime;
using Practice.Hx;

namespace ProviderBridge.Microsoft;

/// <summary>Finds what of an event has to be written so that it says what it should. What means the same stays as it is: the markup of its words, the way in which it is shown as busy, a meeting's link in its words.</summary>
internal static class GraphOverlay
{
    /// <summary>What to write; null for nothing.</summary>
    /// <param name="had">What Graph has, without its recurrence.</param>
    /// <param name="wanted">What it should say.</param>
    /// <param name="zone">The practice's zone.</param>
    public static Event? Lay(Event had, Event wanted, DateTimeZone zone)
    {
        // what has no length is created a minute long, as it would not be seen there; what somebody made without length stays so
        var isEmpty = LengthOf(had) == Duration.Zero && LengthOf(wanted) == GraphWriter.Shortest;
        if (Single(wanted, zone, isEmpty ? wanted.Start : wanted.End) is not { } says) return null;
        var groups = Single(had, zone, had.End) is { } said ? ExternalPatch.Differences(said, says).Select(one => one.Group).ToHashSet() : [.. Enum.GetValues<FieldGroup>()];
        var isOpen = GraphReader.IsPrivate(had) == GraphReader.IsPrivate(wanted);
        // its organiser has cancelled it: tentative is only what we make of what is cancelled here
        if (had.IsCancelled == true && wanted.ShowAs == FreeBusyStatus.Tentative) groups.Remove(FieldGroup.Status);
        if (groups.Count == 0 && isOpen) return null;
        var patch = new Event();
        if (groups.Contains(FieldGroup.Text)) TakeText(patch, had, wanted);
        if (groups.Contains(FieldGroup.Place)) patch.Location = wanted.Location;
        if (groups.Contains(FieldGroup.Status) || groups.Contains(FieldGroup.Transparency)) patch.ShowAs = wanted.ShowAs;
        if (groups.Contains(FieldGroup.Times)) (patch.Start, patch.End, patch.IsAllDay) = (wanted.Start, wanted.End, wanted.IsAllDay);
        if (!isOpen) patch.Sensitivity = wanted.Sensitivity;
        return patch;
    }

    /// <summary>What an event should say that somebody may have changed before it became another: what they changed of it, and else what it should say now.</summary>
    /// <param name="was">What it said before.</param>
    /// <param name="has">What Graph has of it.</param>
    /// <param name="becomes">What it should say now.</param>
    /// <param name="zone">The practice's zone.</param>
    public static Event Carry(Event was, Event has, Event becomes, DateTimeZone zone)
    {
        var changed = Lay(was, has, zone) ?? new Event();
        var isTimed = changed.Start is not null;
        return new Event
        {
            Subject = changed.Subject ?? becomes.Subject,
            Body = GraphReader.WordsOf(was) == GraphReader.WordsOf(has) ? becomes.Body : has.Body,
            IsOnlineMeeting = has.IsOnlineMeeting,
            Location = changed.Location ?? becomes.Location,
            Start = isTimed ? has.Start : becomes.Start,
            End = isTimed ? has.End : becomes.End,
            IsAllDay = isTimed ? has.IsAllDay : becomes.IsAllDay,
            OriginalStartTimeZone = isTimed ? has.OriginalStartTimeZone : becomes.OriginalStartTimeZone,
            ShowAs = changed.ShowAs ?? becomes.ShowAs,
            Sensitivity = changed.Sensitivity ?? becomes.Sensitivity,
        };
    }

    /// <summary>Whether an occurrence that Graph keeps by itself is as its series says all the same.</summary>
    public static bool IsPlain(Event occurrence, GraphSeries series, DateTimeZone zone) =>
        GraphTimes.OriginalOf(occurrence, series.Master.IsAllDay == true, GraphReader.ZoneOf(series.Master, zone)) is { } original && Lay(occurrence, PlainOf(original, series.Master, zone), zone) is null;

    /// <summary>An occurrence as its series says.</summary>
    public static Event PlainOf(CalendarTime original, Event master, DateTimeZone practice)
    {
        var (isAllDay, zone) = (master.IsAllDay == true, GraphReader.ZoneOf(master, practice));
        var plain = new Event
        {
            Subject = master.Subject ?? "",
            Body = new ItemBody { ContentType = BodyType.Text, Content = GraphReader.WordsOf(master) ?? "" },
            Location = new Location { DisplayName = master.Location?.DisplayName ?? "" },
            ShowAs = master.ShowAs,
            Sensitivity = master.Sensitivity,
            IsAllDay = isAllDay,
            OriginalStartTimeZone = master.OriginalStartTimeZone,
        };
        var (from, until) = (GraphTimes.Read(master.Start, isAllDay, DateTimeZone.Utc)!.Value.Local, GraphTimes.Read(master.End, isAllDay, DateTimeZone.Utc)!.Value.Local);
        var length = until.InUtc().ToInstant() - from.InUtc().ToInstant();
        if (isAllDay) (plain.Start, plain.End) = (GraphTimes.Write(original.Local.Date), GraphTimes.Write(original.Local.Date.PlusDays((int)length.TotalDays)));
        else
        {
            var start = original.Kind == CalendarTimeKind.Utc ? original.Local.InUtc().ToInstant() : original.Local.InZoneLeniently(zone).ToInstant();
            (plain.Start, plain.End) = (GraphTimes.Write(start, zone), GraphTimes.Write(start + length, zone));
        }

        return plain;
    }

    private static void TakeText(Event patch, Event had, Event wanted)
    {
        if ((had.Subject ?? "") != wanted.Subject) patch.Subject = wanted.Subject;
        // the words of an online meeting have the way into it
        if ((GraphReader.WordsOf(had) ?? "") != (wanted.Body?.Content ?? "") && had.IsOnlineMeeting != true) patch.Body = wanted.Body;
    }

    private static Duration? LengthOf(Event one) =>
        GraphTimes.Read(one.Start, false, DateTimeZone.Utc) is { } start && GraphTimes.Read(one.End, false, DateTimeZone.Utc) is { } end ? end.Local.InUtc().ToInstant() - start.Local.InUtc().ToInstant() : null;

    private static CalendarObject? Single(Event one, DateTimeZone zone, DateTimeTimeZone? end)
    {
        var bare = new Event
        {
            Subject = one.Subject,
            Body = one.Body,
            IsOnlineMeeting = one.IsOnlineMeeting,
            Location = one.Location,
            Start = one.Start,
            End = end,
            IsAllDay = one.IsAllDay,
            ShowAs = one.ShowAs,
            OriginalStartTimeZone = one.OriginalStartTimeZone,
        };
        return GraphReader.Read(GraphSeries.Single(bare), "one", zone);
    }
}
