using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>
/// Calendar apps move "this and all that follow" of a series by ending it and adding another under a new UID. What was ended is cancelled or
/// kept, what is added is personal (R4): only the practice says that it is with the same patient. So that nobody has to guess, the two name
/// each other, and turning the new one into a patient appointment needs no more than a yes.
/// </summary>
internal static class Continuation
{
    private static readonly Duration Near = Duration.FromDays(14);
    private static readonly Duration Recent = Duration.FromHours(1);

    /// <summary>
    /// The ended rest of a patient series that a new series continues: ended within the hour, about where the new one starts, with the title
    /// that the sender was shown. Null when there is none, or more than one.
    /// </summary>
    public static async ValueTask<StoredObject?> FindEndedAsync(
        IStoreSnapshot snapshot, Collection hx, CalendarObject incoming, ExternalOrigin origin, Instant at)
    {
        if (Series.Of(incoming) is not { Rule: not null } added || added.Master.Find("SUMMARY") is not { } title) return null;
        var start = added.InstantOf(added.Start.Local);
        StoredObject? found = null;
        await foreach (var stored in snapshot.ListCandidatesAsync(hx.Id, "VEVENT", start - Near, start + Near))
        {
            if (stored.Row.Published || stored.Row.Modified < at - Recent || !IsEnded(stored, title.Text, origin.Level)) continue;
            if (found is not null) return null;
            found = stored;
        }

        return found;
    }

    /// <summary>The ended series, naming the one that continues it.</summary>
    public static StoreOperation Name(StoredObject ended, string continuedBy)
    {
        var row = ended.Row;
        var details = AppointmentDetails.Read(row.Details) with { FollowedBy = continuedBy };
        return new PutObject(
            row.CollectionId,
            row.Name,
            ended.Octets,
            row.Index,
            Expectation.AtChange(row.Change),
            Published: false,
            details.Write(),
            row.Properties,
            row.ScheduleTag);
    }

    private static bool IsEnded(StoredObject stored, string title, PrivacyLevel level)
    {
        if (!AppointmentDetails.IsPatient(stored.Row.Details)) return false;
        var details = AppointmentDetails.Read(stored.Row.Details);
        var ended = details.Kept is not null || details.Status == AppointmentStatus.Cancelled;
        return ended && details.Follows is not null && SummaryLine.Of(details, level) == title;
    }
}
