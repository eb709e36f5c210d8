using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>
/// What the practice deleted and a device puts again that did not know: it stays deleted. What was sent is kept out of sight, so that the device's next sync says that it is gone, and the
/// practitioner can still use it.
/// </summary>
internal static class StaysDeleted
{
    /// <summary>Whether it is such a thing.</summary>
    public static bool Is(AppointmentDetails details) => details is { Kind: AppointmentKind.Personal, IsCancelled: true };

    /// <summary>The whole.</summary>
    public static HxAccepted Whole(ExternalPut put, string uid, StoredObject? kept, List<StoreOperation> operations)
    {
        var details = new AppointmentDetails { Origin = put.Origin.Label, OriginId = put.Origin.Id, WrittenAt = put.Origin.Level, Status = AppointmentStatus.Cancelled, CancelledAt = put.At };
        var expected = kept is null ? Expectation.Absent : Expectation.AtChange(kept.Row.Change);
        if (kept is not null && kept.Row.Name != put.Name)
        {
            operations.Add(new DeleteObject(put.Collection.Id, kept.Row.Name, expected));
            expected = Expectation.Absent;
        }

        operations.Add(new PutObject(put.Collection.Id, put.Name, put.Bytes, DiaryIndex.Of(put.IncomingIndex, details), expected, Published: false, details.Write()));
        return new HxAccepted(operations, StoredAsSent: false) { Rejected = [put.Rejected(uid, new RejectedField(RejectionKind.Again, ""))] };
    }

    /// <summary>Occurrences of a personal series, or all from one on: what was sent without them, and what was not taken.</summary>
    public static (CalendarObject Content, IReadOnlyList<RejectedField> Rejected) InSeries(ExternalPut put, CalendarObject known, CalendarObject content)
    {
        if (put.Deleted == DeletedHere.Nothing || Series.Of(known) is not { Recurring: true } truth || Series.Of(content.Clone()) is not { } sent)
            return (content, []);
        List<RejectedField> rejected = [];
        foreach (var key in sent.Occurring([.. truth.Exclusions.Where(put.Deleted.Occurrences.Contains)]).Where(key => !sent.Exclusions.Contains(key)).Order())
        {
            sent.RemoveOverride(key);
            sent.Exclude(key);
            rejected.Add(new RejectedField(RejectionKind.Again, "", key));
        }

        if (put.Deleted.From is { } from && sent.ReadRule() is { } rule && !GoesOn(truth, from) && GoesOn(sent, from))
        {
            sent.SetRule(rule.EndingBefore(sent.TimeOf(from), sent.InstantOf(from)));
            SeriesSplit.Keep(sent, key => key < from);
            rejected.Add(new RejectedField(RejectionKind.Repeat, rule.ToText()));
        }

        return rejected.Count == 0 ? (content, []) : (sent.Object, rejected);
    }

    /// <summary>The steps that forget what was kept so long ago that nobody is asked any more.</summary>
    public static async ValueTask<IReadOnlyList<StoreOperation>> ForgetOldAsync(IStoreSnapshot snapshot, string practitionerId, Instant now)
    {
        List<StoreOperation> steps = [];
        if (await snapshot.FindCollectionAsync(practitionerId, HxCalendar.CollectionName) is not { IsHx: true } hx) return steps;
        await foreach (var row in snapshot.ListRowsAsync(hx.Id))
        {
            if (row.Published || AppointmentDetails.TryRead(row.Details) is not { } details || !Is(details) || details.CancelledAt > now - RejectedEdit.Lasts) continue;
            steps.Add(new DeleteObject(hx.Id, row.Name, Expectation.AtChange(row.Change)));
        }

        return steps;
    }

    private static bool GoesOn(Series series, LocalDateTime from) => series.Between(series.InstantOf(from), Instant.MaxValue).Any();
}
