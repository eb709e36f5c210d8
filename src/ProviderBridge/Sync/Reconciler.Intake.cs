using System.Security.Cryptography;
using System.Text;
using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.Validation;
using Practice.Hx;

namespace ProviderBridge.Sync;

// What is outside and not known here.
internal sealed partial class Reconciler
{
    /// <summary>Takes in what the link does not know: a new event, or one of ours whose answer was lost. The UID that it has then; null when there is nothing to take in.</summary>
    public async Task<string?> TakeInAsync(string outsideId, CancellationToken cancelled)
    {
        await permit.CheckAsync(cancelled);
        OutsideSeries? found = null;
        try
        {
            // with another part of the same it was looked at already
            if (_parts.TryGetValue(outsideId, out var owner)) return owner;
            found = await outside.ReadAsync(outsideId, cancelled);
            return found is null ? null : await TakeInAsync(found, cancelled);
        }
        catch (Exception poison) when (IsPoison(poison) || poison is OutsideException { Fault: OutsideFault.Rejected })
        {
            // one that cannot be read stops no other
            return await KeepRejectedAsync(null, UidOf(outsideId), outsideId, found, poison is OutsideException rejected ? rejected.Message : $"It could not be mirrored ({poison.GetType().Name}).", cancelled);
        }
    }

    private async Task<string?> TakeInAsync(OutsideSeries found, CancellationToken cancelled)
    {
        // another link has the same calendar under another address: what it mirrors is here already
        if (found.OfAnotherLink is { } mirrored && (await ReadAsync(mirrored, cancelled)).Hx is not null) return null;
        var part = found;
        if (part.PartOf is not null)
        {
            if (await WholeOfAsync(part, cancelled) is not { } whole) return await ImportAsync(part, UidOf(part.Id), cancelled);
            if ((await ReadItemAsync(part.Tag!, cancelled))?.OutsideId == whole.Id) return part.Tag;
            found = whole;
        }

        if (found.Tag is { } tag)
        {
            var (item, hx) = await ReadAsync(tag, cancelled);
            // ours, and the answer was lost, or the link was made again; or a copy, and the one that it is of is gone
            if (hx is { IsEmpty: false } && (item?.OutsideId is null || await ReadOutsideAsync(item, cancelled) is null))
            {
                await AdoptAsync(item, tag, item?.Generation ?? await NextGenerationAsync(tag, cancelled), hx, found);
                return tag;
            }

            // made by us, and made again because its answer was lost: nobody's copy
            if (hx is { IsEmpty: false } && found.IsOurs && (await FindLeftAsync(found.Id, cancelled))?.IsAsItWas(found) != false)
            {
                await outside.DeleteAsync(found, cancelled);
                return null;
            }

            if (item is null && found.IsOurs && await NextGenerationAsync(tag, cancelled) == 0) return await TakeLeftAsync(found, cancelled);
            // its answer was lost, and nobody has changed it since
            var isInParts = found.Parts is not null || item?.OutsideParts is not null;
            if (hx is not { IsEmpty: false } && item is { Asked: { } asked } && (item.OutsideId is null || (isInParts && await ReadOutsideAsync(item, cancelled) is null)) && OutsideEdit.Of(LinkItem.Parse(asked), asked, found).Count == 0)
            {
                await outside.DeleteAsync(found, cancelled);
                Counts.RemovedOut++;
                await SaveAsync(item, null);
                return null;
            }

            if (found.Parts is not null && hx is null) return await ImportAsync(found, tag, cancelled);
        }

        var returned = found.Tag ?? UidOf(found.Id);
        var (mirroredItem, shown) = await ReadAsync(returned, cancelled);
        if (shown is { IsWithheld: true } && await IsOfWithheldAsync(found, returned, mirroredItem, shown, cancelled)) return null;
        if (shown is null or { IsEmpty: true, IsWithheld: false } && await IsReturnedAsync(found, returned, mirroredItem, cancelled)) return await TakeReturnedAsync(found, returned, cancelled);

        // new; or a copy that somebody made of one of ours, which has its tag
        return await ImportAsync(part, UidOf(part.Id), cancelled);
    }

