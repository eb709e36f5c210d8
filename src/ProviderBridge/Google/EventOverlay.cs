using Calendaring.ICalendar;
using Google.Apis.Calendar.v3.Data;
using NodaTime;
using Practice.Hx;

namespace ProviderBridge.Google;

/// <summary>Lays what an event should say over what Google has of it. What means the same stays as it is: a description's markup, a private event's kind of privacy, the way in which a time is written.</summary>
internal static class EventOverlay
{
    /// <summary>The event with what should be different; null when nothing should.</summary>
    /// <param name="had">What Google has, without its recurrence.</param>
    /// <param name="wanted">What it should say.</param>
    /// <param name="zone">The calendar's zone.</param>
    public static Event? Lay(Event had, Event wanted, DateTimeZone zone)
    {
        if (Single(wanted, zone) is not { } says) return null;
        var groups = Single(had, zone) is { } said ? ExternalPatch.Differences(said, says).Select(one => one.Group).ToHashSet() : [.. Enum.GetValues<FieldGroup>()];
        var isOpen = IsPrivate(had) == IsPrivate(wanted);
        var isBack = had.Status == "cancelled";
        if (groups.Count == 0 && isOpen && !isBack) return null;
        var next = EventCopy.Of(had);
        if (groups.Contains(FieldGroup.Text)) TakeText(next, wanted);
        if (groups.Contains(FieldGroup.Place)) next.Location = wanted.Location;
        if (groups.Contains(FieldGroup.Status) || isBack) next.Status = wanted.Status;
        if (groups.Contains(FieldGroup.Transparency)) next.Transparency = wanted.Transparency;
        if (groups.Contains(FieldGroup.Times)) (next.Start, next.End) = (wanted.Start, wanted.End);
        if (!isOpen) next.Visibility = wanted.Visibility;
        return next;
    }

    private static void TakeText(Event next, Event wanted)
    {
        next.Summary = wanted.Summary;
        if (Mapping.PlainText.Of(next.Description ?? "") != wanted.Description) next.Description = wanted.Description;
    }

    private static bool IsPrivate(Event one) => one.Visibility is "private" or "confidential";

    private static CalendarObject? Single(Event one, DateTimeZone zone)
    {
        var bare = new Event { Summary = one.Summary, Description = one.Description, Location = one.Location, Start = one.Start, End = one.End, Status = one.Status, Transparency = one.Transparency };
        return SeriesReader.Read(new GoogleSeries(bare, []), "one", zone);
    }
}
