using Practice.Hx;

namespace ProviderBridge.Sync;

// What was removed, and is there outside again: somebody took it out of the bin there.
internal sealed partial class Reconciler
{
    /// <summary>
    /// Whether it is the appointment itself that has returned, of which the link mirrors nothing now. Its id tells; where a service gives another one, that it is when the appointment was, unless
    /// nothing is left of that: a copy that somebody made of a copy may be at any time.
    /// </summary>
    private async Task<bool> IsReturnedAsync(OutsideSeries found, string uid, LinkItem? item, CancellationToken cancelled)
    {
        if (item is not null || found.Parts is not null || await NextGenerationAsync(uid, cancelled) == 0) return false;
        if (found.IsOurs || uid == UidOf(found.Id)) return true;
        return await ReadRemovedAsync(uid, cancelled) is not { } kept || !ExternalPatch.Differences(outside.Render(kept.Content), found.Content, isOurs: true).Any(static one => one.Group == FieldGroup.Times);
    }

    /// <summary>
    /// Takes it in as what it was (docs/rules.md R6): what was removed outside is in the diary again, and what the practice has taken out of it stays out, is kept for the practitioner to decide, and is removed outside once more.
    /// </summary>
    private async Task<string?> TakeReturnedAsync(OutsideSeries found, string uid, CancellationToken cancelled)
    {
        // what a service cannot say of it is no edit
        var kept = await ReadRemovedAsync(uid, cancelled);
        if (kept is null && IsBusyCopy(found, null))
        {
            // what it says is in the diary's own bin, and in no copy
            await outside.DeleteAsync(found, cancelled);
            Counts.RemovedOut++;
            return null;
        }

        var returned = kept is null ? found.Content : ExternalPatch.Apply(outside.Render(kept.Content), found.Content, kept.Whole, clock.GetCurrentInstant()) ?? found.Content;
        return await ImportAsync(found, returned, uid, isReturned: true, cancelled);
    }

    /// <summary>
    /// Removes a copy of a private appointment that this link shows nothing of, and one that a link of before has left; false where it is a copy that somebody made, at another time.
    /// </summary>
    private async Task<bool> IsOfWithheldAsync(OutsideSeries found, string uid, LinkItem? item, HxSide shown, CancellationToken cancelled)
    {
        var isLeft = item is null && IsBusyCopy(found, shown) && await NextGenerationAsync(uid, cancelled) == 0;
        if (!isLeft && !found.IsOurs && uid != UidOf(found.Id) && ExternalPatch.Differences(outside.Render(shown.Whole), found.Content, isOurs: true).Any(static one => one.Group == FieldGroup.Times)) return false;
        await outside.DeleteAsync(found, cancelled);
        Counts.RemovedOut++;
        return true;
    }

    /// <summary>Whether it is a copy of a private appointment, which says nothing but when somebody is busy (docs/rules.md P9).</summary>
    /// <param name="found">What there is outside.</param>
    /// <param name="shown">What it may be a copy of, as the link is shown that; null where that is gone.</param>
    private static bool IsBusyCopy(OutsideSeries found, HxSide? shown)
    {
        // one occurrence of it may have been given a title
        var whole = found.Content.Calendar.Components.FirstOrDefault(static one => one.Name == "VEVENT" && one.Find("RECURRENCE-ID") is null);
        return found.Tag is not null && (shown?.IsHidden ?? whole?.Find("CLASS")?.Text == "PRIVATE") && whole?.Find("SUMMARY")?.Text == HxCalendar.BusyTitle;
    }

    /// <summary>Whether somebody has typed something in a copy of which nothing is known but when it is: that is not taken.</summary>
    private static bool HasWords(OutsideSeries copy) => copy.Content.Calendar.Components.Where(static one => one.Name == "VEVENT").Any(static one =>
        one.Find("SUMMARY")?.Text != HxCalendar.BusyTitle || one.Find("DESCRIPTION")?.Text is { Length: > 0 } || one.Find("LOCATION")?.Text is { Length: > 0 });

    /// <summary>What the diary has of an appointment that is out of the calendar, as the link would be shown it; null when it has nothing.</summary>
    private async Task<HxSide?> ReadRemovedAsync(string uid, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await HxSide.ReadRemovedAsync(snapshot, link, uid);
    }
}
