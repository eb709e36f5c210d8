using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;
using Practice.Hx;

namespace Practice.Diaries;

public sealed partial class Diary
{
    // large enough that few commits are waited for, small enough that a device's own writes come in between
    private const int InclusionBatch = 50;

    /// <summary>Begins to serve outside what is in the diary from before the link was made (R5). <see cref="IncludeExistingAsync"/> does it.</summary>
    public async Task BeginInclusionAsync()
    {
        var waiting = (await SurveyAsync()).Waiting;
        await ChangeAsync((desk, now) =>
        {
            CheckSetUp(desk);
            return Task.FromResult(new Change(
                practitionerId,
                new Inclusion(now, waiting).Put(practitionerId),
                PracticeAudit.Line(desk.Practice.Id, now, actor, AuditAction.ExistingIncluded, practitionerId)));
        });
    }

    /// <summary>
    /// Serves outside what is in the diary from before the link was made, batch by batch, and counts what came of an inclusion that was begun. To be called again when it was stopped.
    /// </summary>
    /// <returns>How many appointments are served now that were not.</returns>
    public async Task<int> IncludeExistingAsync(CancellationToken cancellationToken = default)
    {
        List<string> ids = [];
        using (var snapshot = await store.OpenSnapshotAsync(cancellationToken))
        {
            var desk = await Desk.OpenAsync(snapshot, practitionerId, clock.GetCurrentInstant());
            CheckSetUp(desk);
            await foreach (var row in snapshot.ListRowsAsync(desk.Hx.Id))
            {
                if (!row.Published && AppointmentDetails.TryRead(row.Details) is { } details && !IsWithdrawn(details)) ids.Add(row.Index.Uid);
            }
        }

        var included = 0;
        foreach (var batch in ids.Chunk(InclusionBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ChangeAsync(async (desk, now) => await PublishAsync(desk, now, batch));
            included += batch.Length;
        }

        await EndInclusionAsync();
        return included;
    }

    private async Task<Change> PublishAsync(Desk desk, Instant now, IReadOnlyList<string> ids)
    {
        CheckSetUp(desk);
        List<StoreOperation> operations = [];
        foreach (var id in ids)
        {
            if (await FindReadableAsync(desk, id) is not { } held || held.Row.Published || IsWithdrawn(held.Details)) continue;
            operations.Add(held.Put(published: true));
            operations.Add(Note(AuditAction.Published, id, now));
        }

        return new Change(practitionerId, operations);
    }

    private static void CheckSetUp(Desk desk)
    {
        if (desk.Access.State == HxState.NotStarted)
            throw new DiaryException(DiaryFault.Conflict, "Calendar synchronisation has not been set up: there is nothing yet in which existing appointments could be included.");
    }

    // what was deleted meanwhile is not missed; what is damaged is counted at the end
    private static async Task<HeldAppointment?> FindReadableAsync(Desk desk, string id)
    {
        try
        {
            return await desk.FindAsync(new AppointmentTarget(id));
        }
        catch (Exception fault) when (fault is DiaryException or CorruptObjectException or FormatException)
        {
            return null;
        }
    }

    private async Task EndInclusionAsync()
    {
        await ChangeAsync(async (desk, now) =>
        {
            if (await Inclusion.FindAsync(desk.Snapshot, practitionerId) is not { Ended: null } begun) return new Change(practitionerId);
            var (inDiary, served) = (0, 0);
            await foreach (var row in desk.Snapshot.ListRowsAsync(desk.Hx.Id))
            {
                if (AppointmentDetails.TryRead(row.Details) is not { } details || !IsWithdrawn(details)) inDiary++;
                if (row.Published && await IsReadableAsync(desk, row)) served++;
            }

            return new Change(practitionerId, (begun with { Ended = now, InDiary = inDiary, Served = served }).Put(practitionerId));
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
