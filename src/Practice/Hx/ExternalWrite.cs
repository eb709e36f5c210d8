using Calendaring.ICalendar;
using Calendaring.Store;
using Practice.Appointments;
using Practice.Audit;

namespace Practice.Hx;

/// <summary>
/// What an object added or edited outside does. New: a personal appointment, whatever it says of itself (R4). Personal: everything is
/// taken. Patient: <see cref="PatientEdit"/>. An object that was removed outside and is still in the diary comes back as what it was.
/// </summary>
internal static class ExternalWrite
{
    public static HxDecision Decide(ExternalPut put)
    {
        var uid = put.IncomingIndex.Uid;
        List<StoreOperation> before = [];
        var existing = put.SameUid;
        if (put.Current is { } current)
        {
            if (current.Row.Index.Uid == uid) existing = current;
            else if (current.Row.Published) return new HxRefused("The UID of an appointment cannot be changed.");
            else before.AddRange(MakeWay(current));
        }

        if (existing is null) return put.Deleted.Whole ? StaysDeleted.Whole(put, uid, null, before) : Add(put, uid, before);
        var details = AppointmentDetails.Read(existing.Row.Details);
        if (details.Kind == AppointmentKind.Patient) return PatientEdit.Decide(put, existing, details, before);
        if (StaysDeleted.Is(details)) return StaysDeleted.Whole(put, uid, existing, before);
        var known = CalendarObject.Parse(existing.Bytes);
        var sent = InOwnZone(put.Incoming, known) ?? put.Incoming;
        (var content, details) = PersonalEdit.Apply(known, sent, details, put.Origin.Level);
        (content, var rejected) = StaysDeleted.InSeries(put, known, content);
        details = NotePrivacy(put, known, content, details);
        var bytes = content == put.Incoming ? put.Bytes : content.ToText();
        var index = content == put.Incoming ? put.IncomingIndex : ObjectIndexer.Index(content);
        before.AddRange(Store(put, existing, bytes, index, details));
        var indexBefore = existing.Row.Index;
        var stays = index.Start == indexBefore.Start && index.End == indexBefore.End;
        before.Add(stays ? put.Note(AuditAction.Edited, uid) : put.Note(AuditAction.Moved, uid, with: entry => WithTimes(entry, known, content)));
        before.AddRange(NoteMoves(put, uid, known, content));
        var readBack = put.Origin.Level < details.Level ? Projection.Of(content, details, put.Origin.Level).ToText() : bytes;
        return new HxAccepted(before, StoredAsSent: readBack.Span.SequenceEqual(put.Bytes.Span))
        {
            Rejected = rejected.Count == 0 ? [] : [put.Rejected(uid, rejected)],
        };
    }

    /// <summary>Notes who made it private, while it is.</summary>
    private static AppointmentDetails NotePrivacy(ExternalPut put, CalendarObject before, CalendarObject after, AppointmentDetails details)
    {
        var isPrivate = after.Events().Any(EventFlags.IsPrivate);
        return details with { MadePrivateBy = !isPrivate ? null : before.Events().Any(EventFlags.IsPrivate) ? details.MadePrivateBy : put.Origin.Id };
    }

    private static AuditEntry WithTimes(AuditEntry entry, CalendarObject before, CalendarObject after) =>
        Series.Of(before) is { } then && Series.Of(after) is { } now ? entry.WithTimes(then.AuditSpanOf(then.Master), now.AuditSpanOf(now.Master)) : entry;

    /// <summary>A line for each occurrence that was moved by itself.</summary>
    private static IEnumerable<StoreOperation> NoteMoves(ExternalPut put, string uid, CalendarObject before, CalendarObject after)
    {
        if (Series.Of(before) is not { Recurring: true } then || Series.Of(after) is not { } now || then.AuditSpanOf(then.Master) != now.AuditSpanOf(now.Master)) return [];
        return now.Overrides.Keys.Union(then.Overrides.Keys).Where(key => !now.Exclusions.Contains(key) && !then.Exclusions.Contains(key)).Order()
            .Select(key => (Key: key, Before: then.AuditSpanOf(key), After: now.AuditSpanOf(key)))
            .Where(move => move.Before != move.After)
            .Take(PatientEdit.MaxMoveLines)
            .Select(move => put.Note(AuditAction.Moved, uid, move.Key, entry => entry.WithTimes(move.Before, move.After)));
    }

    /// <summary>
    /// A series that a client wrote in the zone it happens to be in, and did not move, in its own zone; null when it is as sent.
    /// </summary>
    private static CalendarObject? InOwnZone(CalendarObject incoming, CalendarObject known)
    {
        if (Series.Of(incoming.Clone()) is not { Rule: not null } sent || Series.Of(known) is not { Rule: not null } own) return null;
        if (!sent.IsInOtherZoneThan(own) || sent.InstantOf(sent.Start) != own.InstantOf(own.Start)) return null;
        sent.WriteInZoneOf(own);
        return sent.Object;
    }

    /// <summary>Puts what an existing appointment has become under the name that was asked for, published.</summary>
    public static IEnumerable<StoreOperation> Store(
        ExternalPut put, StoredObject existing, ReadOnlyMemory<byte> bytes, ObjectIndex index, AppointmentDetails details)
    {
        var row = existing.Row;
        var expected = Expectation.AtChange(row.Change);
        if (row.Name != put.Name)
        {
            yield return new DeleteObject(row.CollectionId, row.Name, expected);
            expected = Expectation.Absent;
        }

        yield return new PutObject(
            row.CollectionId, put.Name, bytes, DiaryIndex.Of(index, details), expected, Published: true, details.Write(), (int)details.Level, row.ScheduleTag);
    }

    private static HxAccepted Add(ExternalPut put, string uid, List<StoreOperation> operations)
    {
        var details = new AppointmentDetails { Origin = put.Origin.Label, OriginId = put.Origin.Id, WrittenAt = put.Origin.Level, Follows = put.Ended?.Row.Index.Uid };
        var (bytes, index) = (put.Bytes, put.IncomingIndex);
        // nobody outside has written what a private appointment says, and it stays hidden there
        if (put.IsCopyOfHidden) details = details with { OriginId = null };
        if (put.Original is { } original)
        {
            var whole = CalendarObject.Parse(original.Bytes);
            var content = HiddenCopy.Of(put.Incoming, whole);
            (bytes, index, details) = (content.ToText(), ObjectIndexer.Index(content), HiddenCopy.DetailsOf(content, whole, AppointmentDetails.Read(original.Row.Details)));
        }

        operations.Add(new PutObject(put.Collection.Id, put.Name, bytes, index, Expectation.Absent, Published: true, details.Write(), (int)details.Level));
        operations.Add(put.Note(AuditAction.Added, uid));
        if (put.Ended is { } ended)
        {
            operations.Add(Continuation.Name(ended, uid));
            operations.Add(put.Note(AuditAction.Split, ended.Row.Index.Uid));
        }

        return new HxAccepted(operations, StoredAsSent: put.Original is null);
    }

    /// <summary>
    /// A name that is free outside may still be that of an appointment kept in the diary: it moves out of the way, under a name nobody
    /// knows.
    /// </summary>
    private static IEnumerable<StoreOperation> MakeWay(StoredObject kept)
    {
        var row = kept.Row;
        yield return new DeleteObject(row.CollectionId, row.Name, Expectation.AtChange(row.Change));
        yield return new PutObject(
            row.CollectionId,
            $"{Guid.NewGuid():N}.ics",
            kept.Bytes,
            row.Index,
            Expectation.Absent,
            Published: false,
            row.Details,
            row.Level,
            row.ScheduleTag);
    }
}
