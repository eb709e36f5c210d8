using Calendaring.ICalendar;
using NodaTime;
using Practice.Hx;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;

namespace Sandbox.Tests.Sync;

/// <summary>A link to Google or Microsoft, of several.</summary>
internal sealed class FollowedLink(string name, OutsideLink link, PlayedEdits edits) : FollowedSide(name)
{
    public override Instant Now => link.Now;

    public override Task EditAsync() => edits.ThereAsync(link, Ledger);

    public override Task ClearAsync() => link.Scene.Http.DeleteAsync("/user/faults", TestContext.Current.CancellationToken);

    public override Task SettleAsync(string history) => link.SettleAsync(history);

    public override string Asked() => string.Join('\n', link.Wire.Ever.Select(one => $"{one.Method} {Uri.UnescapeDataString(one.Path)}\n{one.Headers}\n{one.Body}"));

    public override Task<Dictionary<string, CalendarObject>> ShownAsync() => link.ShownAsync();

    public override Task<IReadOnlyList<Conflict>> ConflictsAsync() => link.ConflictsAsync();

    protected override Task ScriptAsync(Random random, List<string> history) => In_any_history_with.ScriptAsync(link, random, history);

    protected override Task<PassResult> PassAsync(int writes) => link.PassAsync(new CutStore(link.Store, writes));

    protected override Task KnowAsync() => link.NoteAsync(Ledger);

    protected override Task<Dictionary<string, CalendarObject>> BasesAsync() => link.BasesAsync();

    protected override Task<Link> LinkAsync() => link.LinkAsync();

    protected override Task PutAsync(Link changed) => link.PutAsync(changed);
}
