using Calendaring.ICalendar;
using Calendaring.Store;
using Practice.Hx;

namespace ProviderBridge.Sync;

// What goes to the outside calendar.
internal sealed partial class Reconciler
{
    /// <summary>Writes what the outside calendar should have. What it answers instead may be somebody's change in between, or its own: it is asked once more, and what it does not keep then is said.</summary>
    private async Task WriteAsync(LinkItem item, LinkItem after, HxSide shown, OutsideSeries found, CalendarObject wanted, List<StoreOperation> alongside, CancellationToken cancelled)
    {
        await permit.CheckAsync(cancelled);
        OutsideSeries answer;
        try
        {
            answer = await outside.UpdateAsync(found, item.Uid, wanted, cancelled);
        }
        catch (OutsideException refused) when (refused.Fault == OutsideFault.Rejected)
        {
            if (after.MayShowMore) await ReplaceAsync(item, after, shown, found, wanted, refused.Message, alongside, cancelled);
            else await SaveAsync(item, Answered(after, found) with { Quarantine = refused.Message, IsOwed = true, Asked = refused.MayBeDone ? item.Asked : LeftOf(item, wanted, found) }, alongside);
            return;
        }

        Counts.Out++;
        var isKept = ExternalPatch.Differences(outside.Render(wanted), answer.Content, isOurs: true).Count == 0;
        if (_unkept.Remove(item.Uid, out var instead))
        {
            if (!isKept && after.MayShowMore)
            {
                await ReplaceAsync(item, after, shown, answer, wanted, Unkept, alongside, cancelled);
                return;
            }

            if (!isKept) after = after with { Quarantine = Unkept };
            else if (instead is not null) alongside.Add(ConflictOf(item.Uid, Enum.GetValues<FieldGroup>(), shown.Content, instead));
        }
        else if (!isKept)
        {
            _unkept[item.Uid] = answer;
            await SaveAsync(item, Answered(after, answer) with { IsOwed = true }, alongside);
            throw new OutsideException(OutsideFault.Changed, "The outside calendar answered with something other than was asked for.");
        }

        await SaveAsync(item, Answered(after, answer) with { MayShowMore = false }, alongside);
    }

    /// <summary>Removes what shows more than it may and cannot be rewritten, and makes it again.</summary>
    private async Task ReplaceAsync(LinkItem item, LinkItem after, HxSide shown, OutsideSeries found, CalendarObject wanted, string because, List<StoreOperation> alongside, CancellationToken cancelled)
    {
        // a pass that is cut short after the removal must not take it for somebody's
        await SaveAsync(item, item with { Asked = LinkItem.Text(outside.Render(wanted)), MayShowMore = true, IsOwedBack = false, IsLeaving = found.Parts is not null }, alongside);
        var asked = (await ReadItemAsync(item.Uid, cancelled))!;
        await permit.CheckAsync(cancelled);
        try
        {
            await outside.DeleteAsync(found, cancelled);
        }
        catch (OutsideException kept) when (kept.Fault == OutsideFault.Rejected)
        {
            await SaveAsync(asked, Answered(after, found) with { Quarantine = because, IsOwed = true, Asked = LeftOf(asked, wanted, found), IsLeaving = asked.IsLeaving });
            return;
        }

        await CreateAsync(item.Uid, shown, asked with { ReplacedAt = clock.GetCurrentInstant() }, cancelled);
    }

    /// <summary>Whether what is there may show more than it may now: the level was lowered, or the appointment has become private. It may until the service has let it go, however many tries that takes.</summary>
    private bool MayShowMore(LinkItem item, HxSide shown) => item.MayShowMore || (link.IsLowered && !IsReplaced(item)) || (shown.IsHidden && !item.IsHidden);

    /// <summary>Whether it was made again since the level was lowered: what is there then shows no more than it may, and is not removed again for what the service makes of it.</summary>
    private bool IsReplaced(LinkItem item) => item.ReplacedAt is { } at && at >= link.RewritingSince;

    /// <summary>What is noted as asked for when a write is refused: of a series a part may have been written before.</summary>
    private static string? LeftOf(LinkItem item, CalendarObject wanted, OutsideSeries found) => OutsideEdit.TakesSteps(wanted) || OutsideEdit.TakesSteps(found.Content) ? item.Asked : null;

    private async Task CreateAsync(string uid, HxSide hx, LinkItem? before, CancellationToken cancelled)
    {
        var generation = before is null ? await NextGenerationAsync(uid, cancelled) : before.OutsideId is null ? before.Generation : before.Generation + 1;
        OutsideSeries made;
        await permit.CheckAsync(cancelled);
        var asked = await AskedAsync(before, uid, generation, hx, cancelled);
        try
        {
            made = await outside.CreateAsync(uid, generation, hx.Content, cancelled);
            Counts.Out++;
        }
        catch (OutsideException refused) when (refused.Fault == OutsideFault.Rejected)
        {
            // it may be there, or of a series a part
            var left = refused.MayBeDone || OutsideEdit.TakesSteps(hx.Content) ? asked.Asked : null;
            await SaveAsync(asked, new LinkItem(uid, hx.Name, null, generation, LinkItem.Text(hx.Content), null) { IsPatient = hx.IsPatient, IsHidden = hx.IsHidden, Quarantine = refused.Message, Asked = left, ReplacedAt = asked.ReplacedAt });
            return;
        }

        await AdoptAsync(asked, uid, generation, hx, made);
        if ((await ReadAsync(uid, cancelled)).Item is { } noted && (noted.IsOwed || noted.Asked is not null)) await MergeAsync(noted, hx, made, cancelled);
    }

