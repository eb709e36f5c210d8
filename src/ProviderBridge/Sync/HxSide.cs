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
/// <param name="Content">What the link's privacy level shows.</param>
/// <param name="IsPatient">Whether it is with a patient.</param>
/// <param name="Modified">When it last changed.</param>
/// <param name="Change">The change of the calendar with which it became as it is.</param>
internal sealed record HxSide(string Name, CalendarObject Content, bool IsPatient, Instant Modified, long Change)
{
    /// <summary>Whether it is a series of which no occurrence is left: there is nothing of it to show outside.</summary>
    public bool IsEmpty => HasNoOccurrence(Content);

    /// <summary>Reads an appointment; null when it is not in the calendar.</summary>
    public static async ValueTask<HxSide?> ReadAsync(IStoreSnapshot snapshot, Link link, string uid)
    {
        if (await FindCalendarAsync(snapshot, link) is not { } hx || await snapshot.FindRowByUidAsync(hx.Id, uid) is not { Published: true } row) return null;
        return await snapshot.FindObjectAsync(hx.Id, row.Name) is { } stored ? Of(stored, link) : null;
    }

    /// <summary>Reads an appointment that was taken out of the calendar and is still in the diary; null when there is none.</summary>
    public static async ValueTask<HxSide?> ReadHiddenAsync(IStoreSnapshot snapshot, Link link, string uid)
    {
        if (await FindCalendarAsync(snapshot, link) is not { } hx || await snapshot.FindRowByUidAsync(hx.Id, uid) is not { Published: false } row) return null;
        return await snapshot.FindObjectAsync(hx.Id, row.Name) is { } stored ? Of(stored, link) : null;
    }

    public static HxSide Of(StoredObject stored, Link link) =>
        new(stored.Row.Name, CalendarObject.Parse(HxCalendar.Represent(stored, link.Level)), HxCalendar.IsPatient(stored.Row), stored.Row.Modified, stored.Row.Change);

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
