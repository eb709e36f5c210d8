using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Groups;
using Practice.Hx;
using ProviderBridge.Accounts;
using ProviderBridge.Sync;

namespace CalDavServer.Links;

/// <summary>Makes, changes and ends the links of practitioners.</summary>
internal sealed class LinkKeeper(ICalendarStore store, IClock clock, LinkRunner runner)
{
    /// <summary>An account of a practitioner, and the link to it; null where there is none.</summary>
    public async Task<(OutsideAccount? Account, Link? Link)> FindAsync(AccountKey account, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (await OutsideAccount.FindAsync(snapshot, account), await Link.FindAsync(snapshot, Link.KeyOf(account)));
    }

    /// <summary>Whether somebody else has connected the same account: to give its access back at the provider would end theirs, too (R3).</summary>
    public async Task<bool> IsSharedAsync(AccountKey account, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await OutsideAccount.IsSharedAsync(snapshot, account);
    }

    /// <summary>Whether a calendar at a service belongs to a link already: two in one would give each other's appointments to both.</summary>
    public async Task<bool> IsLinkedAsync(string calendarId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        foreach (var other in await snapshot.ListPrincipalsAsync())
        {
            if ((await Link.ListAsync(snapshot, other.Id)).Any(link => link.CalendarId == calendarId)) return true;
        }

        return false;
    }

    /// <summary>The accounts of a practitioner with their links.</summary>
    public async Task<IReadOnlyList<(OutsideAccount Account, Link? Link)>> ListAsync(string practitionerId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        var links = (await Link.ListAsync(snapshot, practitionerId)).ToDictionary(link => link.Account);
        return [.. (await OutsideAccount.ListAsync(snapshot, practitionerId)).Select(account => (account, links.GetValueOrDefault(account.Key)))];
    }

    /// <summary>What is known of a link beyond how it stands.</summary>
    public async Task<LinkReport> ReportAsync(Link link, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await LinkReport.ReadAsync(snapshot, link);
    }

    /// <summary>Makes a link; false when there is one already.</summary>
    /// <param name="practitioner">Whose.</param>
    /// <param name="by">Who does it, and in which browser.</param>
    /// <param name="account">In which account.</param>
    /// <param name="label">What people call it.</param>
    /// <param name="calendarId">The calendar there.</param>
    /// <param name="level">What it is shown.</param>
    /// <param name="from">From which change of the HX_ calendar on; 0 includes what is there.</param>
    /// <param name="privateAs">What it is shown of private appointments.</param>
    public async Task<bool> MakeAsync(Principal practitioner, AuditActor by, OutsideAccount account, string label, string calendarId, PrivacyLevel level, long from, PrivateAs privateAs = PrivateAs.Busy)
    {
        var link = new Link(Link.KeyOf(account.Key).LinkId, practitioner.Id, account.Provider, label, level) { PrivateAs = privateAs, CalendarId = calendarId, HxCursor = from, From = from };
        var lines = PracticeAudit.LinesAbout(practitioner, clock.GetCurrentInstant(), by, AuditAction.LinkMade, label: label);
        var made = await store.ChangeAsync(practitioner.Id, async snapshot => await Link.FindAsync(snapshot, link.Key) is not null
            ? new Decision<bool>(null, false)
            : new Decision<bool>([.. await link.PutAsync(snapshot, Happened(LinkEventKind.Made)), .. lines], true));
        if (!made.Written()) return false;
        runner.Wake(link.Key);
        return true;
    }

    /// <summary>Changes a link as it is then, and notes what happened; false when there is none, or the change gives null.</summary>
    public async Task<bool> ChangeAsync(AccountKey account, Func<Link, Link?> change, LinkEventKind? happened = null) =>
        await ChangeAsync(account, async (snapshot, link) => change(link) is not { } changed ? null : happened is { } kind ? await changed.PutAsync(snapshot, Happened(kind) with { Deletions = changed.AllowedDeletions }) : [changed.Put()]);

    /// <summary>Has all that is outside rewritten to show something else; false when that is what it shows.</summary>
    public Task<bool> ChangeShownAsync(AccountKey account, PrivacyLevel level, PrivateAs privateAs) => ChangeAsync(
        account,
        link =>
        {
            var levelled = link.Level == level ? null : link with { Level = level, RewritingSince = clock.GetCurrentInstant(), IsLowered = level < link.Level || link.IsLowered };
            return (levelled ?? link).ShowingPrivate(privateAs, clock.GetCurrentInstant()) ?? levelled;
        },
        LinkEventKind.LevelChanged);

