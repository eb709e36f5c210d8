using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Hx;

namespace ProviderBridge.Sync;

// What is on both sides.
internal sealed partial class Reconciler
{
    private async Task<PlannedRemoval?> MergeAsync(LinkItem item, HxSide hx, OutsideSeries found, CancellationToken cancelled)
    {
        if (found.Removed.Count > _dates.GetValueOrDefault(item.Uid) && !link.PutsBack) return new PlannedRemoval(item, null) { Dates = found.Removed.Count };
        var (hxBase, outsideBase) = (LinkItem.Parse(item.HxBase), LinkItem.Parse(item.OutsideBase!));
        // in the middle of a write it is what was asked for with which what somebody has changed is compared
        var compared = found.Made is not null && item.Asked is { } begun ? LinkItem.Parse(begun) : outsideBase;
        // that it is hidden now is no edit of what it says
        var known = item.IsHidden ? hx.Content : hx.Whole;
        var (there, here) = (OutsideEdit.Of(outsideBase, item.Asked, found), ExternalPatch.Differences(hxBase, known, isOurs: true));
        List<StoreOperation> alongside = [];
        var (shown, isWhole) = (hx, item is { IsOwed: false, Asked: null } && link.RewritingSince is null && !IsToBeKept(item));
        if (there.Count > 0)
        {
            // where both say the same now, as after an answer that was lost, there is nothing to decide
            var isAgreed = ExternalPatch.Differences(found.Content, outside.Render(known), isOurs: true).Count == 0;
            var both = isAgreed ? [] : there.Intersect(here).ToList();
            // of what was hidden nobody there knows what they replace
            var blind = item.IsHidden && !isAgreed ? there.Where(one => IsOfWords(one.Group)).ToList() : [];
            var lost = both.Where(one => Conflict.PracticeWinsOver(one.Group, hx, found)).Union(blind).Union(link.PutsBack ? there.Where(one => IsRemoval(one, found)) : []).ToHashSet();
            if (both.Count + blind.Count > 0) alongside.Add(ConflictOf(item.Uid, [.. lost.Select(one => one.Group).Distinct()], known, found));
            bool Takes(LocalDateTime? key, FieldGroup group) => !lost.Contains((key, group)) && (item.Asked is null || there.Contains((key, group)));
            // what is taken in and what is known of it then are written together: were the bases moved after the write back only, one that fails would have it look like an edit of the practice
            var before = item;
            IEnumerable<StoreOperation> NoteTaken(CalendarObject was, CalendarObject? now) => TakenFrom(before, found, was, now).Put(link.Key, before);
            var outcome = await _changes.PatchAsync(new AppointmentKey(link.PractitionerId, item.Uid), _origin, compared, found.Content, Takes, [.. permit.Expected, .. alongside], NoteTaken, cancelled);
            if (outcome is not (ExternalApplied or ExternalRefused)) throw new OutsideException(OutsideFault.Changed, "The appointment was changed in the practice in the meantime.");
            if (outcome is ExternalApplied) (Counts.In, Counts.DatesRemovedIn) = (Counts.In + 1, Counts.DatesRemovedIn + there.Count(one => IsRemoval(one, found) && !lost.Contains(one)));
            var (noted, now) = await ReadAsync(item.Uid, cancelled);
            if (noted is not null && noted.Version != item.Version) (item, alongside) = (noted, []);
            if (now is not { IsEmpty: false })
            {
                if (alongside.Count > 0) await ApplyAsync(alongside);
                return new PlannedRemoval(item, found);
            }

            shown = now;
            // refused, taken in part, or taken in another way: a session that is over stays where it was
            var asked = ExternalPatch.Apply(compared, found.Content, hx.Content, clock.GetCurrentInstant(), Takes)!;
            isWhole &= lost.Count == 0 && ExternalPatch.Differences(asked, shown.Content).Count == 0;
        }

        var wanted = WantedOf(hxBase, outsideBase, shown, found, isWhole);
        var after = item with { HxName = shown.Name, IsPatient = shown.IsPatient, IsHidden = shown.IsHidden, MayShowMore = MayShowMore(item, shown), HxBase = LinkItem.Text(shown.Content), IsOwed = false, IsOwedBack = false, Asked = null, Quarantine = null, IsToldGone = false, IsLeaving = false };
        if (!found.IsIncomplete && ExternalPatch.Differences(found.Content, wanted).Count == 0)
        {
            _unkept.Remove(item.Uid);
            var isUnkept = item.Quarantine == Unkept && ExternalPatch.Differences(outside.Render(shown.Content), found.Content, isOurs: true).Count > 0;
            await SaveAsync(item, Answered(after, found) with { Quarantine = isUnkept ? Unkept : null, MayShowMore = isUnkept && after.MayShowMore }, alongside);
            return null;
        }

        // what the practice itself changes often is no quarrel
        if (there.Count > 0 && OscillationBreaker.IsOscillating(item, clock.GetCurrentInstant()))
        {
            await SaveAsync(item, Answered(after, found) with { IsOwed = true, Quarantine = "Another application keeps changing it back." }, alongside);
            return null;
        }

        if (there.Count > 0) after = OscillationBreaker.WithWrite(after, clock.GetCurrentInstant());
        // when the answer is lost, or it is written in several steps, what is there then is nobody's edit
        // the next pass begins with the parts that there are now, and where nobody has changed it with what there is: an earlier write of ours may be in that, and is no edit either when this one fails
        await SaveAsync(item, (found.Parts is null && there.Count > 0 ? item : Answered(item, found)) with { Asked = LinkItem.Text(outside.Render(wanted)) }, alongside);
        await WriteAsync((await ReadItemAsync(item.Uid, cancelled))!, after, shown, found, wanted, [], cancelled);
        return null;
    }

