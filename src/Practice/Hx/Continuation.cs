using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;

namespace Practice.Hx;

/// <summary>
/// Calendar apps move "this and all that follow" of a series by ending it and adding another under a new UID. What was ended is cancelled or
/// kept, what is added is personal (R4): only the practice says that it is with the same patient. So that nobody has to guess, the two name
/// each other, whichever came first, and turning the new one into a patient appointment needs no more than a yes.
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

    /// <summary>
    /// What an edit ended, and the series that the same device added within the hour before, about where the rest begins, with the title that
    /// it was shown: the two name each other. As it was decided when there is none, or more than one.
    /// </summary>
    public static async ValueTask<HxAccepted> LinkAddedAsync(IStoreSnapshot snapshot, ExternalChange change, HxAccepted decided)
    {
        var ended = decided.Ended!;
        var details = AppointmentDetails.Read(ended.Details);
        var title = SummaryLine.Of(details, change.Origin.Level);
        var start = ended.Index.Start!.Value;
        StoredObject? found = null;
        await foreach (var stored in snapshot.ListCandidatesAsync(change.Collection.Id, "VEVENT", start - Near, start + Near))
        {
            if (stored.Row.Created < change.At - Recent || !IsAdded(stored, title, start, change.Origin)) continue;
            if (found is not null) return decided;
            found = stored;
        }

        if (found is null) return decided;
        var named = ended with { Details = (details with { FollowedBy = found.Row.Index.Uid }).Write() };
        return decided with
        {
            Operations =
            [
                .. decided.Operations.Select(operation => operation == ended ? named : operation),
                With(found, AppointmentDetails.Read(found.Row.Details) with { Follows = ended.Index.Uid }),
                change.Note(AuditAction.Split, ended.Index.Uid),
            ],
        };
    }

    /// <summary>The ended series, naming the one that continues it.</summary>
    public static StoreOperation Name(StoredObject ended, string continuedBy) =>
        With(ended, AppointmentDetails.Read(ended.Row.Details) with { FollowedBy = continuedBy });

    private static PutObject With(StoredObject stored, AppointmentDetails details)
    {
        var row = stored.Row;
        return new PutObject(
            row.CollectionId,
            row.Name,
            stored.Bytes,
            row.Index,
            Expectation.AtChange(row.Change),
            row.Published,
            details.Write(),
            (int)details.Level,
            row.ScheduleTag);
    }

    private static bool IsAdded(StoredObject stored, string title, Instant about, ExternalOrigin origin)
    {
        if (!stored.Row.Published || AppointmentDetails.IsPatient(stored.Row.Details)) return false;
        var details = AppointmentDetails.Read(stored.Row.Details);
        if (details.Follows is not null || !details.IsFrom(origin.Id, origin.Label)) return false;
        return Series.Of(CalendarObject.Parse(stored.Bytes)) is { Rule: not null } added
            && added.Master.Find("SUMMARY")?.Text == title
            && Near >= Duration.Max(added.InstantOf(added.Start) - about, about - added.InstantOf(added.Start));
    }

    private static bool IsEnded(StoredObject stored, string title, PrivacyLevel level)
    {
        if (!AppointmentDetails.IsPatient(stored.Row.Details)) return false;
        var details = AppointmentDetails.Read(stored.Row.Details);
        var ended = details.Kept is not null || details.Status == AppointmentStatus.Cancelled;
        return ended && details.Follows is not null && SummaryLine.Of(details, level) == title;
    }
}
