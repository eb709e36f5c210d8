using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.Store;
using Calendaring.TimeZones;
using NodaTime;
using Practice.Hx;

namespace ProviderBridge.Sync;

/// <summary>An appointment of the HX_ calendar as a link is shown it.</summary>
/// <param name="Name">Its path segment.</param>
/// <param name="Content">What the link shows.</param>
/// <param name="IsPatient">Whether it is with a patient.</param>
/// <param name="Modified">When it last changed.</param>
/// <param name="Change">The change of the calendar with which it became as it is.</param>
internal sealed record HxSide(string Name, CalendarObject Content, bool IsPatient, Instant Modified, long Change)
{
    /// <summary>What the link's privacy level shows of it when it is not hidden.</summary>
    public CalendarObject Whole { get; init; } = Content;

    /// <summary>Whether it is private, so that nothing but its times is shown.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Whether it is private, and the link shows nothing of it.</summary>
    public bool IsWithheld { get; init; }

    /// <summary>Whether there is nothing of it to show outside: it is withheld, or a series of which no occurrence is left.</summary>
    public bool IsEmpty => IsWithheld || HasNoOccurrence(Content);

    /// <summary>Reads an appointment; null when it is not in the calendar.</summary>
    public static async ValueTask<HxSide?> ReadAsync(IStoreSnapshot snapshot, Link link, string uid)
    {
        if (await FindCalendarAsync(snapshot, link) is not { } hx || await snapshot.FindRowByUidAsync(hx.Id, uid) is not { Published: true } row) return null;
        return await snapshot.FindObjectAsync(hx.Id, row.Name) is { } stored ? Of(stored, link) : null;
    }

    /// <summary>Reads an appointment that was taken out of the calendar and is still in the diary; null when there is none.</summary>
    public static async ValueTask<HxSide?> ReadRemovedAsync(IStoreSnapshot snapshot, Link link, string uid)
    {
        if (await FindCalendarAsync(snapshot, link) is not { } hx || await snapshot.FindRowByUidAsync(hx.Id, uid) is not { Published: false } row) return null;
        return await snapshot.FindObjectAsync(hx.Id, row.Name) is { } stored ? Of(stored, link) : null;
    }

    public static HxSide Of(StoredObject stored, Link link)
    {
        var shown = HxCalendar.ShowLink(stored, link.Id, link.Level);
        return new HxSide(stored.Row.Name, shown.Content, HxCalendar.IsPatient(stored.Row), stored.Row.Modified, stored.Row.Change) { Whole = shown.Whole, IsHidden = shown.IsHidden, IsWithheld = shown.IsHidden && link.PrivateAs == PrivateAs.Nothing };
    }

    /// <summary>Whether all occurrences of a series were taken out of it.</summary>
    public static bool HasNoOccurrence(CalendarObject content)
    {
        var set = RecurrenceSet.Of(content, new ZoneResolver(content.Calendar, DateTimeZone.Utc));
        if (!set.Recurring) return false;
        var budget = new ExpansionBudget(ExpansionBudget.DefaultSteps);
        return !set.Between(Instant.MinValue, Instant.MaxValue, budget).Any() && !budget.Exhausted;
    }

    public static async ValueTask<Collection?> FindCalendarAsync(IStoreSnapshot snapshot, Link link) =>
        await snapshot.FindCollectionAsync(link.PractitionerId, HxCalendar.CollectionName) is { IsHx: true } hx && !HxCalendar.IsHidden(hx) ? hx : null;
}