    /// <summary>Whether it is a part of what an appointment says, and not of when it is.</summary>
    private static bool IsOfWords(FieldGroup group) => group is FieldGroup.Text or FieldGroup.Place or FieldGroup.Privacy;

    private static bool IsRemoval((LocalDateTime? Occurrence, FieldGroup Group) edit, OutsideSeries found) => edit is { Occurrence: { } own, Group: FieldGroup.Times } && found.Removed.Contains(own);

    /// <summary>What is known of an appointment when the practice takes in what was changed outside: its base moves by what it took, and not by what it was asked to take. What differs from that then is an edit of the practice.</summary>
    private LinkItem TakenFrom(LinkItem item, OutsideSeries found, CalendarObject was, CalendarObject? now)
    {
        var hxBase = LinkItem.Parse(item.HxBase);
        var moved = now is null ? hxBase : ExternalPatch.Apply(was, now, hxBase, clock.GetCurrentInstant(), isOurs: true) ?? hxBase;
        return Answered(item, found) with { HxBase = LinkItem.Text(moved), OutsideVersion = null, IsOwed = true, IsOwedBack = IsUnchangedHere(item, was, knowsWords: !item.IsHidden), Asked = null };
    }

    /// <summary>
    /// What the outside calendar should have: what the practice changed since, laid over what there is. As a whole where something of the outside was not taken, and where that does not come to what the
    /// practice has: what the outside cannot say, as it answered before, is no reason.
    /// </summary>
    private CalendarObject WantedOf(CalendarObject hxBase, CalendarObject outsideBase, HxSide shown, OutsideSeries found, bool isWhole)
    {
        var (now, rendered) = (clock.GetCurrentInstant(), outside.Render(shown.Content));
        if (isWhole)
        {
            var wanted = ExternalPatch.Apply(hxBase, shown.Content, found.Content, now, isOurs: true)!;
            var known = ExternalPatch.Differences(outsideBase, outside.Render(hxBase), isOurs: true);
            if (ExternalPatch.Differences(wanted, rendered, isOurs: true).IsSubsetOf(known)) return wanted;
        }

        return ExternalPatch.Apply(found.Content, rendered, found.Content, now, isOurs: true)!;
    }

    /// <summary>Whether somebody wants what is kept there otherwise to be written once more.</summary>
    private bool IsToBeKept(LinkItem item) => item.Quarantine == Unkept && link.AskedAgain.Contains(item.Uid);

    private StoreOperation ConflictOf(string uid, IReadOnlyList<FieldGroup> practice, CalendarObject here, OutsideSeries found)
    {
        Counts.Conflicts++;
        return new Conflict(clock.GetCurrentInstant(), link.Id, uid, practice, LinkItem.Text(here), LinkItem.Text(found.Content)) { Level = link.Level }.Put(link.PractitionerId);
    }
}