    /// <summary>Notes what the outside calendar is asked to make, before it is: when the answer is lost, what either side changes until it is known is told apart by that.</summary>
    private async Task<LinkItem> AskedAsync(LinkItem? before, string uid, int generation, HxSide hx, CancellationToken cancelled)
    {
        if (before is { OutsideId: null, Asked: not null }) return before;
        var asked = new LinkItem(uid, hx.Name, null, generation, LinkItem.Text(hx.Content), null) { IsPatient = hx.IsPatient, IsHidden = hx.IsHidden, Asked = LinkItem.Text(outside.Render(hx.Content)), Writes = before?.Writes ?? [], ReplacedAt = before?.ReplacedAt };
        await SaveAsync(before, asked);
        return (await ReadItemAsync(uid, cancelled))!;
    }

    /// <summary>
    /// Notes an event of ours. It was made just now; or it was made before and the answer was lost, and somebody may have changed it since: then the newer of the two counts, and the other is kept as a
    /// conflict. What the service made of it by itself is nobody's edit: it is asked for once more, and what it does not keep then is said. So it is with what a link of before has left; what nobody has touched there since is no edit.
    /// </summary>
    private async Task AdoptAsync(LinkItem? before, string uid, int generation, HxSide hx, OutsideSeries found)
    {
        var asked = outside.Render(hx.Content);
        // it may have been made when more was shown; what was asked for just now shows no more than it may
        var mayShowMore = before is null ? hx.IsHidden || hx.IsPatient : hx.IsHidden && !before.IsHidden;
        var item = new LinkItem(uid, hx.Name, found.Id, generation, LinkItem.Text(hx.Content), LinkItem.Text(found.Content)) { MayShowMore = mayShowMore, IsPatient = hx.IsPatient, IsHidden = hx.IsHidden, OutsideVersion = found.Version, OutsideAddress = found.Address, OutsideParts = found.Parts, Writes = before?.Writes ?? [], ReplacedAt = before?.ReplacedAt };
        item = OscillationBreaker.WithWrite(item, clock.GetCurrentInstant());
        // it is there by now: that is noted even when the pass is being stopped
        var left = await FindLeftAsync(found.Id, CancellationToken.None);
        List<StoreOperation> alongside = left is null ? [] : [left.Remove(link.Key)];
        if (ExternalPatch.Differences(asked, found.Content).Count == 0)
        {
            await SaveAsync(before, item with { IsOwed = found.IsIncomplete, MayShowMore = false }, alongside);
            return;
        }

        // of an event that we did not make, a copy, it says nothing
        if (found.IsUntouched && before is null or { OutsideId: null })
        {
            _unkept[uid] = null;
            await SaveAsync(before, item with { IsOwed = true }, alongside);
            return;
        }

        // what was asked for is what both sides began with; or what they last agreed on, where it takes the place of the one that it is a copy of
        if (left is null && before is { IsRejected: false } && (before.OutsideId is null ? before.Asked : before.OutsideBase) is { } began)
        {
            // whether it was hidden is of then, as the bases are
            await SaveAsync(before, before with { HxName = hx.Name, OutsideId = found.Id, OutsideAddress = found.Address, OutsideParts = found.Parts, OutsideVersion = null, Generation = generation, OutsideBase = began, IsPatient = hx.IsPatient, Quarantine = null });
            return;
        }

        // of a patient's appointment the practice may have changed the time since, which counts
        var isTouched = left?.IsAsItWas(found) != true;
        var isNewer = isTouched && found.Updated > hx.Modified && !hx.IsPatient;
        // where a link of before has left it, it is known whether the practice has changed it too
        var isTheirs = isTouched && !(isNewer && left?.IsOtherThan(hx) == false) && OutsideEdit.Of(asked, LinkItem.Text(asked), found).Count > 0;
        item = isNewer ? item with { OutsideBase = LinkItem.Text(asked), OutsideVersion = null, Asked = LinkItem.Text(asked) } : item with { IsOwed = true };
        if (isTheirs) alongside.Add(ConflictOf(uid, !isNewer ? Enum.GetValues<FieldGroup>() : hx.IsHidden ? [.. Enum.GetValues<FieldGroup>().Where(IsOfWords)] : [], hx.Content, found));
        await SaveAsync(before, item, alongside);
    }
}
