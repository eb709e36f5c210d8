using Calendaring.Store;
using Practice.Audit;
using Practice.Diaries;
using Appointment = Hl7.Fhir.Model.Appointment;
using Task = System.Threading.Tasks.Task;

namespace ProviderBridge.Halaxy;

// What Halaxy is told, and what it made of that.
internal sealed partial class HalaxyReconciler
{
    /// <summary>Tells Halaxy what the diary changed, and reads afterwards what it made of that: it says yes to what it does not do.</summary>
    /// <returns>Whether there may be more to be done, and what Halaxy has then; null when it is to be read.</returns>
    private async Task<(bool GoesOn, Appointment? Found)> TellAsync(HalaxyItem item, HalaxyOutgoing next, Appointment there, CancellationToken cancelled)
    {
        await permit.CheckAsync();
        var all = next;
        if (_partByPart.Contains(item.Id)) next = all with { Fields = FirstOf(all.Fields) };
        try
        {
            item = await NoteToldAsync(item, next, HalaxyAppointment.Of(there));
            if (!await client.PatchAsync(item.Id, HalaxyPatch.Of(there, item, next.Copy!, next.Fields, zone, connection.Address), cancelled)) return (true, null);
            if (await client.FindAsync<Appointment>(item.Id, cancelled) is not { } after) return (true, null);
            if (await LostRolesAsync(after) is { Count: > 0 })
            {
                if (await RestoreAsync(HalaxyPatch.Changed(there, item, next.Copy!, connection.Address), [], cancelled) is not { } restored) return (true, null);
                after = restored;
            }

            var seen = await ViewedAsync(after, cancelled);
            var left = next.Fields & next.Copy!.DifferencesTo(seen);
            // of a group that somebody missed, all are cancelled who can be
            if (next.Copy.IsCancelled && HalaxyPatch.IsCancelled(after)) left &= ~MirroredFields.Status;
            if (left.HasFlag(MirroredFields.Comments) && HalaxyComments.SayTheSame(next.Copy.Comments, seen.Comments))
            {
                await TakeCommentsAsync(next, seen);
                left &= ~MirroredFields.Comments;
            }

            if (left != next.Fields) Counts.Out++;
            if (left == MirroredFields.None) return (true, after);
            await TakeInAsync(after, cancelled);
            await NoteAsync((all with { Fields = left | (all.Fields & ~next.Fields) }).ToTask(item, HalaxyTaskReason.NotTaken, clock.GetCurrentInstant()) with { Start = seen.Start });
            return (false, null);
        }
        catch (HalaxyException refused) when (refused.Fault is HalaxyFault.Conflict or HalaxyFault.Rejected)
        {
            // it may be one part that is refused, such as a time that is taken, and not the others
            if (next.Fields != FirstOf(next.Fields)) return (_partByPart.Add(item.Id), null);
            await PutBackAsync(item, next, await ViewedAsync(there, cancelled), refused.Fault == HalaxyFault.Conflict);
            return (next.Fields != all.Fields, null);
        }
        catch (HalaxyException refused) when (refused.Fault == HalaxyFault.MissingScope)
        {
            await NoteAsync(all.ToTask(item, HalaxyTaskReason.MayNotWrite, clock.GetCurrentInstant()));
            return (false, null);
        }
    }

    /// <summary>Halaxy has the comments in a form of its own. The diary takes that, so that they do not differ for ever.</summary>
    private async Task TakeCommentsAsync(HalaxyOutgoing next, MirroredAppointment there)
    {
        var changed = await store.ChangeAsync(connection.GroupId, async snapshot =>
        {
            var now = clock.GetCurrentInstant();
            // somebody may have edited them meanwhile
            if (await Mirroring.ReadAsync(snapshot, next.Place.Appointment, now) is not { } copy || !MirroredAppointment.AreSame(copy.Comments, next.Copy!.Comments)) return new Decision<bool>(null, false);
            return new Decision<bool>([.. permit.Expected, .. await Mirroring.WriteAsync(snapshot, now, connection.Actor, next.Place.Appointment, there, MirroredFields.Comments)], true);
        });
        await permit.RequireAsync(changed.Failure);
    }

