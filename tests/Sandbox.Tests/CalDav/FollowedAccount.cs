using Calendaring.ICalendar;
using NodaTime;
using Practice.Hx;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;
using Sandbox.Tests.Sync;

namespace Sandbox.Tests.CalDav;

/// <summary>A link to a CalDAV account, of several.</summary>
internal sealed class FollowedAccount(CalDavLink link, CalDavEdits edits) : FollowedSide("CalDAV")
{
    public override Instant Now => link.Now;

    public override Task EditAsync()
    {
        link.Advance(Duration.Zero);
        return edits.ThereAsync(link, Ledger);
    }

    public override Task ClearAsync()
    {
        link.Front.ClearScript();
        return Task.CompletedTask;
    }

    public override Task SettleAsync(string history) => link.SettleAsync(history);

    public override string Asked() => link.Asked();

    public override Task<Dictionary<string, CalendarObject>> ShownAsync() => link.ShownAsync();

    public override Task<IReadOnlyList<Conflict>> ConflictsAsync() => link.ConflictsAsync();

    protected override Task ScriptAsync(Random random, List<string> history)
    {
        In_any_history_with_a_CalDAV_account.Script(link, random, history);
        return Task.CompletedTask;
    }

    protected override Task<PassResult> PassAsync(int writes) => link.PassAsync(new CutStore(link.Store, writes));

    protected override Task KnowAsync() => link.NoteAsync(Ledger);

    protected override Task<Dictionary<string, CalendarObject>> BasesAsync() => link.BasesAsync();

    protected override Task<Link> LinkAsync() => link.LinkAsync();

    protected override Task PutAsync(Link changed) => link.PutAsync(changed);
}