    /// <summary>Takes the version of a conflict that does not count now, as an edit of that person's; what came of it, as a sentence.</summary>
    public async Task<string> TakeOtherAsync(Link link, AuditActor by, string conflictId)
    {
        Conflict? conflict;
        using (var snapshot = await store.OpenSnapshotAsync()) conflict = await Conflict.FindAsync(snapshot, link.PractitionerId, conflictId);
        if (conflict is null || conflict.LinkId != link.Id) return "This has been decided already: nothing was changed.";
        var (practice, outside) = (conflict.ReadPractice(), conflict.ReadOutside());
        var (before, wanted) = conflict.PracticeWins ? (practice, outside) : (outside, practice);
        // both versions say what was shown then: at another level, what was hidden would look like a change
        var origin = new ExternalOrigin(link.Id, link.Label, conflict.Level ?? link.Level) { Actor = by };
        var outcome = await new ExternalChanges(store, clock, PracticeGroup.MirrorsHalaxyAsync).PatchAsync(
            new AppointmentKey(link.PractitionerId, conflict.Uid), origin, before, wanted, (_, group) => !conflict.PracticeWins || conflict.PracticeGroups.Contains(group));
        if (outcome is ExternalRefused refused) return $"It was not changed: {refused.Reason}";
        if (outcome is ExternalGone) return "The appointment is no longer in your diary: nothing was changed.";
        if (outcome is not ExternalApplied applied) return "It could not be changed now. Try again.";
        await LeaveAsync(link, conflictId);
        runner.Wake(link.Key);
        return applied.NotTaken.Count == 0 ? "The other version counts now." : "The other version counts now, except for what only the diary can change.";
    }

    /// <summary>Leaves a conflict as it was decided; false when that was said already.</summary>
    public async Task<bool> LeaveAsync(Link link, string conflictId)
    {
        var left = await store.ChangeAsync(link.PractitionerId, async snapshot => await Conflict.FindAsync(snapshot, link.PractitionerId, conflictId) is { } conflict && conflict.LinkId == link.Id
            ? new Decision<bool>([conflict.Remove(link.PractitionerId)], true)
            : new Decision<bool>(null, false));
        return left.Written();
    }

    /// <summary>Begins again in another calendar, with all of the practitioner's that the link mirrors; false when the one before is not gone, as after a double click.</summary>
    public Task<bool> RenewAsync(AccountKey account, string calendarId) =>
        ChangeAsync(
            account,
            async (snapshot, link) => link.State != LinkState.CalendarGone ? null :
            [
                .. await (link with { State = LinkState.Active, CalendarId = calendarId, HxCursor = link.From, OutsideCursor = null, LastPass = null, Count = 0, Quarantined = [], InParts = [], RewritingSince = null, IsLowered = false, Removed = [] }).PutAsync(snapshot, Happened(LinkEventKind.Renewed)),
                .. await link.ForgetAsync(snapshot),
            ]);

    /// <summary>Forgets an account and the link to it. The practice's appointments stay.</summary>
    public async Task<bool> EndAsync(Principal practitioner, AuditActor by, string accountId)
    {
        var key = new AccountKey(practitioner.Id, accountId);
        var ended = await store.ChangeAsync(
            practitioner.Id,
            async snapshot =>
            {
                if (await OutsideAccount.FindAsync(snapshot, key) is not { } account) return new Decision<bool>(null, false);
                List<StoreOperation> steps = [account.Remove()];
                if (await Link.FindAsync(snapshot, Link.KeyOf(key)) is { } link)
                {
                    steps.AddRange(await link.EndAsync(snapshot));
                    steps.AddRange(PracticeAudit.LinesAbout(practitioner, clock.GetCurrentInstant(), by, AuditAction.LinkRemoved, label: link.Label));
                }

                return new Decision<bool>(steps, true);
            });
        return ended.Written();
    }

    private LinkEvent Happened(LinkEventKind kind) => new(clock.GetCurrentInstant(), kind);

    private async Task<bool> ChangeAsync(AccountKey account, Func<IStoreSnapshot, Link, ValueTask<IReadOnlyList<StoreOperation>?>> change)
    {
        var key = Link.KeyOf(account);
        var changed = await store.ChangeAsync(
            account.PractitionerId,
            async snapshot =>
            {
                var steps = await Link.FindAsync(snapshot, key) is { } link ? await change(snapshot, link) : null;
                return new Decision<bool>(steps, steps is not null);
            });
        if (!changed.Written()) return false;
        runner.Wake(key);
        return true;
    }
}
