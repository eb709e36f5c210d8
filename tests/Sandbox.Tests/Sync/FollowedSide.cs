using Calendaring.ICalendar;
using NodaTime;
using Practice.Hx;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;

namespace Sandbox.Tests.Sync;

/// <summary>
/// One link of several. What its person does outside and what has changed in the diary meanwhile, whoever did it, is noted in a ledger of its own: to a link, the diary and all others are one side.
/// </summary>
/// <param name="name">What it is called.</param>
internal abstract class FollowedSide(string name)
{
    private Dictionary<string, CalendarObject> _shown = [];

    public string Name => name;

    public Ledger Ledger { get; } = new();

    public abstract Instant Now { get; }

    /// <summary>Its person does something.</summary>
    public abstract Task EditAsync();

    /// <summary>A pass, with trouble or without; false when it did not come to its end.</summary>
    public async Task<bool> PassAsync(Random random, List<string> history)
    {
        await NoteHereAsync();
        await ScriptAsync(random, history);
        var result = "cut";
        try
        {
            result = (await PassAsync(random.Next(2) == 0 ? int.MaxValue : random.Next(12))).ToString();
        }
        catch (CutException)
        {
            // the process is gone: its lease ends by itself
        }

        if (await LinkAsync() is { State: LinkState.DeletesHeld } held) await PutAsync(held with { State = LinkState.Active, AllowedDeletions = 1000 });
        history.Add($"{Name} pass: {result}");
        await KnowAsync();
        _shown = await ShownAsync();
        return result == "Done";
    }

    /// <summary>What has changed in the diary since its last pass.</summary>
    public async Task NoteHereAsync()
    {
        var (now, bases) = (await ShownAsync(), await BasesAsync());
        foreach (var (uid, content) in now)
        {
            // what repeats is not followed, nor what comes back, nor where it is
            var was = _shown.GetValueOrDefault(uid);
            if (OutsideEdit.TakesSteps(content) || (was is null && Ledger.Knows(uid)))
            {
                Ledger.Leave(uid);
                continue;
            }

            if (was is null) Ledger.Made(Now, uid, LedgerSide.Here);
            foreach (var group in new[] { FieldGroup.Times, FieldGroup.Text })
            {
                var (value, before) = (Ledger.ValueOf(content, group), was is null ? null : Ledger.ValueOf(was, group));
                if (before is not null && value != before && bases.GetValueOrDefault(uid) is { } agreed && Ledger.ValueOf(agreed, group) == value) Ledger.TakenBack(uid, LedgerSide.Here, group, value);
                else Ledger.Edited(Now, uid, LedgerSide.Here, group, value, before);
            }
        }

        foreach (var uid in _shown.Keys.Where(uid => !now.ContainsKey(uid)))
        {
            Ledger.Removed(Now, uid, LedgerSide.Here);
            // a fault may be a person who changes it at the same moment
            Ledger.Copied(uid);
        }

        _shown = now;
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public abstract Task ClearAsync();

    /// <summary>Passes until nothing is left to do, and asserts that both sides agree and that it is quiet.</summary>
    public abstract Task SettleAsync(string history);

    /// <summary>All that was ever sent.</summary>
    public abstract string Asked();

    public abstract Task<Dictionary<string, CalendarObject>> ShownAsync();

    public abstract Task<IReadOnlyList<Conflict>> ConflictsAsync();

    /// <summary>What the link was shown of each appointment when both sides last agreed, by UID.</summary>
    protected abstract Task<Dictionary<string, CalendarObject>> BasesAsync();

    protected abstract Task ScriptAsync(Random random, List<string> history);

    protected abstract Task<PassResult> PassAsync(int writes);

    protected abstract Task KnowAsync();

    protected abstract Task<Link> LinkAsync();

    protected abstract Task PutAsync(Link link);
}