    private static MirroredFields FirstOf(MirroredFields fields) => (MirroredFields)((int)fields & -(int)fields);

    /// <summary>
    /// Notes what Halaxy is told before it is: wherever the pass is cut short, that is known again. Of the patients alone, who else takes part is noted too, and nobody is lost should Halaxy replace the array.
    /// </summary>
    private async Task<HalaxyItem> NoteToldAsync(HalaxyItem item, HalaxyOutgoing next, HalaxyAppointment there)
    {
        var changed = await store.ChangeAsync(connection.GroupId, async snapshot =>
        {
            if (await HalaxyItem.FindAsync(snapshot, item.GroupId, item.Id) is not { } before) return new Decision<HalaxyItem>(null, item);
            var noted = before with { Told = new HalaxyTold(next.Place.PractitionerId, before.Shown.With(next.Copy!, next.Fields)), Roles = next.Fields.HasFlag(MirroredFields.Status) ? there.RoleIds : before.Roles };
            return new Decision<HalaxyItem>([.. permit.Expected, .. noted.Put(before)], noted);
        });
        await permit.RequireAsync(changed.Failure);
        return changed.Result;
    }

    /// <summary>The practitioners whom an appointment has lost by what Halaxy was told; none when it has one.</summary>
    private async Task<IReadOnlyList<string>> LostRolesAsync(Appointment found)
    {
        if (HalaxyAppointment.IdsOf(found, "PractitionerRole").Any() || found.Id is not { Length: > 0 } id) return [];
        using var snapshot = await store.OpenSnapshotAsync();
        return (await HalaxyItem.FindAsync(snapshot, connection.GroupId, id))?.Roles ?? [];
    }

    /// <summary>Gives an appointment its practitioners back, and reads it again.</summary>
    private async Task<Appointment?> RestoreAsync(Appointment found, IReadOnlyList<string> roles, CancellationToken cancelled)
    {
        try
        {
            if (!await client.PatchAsync(found.Id!, HalaxyPatch.Whole(found, roles, connection.Address), cancelled) || await FindAsync(found.Id!, cancelled) is not { } after) return null;
            return HalaxyAppointment.IdsOf(after, "PractitionerRole").Any() ? after : throw new HalaxyException(HalaxyFault.Unreadable, "Halaxy has taken the practitioner out of an appointment.");
        }
        catch (HalaxyException refused) when (refused.Fault is HalaxyFault.Conflict or HalaxyFault.Rejected or HalaxyFault.MissingScope)
        {
            // a person looks at it, and it is tried again as long as it is so
            throw new HalaxyException(HalaxyFault.Unreadable, "Halaxy does not take the practitioner of an appointment back.", refused);
        }
    }

    /// <summary>What Halaxy refuses does not stay in the diary as if it were so: two people would be expected at one time, and nobody at another.</summary>
    private async Task PutBackAsync(HalaxyItem item, HalaxyOutgoing next, MirroredAppointment there, bool isDoubleBooking)
    {
        var changed = await store.ChangeAsync(connection.GroupId, async snapshot =>
        {
            var now = clock.GetCurrentInstant();
            if (await Mirroring.ReadAsync(snapshot, next.Place.Appointment, now) is not { } copy) return new Decision<bool>(null, false);
            var steps = await Mirroring.WriteAsync(snapshot, now, connection.Actor, next.Place.Appointment, there, next.Fields, AuditAction.SetBack);
            var overruled = HalaxyComparison.OverruledOf(item, next.Place, copy, next.Fields, now) with { IsRefused = true, IsDoubleBooking = isDoubleBooking };
            return new Decision<bool>([.. permit.Expected, .. steps, await views.Secrets.Hide(overruled).PutAsync(snapshot)], true);
        });
        await permit.RequireAsync(changed.Failure);
        if (changed.Result) Counts.Conflicts++;
    }
}
