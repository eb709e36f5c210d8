using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice;

namespace ProviderBridge.Sync;

/// <summary>An appointment of the HX_ calendar as a link is shown it.</summary>
/// <param name="Name">Its path segment.</param>
/// <param name="Content">What the link's privacy level shows.</param>
/// <param name="IsPatient">Whether it is with a patient.</param>
/// <param name="Modified">When it last changed.</param>
internal sealed record HxSide(string Name, CalendarObject Content, bool IsPatient, Instant Modified)
{
    /// <summary>Reads an appointment; null when it is not in the calendar.</summary>
    public static async ValueTask<HxSide?> ReadAsync(IStoreSnapshot snapshot, Link link, string uid)
    {
        if (await FindCalendarAsync(snapshot, link) is not { } hx || await snapshot.FindRowByUidAsync(hx.Id, uid) is not { Published: true } row) return null;
        return await snapshot.FindObjectAsync(hx.Id, row.Name) is { } stored ? Of(stored, link) : null;
    }

    public static HxSide Of(StoredObject stored, Link link) =>
        new(stored.Row.Name, CalendarObject.Parse(HxCalendar.Represent(stored, link.Level)), HxCalendar.IsPatient(stored.Row), stored.Row.Modified);

    public static async ValueTask<Collection?> FindCalendarAsync(IStoreSnapshot snapshot, Link link) =>
        await snapshot.FindCollectionAsync(link.PractitionerId, HxCalendar.CollectionName) is { Kind: CollectionKind.Hx } hx && !HxCalendar.IsHidden(hx) ? hx : null;
}