    /// <summary>Takes parts for ours that were made before a pass was cut short, and of which no listing has told yet.</summary>
    private async Task<PlannedRemoval?> TakePartsAsync(LinkItem item, HxSide? hx, OutsideSeries parts, CancellationToken cancelled)
    {
        if (hx is { IsEmpty: false }) await AdoptAsync(item, item.Uid, item.Generation, hx, parts);
        else await SaveAsync(item, Answered(item, parts) with { OutsideBase = item.Asked });
        var noted = (await ReadItemAsync(item.Uid, cancelled))!;
        if (hx is not { IsEmpty: false }) return await GoneInPracticeAsync(noted, hx, parts, cancelled);
        return noted.IsOwed || noted.Asked is not null ? await MergeAsync(noted, hx, parts, cancelled) : null;
    }

    /// <summary>What an event is a part of, with all its parts: what the link has there, or was making when a pass was cut short. Null when it is a part of nothing: a copy, or of what is gone.</summary>
    private async Task<OutsideSeries?> WholeOfAsync(OutsideSeries part, CancellationToken cancelled)
    {
        if (part is not { Tag: { } tag, PartOf: { } id }) return null;
        var (item, hx) = await ReadAsync(tag, cancelled);
        var known = item?.Remembered();
        if (known?.Id != id)
        {
            if (known is not null && await outside.ReadAsync(known, cancelled) is not null) return null;
            if ((item?.Asked ?? (hx is { IsEmpty: false } ? LinkItem.Text(outside.Render(hx.Content)) : null)) is not { } asked) return null;
            known = new OutsideMemory(tag, id, null) { Asked = LinkItem.Parse(asked), Parts = new Dictionary<string, string>() };
        }

        if (await outside.ReadAsync(known, cancelled) is not { Parts: { } parts } whole || !parts.ContainsKey(part.Id)) return null;
        foreach (var one in parts.Keys) _parts[one] = tag;
        return whole;
    }

    /// <summary>
    /// Takes in what could not be read, or was not taken, when it was found. It may be one of ours whose answer was lost, and may have been found to be that since: then it is no appointment of its own.
    /// </summary>
    private async Task<PlannedRemoval?> TakeInRejectedAsync(LinkItem item, OutsideSeries found, CancellationToken cancelled)
    {
        string? owner;
        using (var snapshot = await store.OpenSnapshotAsync(cancelled)) owner = await LinkItem.FindUidByOutsideIdAsync(snapshot, link.Key, found.Id);
        var taken = owner is not null && owner != item.Uid ? owner : await TakeInAsync(found, cancelled);
        if (taken == item.Uid) return null;
        if (await ReadItemAsync(item.Uid, cancelled) is { } left) await SaveAsync(left, null);
        return taken is null ? null : await ReconcileAsync(taken, true, cancelled);
    }

    /// <summary>
    /// Takes in what a link of before has left of an appointment that is gone. What nobody has touched since goes as well. What its person has changed is theirs now; with a patient, or where nobody knows, it stays outside as it
    /// is: the practice has taken that appointment out of the diary.
    /// </summary>
    private async Task<string?> TakeLeftAsync(OutsideSeries found, CancellationToken cancelled)
    {
        var left = await FindLeftAsync(found.Id, cancelled);
        if (left?.IsAsItWas(found) == true)
        {
            await outside.DeleteAsync(found, cancelled);
            Counts.RemovedOut++;
            await ApplyAsync([left.Remove(link.Key)]);
            return null;
        }

        if (left is { IsPatient: false }) return await ImportAsync(found, UidOf(found.Id), cancelled);
        // noted, so that it is not taken for one whose answer was lost when the appointment comes back
        if (left is null) await ApplyAsync([LeftObject.Unknown(found.Id).Put(link.Key)]);
        return null;
    }

    /// <summary>Adds what there is outside to the practice, as a personal appointment. The UID that it has then; null when there is nothing to add. What the practice does not take waits, with the reason.</summary>
    private Task<string?> ImportAsync(OutsideSeries found, string uid, CancellationToken cancelled) => ImportAsync(found, found.Content, uid, isReturned: false, cancelled);

