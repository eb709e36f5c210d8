using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>Serving outside what is in a diary from before the link was made (R5).</summary>
public static class Including
{
    // large enough that few commits are waited for, small enough that a device's own writes come in between
    private const int InclusionBatch = 50;

    /// <summary>Begins to serve outside what is in the diary from before the link was made (R5). <see cref="IncludeExistingAsync"/> does it.</summary>
    /// <exception cref="DiaryException">Calendar synchronisation has not been set up, there is no such practitioner, or it could not be written.</exception>
    public static async Task BeginInclusionAsync(this Diary diary)
    {
        var waiting = (await diary.SurveyAsync()).Waiting;
        await diary.ChangeAsync((desk, now) =>
        {
            CheckSetUp(desk);
            return Task.FromResult(new Change(
                diary.PractitionerId,
                new Inclusion(now, waiting) { SessionId = diary.Actor.DeviceId }.Put(diary.PractitionerId),
                PracticeAudit.Line(desk.Practice.Id, now, diary.Actor, AuditAction.ExistingIncluded, diary.PractitionerId)));
        });
    }

    /// <summary>
    /// Serves outside what is in the diary from before the link was made, batch by batch, and counts what came of an inclusion that was begun. To be called again when it was stopped.
    /// </summary>
    /// <returns>How many appointments are served now that were not.</returns>
    /// <exception cref="DiaryException">Calendar synchronisation has not been set up, there is no such practitioner, or a batch could not be written: those before it are.</exception>
    public static async Task<int> IncludeExistingAsync(this Diary diary, CancellationToken cancellationToken = default)
    {
        List<string> ids = [];
        using (var snapshot = await diary.Store.OpenSnapshotAsync(cancellationToken))
        {
            var desk = await diary.OpenAsync(snapshot);
            CheckSetUp(desk);
            await foreach (var row in snapshot.ListRowsAsync(desk.Hx.Id))
            {
                if (!row.Published && AppointmentDetails.TryRead(row.Details) is { } details && !details.IsWithdrawn) ids.Add(row.Index.Uid);
            }
        }

        var included = 0;
        foreach (var batch in ids.Chunk(InclusionBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await diary.ChangeAsync(async (desk, now) => await PublishAsync(diary, desk, now, batch));
            included += batch.Length;
        }

        await EndInclusionAsync(diary);
        return included;
    }

    private static async Task<Change> PublishAsync(Diary diary, Desk desk, Instant now, IReadOnlyList<string> ids)
    {
        CheckSetUp(desk);
        List<StoreOperation> operations = [];
        foreach (var id in ids)
        {
            if (await desk.FindReadableAsync(id) is not { } held || held.Row.Published || held.Details.IsWithdrawn) continue;
            operations.Add(held.Put(published: true));
            operations.Add(diary.Note(AuditAction.Published, id, now));
        }

        return new Change(diary.PractitionerId, operations);
    }

    private static void CheckSetUp(Desk desk)
    {
        if (!desk.IsSetUp)
            throw new DiaryException(DiaryFault.Conflict, "Calendar synchronisation has not been set up: there is nothing yet in which existing appointments could be included.");
    }

    private static async Task EndInclusionAsync(Diary diary)
    {
        await diary.ChangeAsync(async (desk, now) =>
        {
            if (await Inclusion.FindAsync(desk.Snapshot, diary.PractitionerId) is not { Ended: null } begun) return new Change(diary.PractitionerId);
            var (inDiary, served) = (0, 0);
            await foreach (var row in desk.Snapshot.ListRowsAsync(desk.Hx.Id))
            {
                if (AppointmentDetails.TryRead(row.Details) is not { } details || !details.IsWithdrawn) inDiary++;
                if (row.Published && await IsReadableAsync(desk, row)) served++;
            }

            return new Change(diary.PractitionerId, (begun with { Ended = now, InDiary = inDiary, Served = served }).Put(diary.PractitionerId));
        });
    }

    private static async Task<bool> IsReadableAsync(Desk desk, ObjectRow row)
    {
        try
        {
            return await desk.Snapshot.FindObjectAsync(desk.Hx.Id, row.Name) is { } stored && HxCalendar.Represent(stored, PrivacyLevel.Busy).Length > 0;
        }
        catch (Exception fault) when (fault is CorruptObjectException or FormatException)
        {
            return false;
        }
    }
}