    /// <param name="found">What there is outside.</param>
    /// <param name="says">What is taken in of it.</param>
    /// <param name="uid">The UID that it has then.</param>
    /// <param name="isReturned">Whether it is an appointment that was removed before: the practice's rules say what becomes of it, and the outside is owed what that comes to.</param>
    /// <param name="cancelled">Stops it.</param>
    private async Task<string?> ImportAsync(OutsideSeries found, CalendarObject says, string uid, bool isReturned, CancellationToken cancelled)
    {
        // a series of which no occurrence is left
        if (HxSide.HasNoOccurrence(says)) return null;
        var content = says.Clone();
        foreach (var component in content.Calendar.Components.Where(component => component.Name == "VEVENT")) component.Set(ContentLine.CreateText("UID", uid));
        var before = (await ReadAsync(uid, cancelled)).Item;
        if (CalendarObjectRules.Check(content, ["VEVENT"]) is { } broken) return await KeepRejectedAsync(before, uid, found.Id, found, broken.Reason, cancelled);
        // noted together with what is added: were it noted after it only, what the practice changes in the meantime would be overwritten when it is taken in once more
        var generation = before?.Generation ?? (isReturned ? await NextGenerationAsync(uid, cancelled) : 0);
        // of a private appointment its copy knows only the times
        var original = !isReturned && found.Tag is { } tag ? (await ReadAsync(tag, cancelled)).Hx : null;
        var copied = !isReturned && IsBusyCopy(found, original) ? found.Tag : null;
        var isTyped = copied is not null && HasWords(found);
        var taken = Answered(new LinkItem(uid, $"{uid}.ics", found.Id, generation, LinkItem.Text(content), null) { IsHidden = copied is not null, IsOwed = isTyped }, found);
        var isMore = before is not { IsRejected: false };
        IEnumerable<StoreOperation> noted = [.. taken.Put(link.Key, before), .. isTyped ? [ConflictOf(uid, [FieldGroup.Text, FieldGroup.Place], original?.Content ?? content, found)] : Array.Empty<StoreOperation>()];
        var sending = new ExternalSending(content.ToText(), content, uid) { Knows = !isReturned, CopyOf = copied, Expected = [.. permit.Expected, .. noted, .. isMore ? [LinkItem.PutCount(link.Key, Count + 1)] : Array.Empty<StoreOperation>()] };
        var outcome = await _changes.PutAsync(link.PractitionerId, $"{uid}.ics", _origin, (_, _) => ValueTask.FromResult<ExternalSending?>(sending), cancellationToken: cancelled);
        await permit.CheckAsync(cancelled);
        if (outcome is ExternalRefused refused) return await KeepRejectedAsync(before, uid, found.Id, found, refused.Reason, cancelled);
        if (outcome is not ExternalApplied) throw new OutsideException(OutsideFault.Unavailable, "An event could not be added to the practice.");
        var (item, hx) = await ReadAsync(uid, cancelled);
        if (isMore && item is { IsRejected: false }) Count++;
        // it stays out of the diary: what is noted of it by now removes it outside
        if (hx is null) return isReturned ? uid : null;
        Counts.In++;
        await SaveAsync(item, Answered(new LinkItem(uid, hx.Name, found.Id, item?.Generation ?? 0, LinkItem.Text(hx.Content), null) { IsPatient = hx.IsPatient, IsHidden = hx.IsHidden, IsOwed = isReturned || isTyped }, found));
        return uid;
    }

    /// <summary>Notes an event that the practice does not take.</summary>
    private async Task<string?> KeepRejectedAsync(LinkItem? before, string uid, string outsideId, OutsideSeries? found, string reason, CancellationToken cancelled)
    {
        before ??= await ReadItemAsync(uid, cancelled);
        await SaveAsync(before, new LinkItem(uid, $"{uid}.ics", outsideId, before?.Generation ?? 0, "", found is null ? null : LinkItem.Text(found.Content)) { OutsideVersion = found?.Version, Quarantine = reason });
        return uid;
    }

    /// <summary>The UID of an event that was made outside: the same each time it is asked for.</summary>
    private string UidOf(string outsideId) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{link.Id}|{outsideId}")).AsSpan(0, 16)).ToString();
}
