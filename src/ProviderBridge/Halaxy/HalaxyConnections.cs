using Calendaring.Store;
using NodaTime;
using NodaTime.Text;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;

namespace ProviderBridge.Halaxy;

/// <summary>What a key that was tried may see.</summary>
/// <param name="Scopes">Kind by kind.</param>
/// <param name="IsKept">Whether it was kept: everything that is needed may be seen.</param>
public sealed record HalaxyTrial(IReadOnlyList<HalaxyScope> Scopes, bool IsKept)
{
    /// <summary>Whether it opens another account than the one whose appointments are, or were, mirrored.</summary>
    public bool IsOfAnotherAccount { get; init; }

    /// <summary>Whether that cannot be said, since Halaxy did not list all practitioners.</summary>
    public bool IsUnclear { get; init; }

    /// <summary>Whether what was mirrored is being forgotten: no key is taken until that is finished.</summary>
    public bool IsForgetting { get; init; }
}

/// <summary>How many appointments of a practitioner would come.</summary>
/// <param name="PractitionerId">The practitioner here.</param>
/// <param name="Count">How many appointments Halaxy has of them from the first day on.</param>
/// <param name="OnlyHere">How many their diary has of its own in the year to come, which Halaxy does not have.</param>
public sealed record HalaxyForecast(string PractitionerId, int Count, int OnlyHere)
{
    /// <summary>What was changed in their diary while the practice was not connected, and Halaxy does not know.</summary>
    public HalaxyUnsent Unsent { get; init; } = new();
}

/// <summary>How many appointments are in a practitioner's diary that are of the person whom they were taken for in Halaxy, and leave it when another one is chosen.</summary>
/// <param name="PractitionerId">The practitioner here.</param>
/// <param name="Count">How many.</param>
public sealed record HalaxyLeaving(string PractitionerId, int Count);

/// <summary>Connects practice groups with their Halaxy accounts, and ends that. Appointments stay as they are; what was mirrored once is known again.</summary>
public sealed class HalaxyConnections(ICalendarStore store, IClock clock, HalaxyClients clients, HalaxySecrets secrets)
{
    /// <summary>How far back appointments come when a practice connects.</summary>
    public static Duration Back { get; } = Duration.FromDays(31);

    /// <summary>The connection of a practice group; null when there never was one.</summary>
    public async Task<HalaxyConnection?> FindAsync(string groupId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await HalaxyConnection.FindAsync(snapshot, groupId);
    }

    /// <summary>What is left for people to do in Halaxy, and which versions of the diary did not count.</summary>
    public async Task<(IReadOnlyList<HalaxyTask> Tasks, IReadOnlyList<HalaxyOverruled> Overruled)> ReportAsync(string groupId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (await HalaxyTask.ListAsync(snapshot, groupId), [.. (await HalaxyOverruled.ListAsync(snapshot, groupId)).Select(secrets.Show)]);
    }

    /// <summary>The same of one appointment of a diary.</summary>
    public async Task<(IReadOnlyList<HalaxyTask> Tasks, IReadOnlyList<HalaxyOverruled> Overruled)> ReportAsync(string groupId, AppointmentKey appointment, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        var id = await HalaxyItem.FindIdAsync(snapshot, appointment);
        IReadOnlyList<HalaxyTask> tasks = id is null ? [] : await HalaxyTask.ListOfAsync(snapshot, groupId, id);
        var overruled = await HalaxyOverruled.ListOfAsync(snapshot, groupId, id, appointment);
        return ([.. tasks.Where(task => task.Appointment == appointment)], [.. overruled.Select(secrets.Show)]);
    }

    /// <summary>Whether an appointment of a diary was in Halaxy, and was deleted there.</summary>
    public async Task<bool> WasDeletedThereAsync(string groupId, AppointmentKey appointment, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await Mirroring.ReadAsync(snapshot, appointment, clock.GetCurrentInstant()) is { HalaxyId: null } copy
            && await HalaxyItem.FindIdByNameAsync(snapshot, appointment.PractitionerId, copy.Name) is { } id
            && await HalaxyItem.FindAsync(snapshot, groupId, id) is { IsGone: true };
    }

    /// <summary>Tries a key, and keeps it when it opens what is needed: in place of the one before where the practice is connected, otherwise for a person to say who is who.</summary>
    /// <exception cref="HalaxyException">Halaxy does not take it, or cannot be asked.</exception>
    public async Task<HalaxyTrial> TryAsync(string groupId, HalaxyKey key, AuditActor by, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        using var client = clients.Try(groupId, key);
        var scopes = await HalaxyScopes.ProbeAsync(client, cancelled);
        if (scopes.Any(scope => scope is { IsNeeded: true, IsGiven: false })) return new HalaxyTrial(scopes, false);
        var catalog = await HalaxyCatalog.ReadAsync(client, isFirst: true, cancelled);
        var abilities = await HalaxyAbilities.ProbeAsync(client, cancelled);
        var people = await PractitionersAsync(groupId, cancelled);
        var (region, id) = (key.Address, key.ClientId);
        var (other, unclear, forgetting) = (false, false, false);
        var kept = await store.ChangeAsync(
            groupId,
            async snapshot =>
            {
                var before = await HalaxyConnection.FindAsync(snapshot, groupId);
                var (version, account) = (before?.Version ?? 0, before?.Account ?? 0);
                (other, unclear, forgetting) = (false, false, before is { IsForgetting: true });
                if (forgetting) return new Decision<bool>(null, false);
                if (before?.IsBlank == true) before = null;
                var isOther = before is null ? false : IsOther(before, region, catalog);
                if (isOther != false)
                {
                    // nothing came of an account that was only tried: another one may take its place
                    var isBound = before!.IsConnected || (await HalaxyItem.ListAsync(snapshot, groupId, null, 1)).Count > 0;
                    (other, unclear) = (isBound && isOther == true, isBound && isOther is null);
                    if (isBound) return new Decision<bool>(null, false);
                    // where nobody is listed, who is who is not lost
                    if (isOther == true || catalog.Roles.Count > 0 || before.ClientId != key.ClientId) before = null;
                }

                var made = (before ?? new HalaxyConnection(groupId, region, id, "", clock.GetCurrentInstant() - Back)).With(catalog).With(abilities) with
                {
                    Account = account,
                    ClientId = id,
                    ProtectedSecret = secrets.Protect(groupId, key.ClientSecret),
                    Version = version,
                    MissingScopes = MissingOf(scopes),
                    // whoever gives a key is to hear when it is refused
                    Notice = null,
                    // nobody heard what was deleted in Halaxy while there was none
                    LastCompare = null,
                    // another key is no answer to deletions that wait
                    State = before switch { { State: HalaxyState.DeletionsHeld } => HalaxyState.DeletionsHeld, { IsConnected: true } => HalaxyState.Active, _ => HalaxyState.Proposed },
                    // one that this server cannot read any more is known to nobody
                    ProtectedHook = before is not null && secrets.HookOf(before) is not null ? before.ProtectedHook : secrets.Protect(groupId, HalaxyHook.Make()),
                };
                if (made is { State: HalaxyState.Proposed, Matches.Count: 0 }) made = made with { Matches = HalaxyPractitionerMatching.Propose(people, HalaxyPractitionerMatching.PractitionersOf(made.Roles)) };
                List<StoreOperation> steps = [made.Put()];
                if (before is { IsConnected: true }) steps.Add(PracticeAudit.Line(groupId, clock.GetCurrentInstant(), by, AuditAction.HalaxyKeyChanged));
                return new Decision<bool>(steps, true);
            },
            cancellationToken: cancelled);
        return new HalaxyTrial(scopes, kept.Written()) { IsOfAnotherAccount = other, IsUnclear = unclear, IsForgetting = forgetting };
    }

    /// <summary>Has everything compared by the next pass. Null when there is nothing to compare with.</summary>
    public Task<HalaxyConnection?> CompareAsync(string groupId) => ChangeAsync(groupId, static connection => connection.IsConnected && connection.Comparing() is { Mirrors: true } compared ? compared : null);

    /// <summary>Has Halaxy asked again where a box was not ticked. Null when there is nothing to ask, or deletions or another key are waited for.</summary>
    public async Task<HalaxyConnection?> ResumeAsync(string groupId) => await FindAsync(groupId) switch
    {
        // a write would end the pass that runs
        { Mirrors: true } connection => connection,
        { State: HalaxyState.MissingScope } => await ChangeAsync(groupId, static connection => connection.State == HalaxyState.MissingScope ? connection.Comparing() : null),
        _ => null,
    };

    /// <summary>
    /// Looks which boxes are ticked for the key now: that changes in Halaxy, and nothing tells of it. When others are than were, all is compared. A pass does not look by itself, since it would read a patient whose name nobody needs.
    /// </summary>
    /// <returns>Whether it was looked; not when Halaxy does not answer.</returns>
    public async Task<bool> LookAsync(HalaxyConnection connection, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (!connection.Mirrors || clients.Find(connection) is not { } client) return true;
        IReadOnlyList<string> missing;
        try
        {
            missing = MissingOf(await HalaxyScopes.ProbeAsync(client, cancelled));
        }
        catch (HalaxyException)
        {
            // the pass finds out what that means
            return false;
        }

        await ChangeAsync(
            connection.GroupId,
            now => now.Mirrors && now.ProtectedSecret == connection.ProtectedSecret && !missing.ToHashSet().SetEquals(now.MissingScopes) ? now with { MissingScopes = missing, LastCompare = null } : null);
        return true;
    }

    /// <summary>Tries whether the key of a connection that waits for it is good again: a refusal may have been a moment's, or a box is ticked again. Null when it is not, or cannot be said.</summary>
    public async Task<HalaxyConnection?> TryAgainAsync(HalaxyConnection connection, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (clients.Find(connection) is not { } client || await HalaxyScopes.RefusalOfAsync(client, cancelled) is not null) return null;
        return await ChangeAsync(connection.GroupId, now => now.State == connection.State && now.ProtectedSecret == connection.ProtectedSecret ? now.Resuming() : null);
    }

    /// <summary>Notes that this server can no longer read the key of a connection, for which another one is needed. Null when that was noted before, or it has another by now.</summary>
    public Task<HalaxyConnection?> LoseKeyAsync(HalaxyConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return ChangeAsync(connection.GroupId, now => now.Mirrors && now.ProtectedSecret == connection.ProtectedSecret ? now.Waiting(HalaxyState.KeyLost) : null);
    }

    /// <summary>Counts what would come from the first day on, and what Halaxy would be told, before anything changes.</summary>
    /// <exception cref="HalaxyException">Halaxy cannot be asked.</exception>
    public async Task<IReadOnlyList<HalaxyForecast>> CountAsync(HalaxyConnection connection, AuditActor by, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var client = clients.Find(connection) ?? throw new HalaxyException(HalaxyFault.KeyRefused, "This server has lost the key.");
        var unsent = await HalaxyUnsent.CountAsync(store, connection, clock.GetCurrentInstant(), cancelled);
        List<HalaxyForecast> all = [];
        foreach (var match in connection.Matches)
        {
            var count = 0;
            foreach (var role in connection.Roles.Where(role => role.PractitionerId == match.HalaxyPractitionerId))
                count += await client.CountAsync<Hl7.Fhir.Model.Appointment>($"date=ge{InstantPattern.General.Format(connection.From)}&practitioner-role={Uri.EscapeDataString(role.Id)}", cancelled);
            all.Add(new HalaxyForecast(match.PractitionerId, count, (await HalaxyOnlyHere.ListAsync(new Diary(store, clock, match.PractitionerId, by), clock.GetCurrentInstant(), DiaryBudget.OfList(cancelled))).Count) { Unsent = unsent.GetValueOrDefault(match.PractitionerId) ?? new HalaxyUnsent() });
        }

        return all;
    }

    /// <summary>Counts what would leave the diaries if these people were matched: what came there while they were matched with others.</summary>
    public async Task<IReadOnlyList<HalaxyLeaving>> CountLeavingAsync(HalaxyConnection connection, IReadOnlyList<HalaxyMatch> matches, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var changed = matches.Except(connection.Matches).DistinctBy(match => match.PractitionerId).ToDictionary(match => match.PractitionerId, StringComparer.Ordinal);
        if (changed.Count == 0) return [];
        // what came while they were matched so before stays
        bool Leaves(HalaxyCopy copy) => changed.TryGetValue(copy.PractitionerId, out var match) && (copy.Person is { } person ? person != match.HalaxyPractitionerId : !connection.Former.Contains(match));
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        var items = await HalaxyItem.ListAsync(snapshot, connection.GroupId);
        return [.. items.Where(item => !item.IsGone).SelectMany(item => item.Copies).Where(Leaves).GroupBy(copy => copy.PractitionerId).Select(own => new HalaxyLeaving(own.Key, own.Count()))];
    }

    /// <summary>Says who is who; null when there is nothing to match. Who is not matched any more keeps their diary as it is.</summary>
    public Task<HalaxyConnection?> MatchAsync(string groupId, IReadOnlyList<HalaxyMatch> matches, AuditActor by) => ChangeAsync(
        groupId,
        connection =>
        {
            if (connection.State == HalaxyState.Disconnected || connection.Matches.ToHashSet().SetEquals(matches)) return null;
            return connection.Matching(matches);
        },
        connection => connection.IsConnected ? PracticeAudit.Line(groupId, clock.GetCurrentInstant(), by, AuditAction.HalaxyMatched) : null);

    /// <summary>Connects: from now on Halaxy is the truth. Null when there is no key that was tried, or it is connected already.</summary>
    public Task<HalaxyConnection?> ConnectAsync(string groupId, AuditActor by) => ChangeAsync(
        groupId,
        connection => connection is { State: HalaxyState.Proposed, Matches.Count: > 0 } ? connection with { State = HalaxyState.Active, LastCompare = null } : null,
        _ => PracticeAudit.Line(groupId, clock.GetCurrentInstant(), by, AuditAction.HalaxyConnected));

    /// <summary>Ends it, and forgets the key. The diaries stay as they are; null when it was not connected.</summary>
    public Task<HalaxyConnection?> DisconnectAsync(string groupId, AuditActor by) => ChangeAsync(
        groupId,
        connection => connection.State == HalaxyState.Disconnected ? null : connection with { State = HalaxyState.Disconnected, ProtectedSecret = "", HeldDeletions = 0, AllowedDeletions = 0, MissingNames = [], LacksNames = false },
        connection => !connection.IsConnected ? null : PracticeAudit.Line(groupId, clock.GetCurrentInstant(), by, AuditAction.HalaxyDisconnected));

    /// <summary>Whether it is known which appointments of the diaries came from an account that is not connected any more: only that account can be connected then.</summary>
    public async Task<bool> HasMirroredAsync(string groupId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await HalaxyConnection.FindAsync(snapshot, groupId) is { State: HalaxyState.Disconnected, IsBlank: false } connection && (connection.IsForgetting || (await HalaxyItem.ListAsync(snapshot, groupId, null, 1)).Count > 0);
    }

    /// <summary>Forgets which appointments of the diaries came from the account that was connected: they are the practice's own, and another account can be connected. What was begun before is finished. False when nothing was done: one is connected, a key of one is known, or there is nothing to forget.</summary>
    public Task<bool> ForgetAsync(string groupId, AuditActor by, CancellationToken cancelled = default) => new HalaxyForgetting(store, clock, groupId).RunAsync(by, cancelled);

    /// <summary>Changes it as it is then; null when there is none, or the change gives null.</summary>
    public Task<HalaxyConnection?> ChangeAsync(string groupId, Func<HalaxyConnection, HalaxyConnection?> change) => ChangeAsync(groupId, change, static _ => null);

    /// <summary>Puts away a version of the diary that did not count; false when it is put away.</summary>
    public async Task<bool> PutAwayAsync(string groupId, string id, string practitionerId)
    {
        var done = await store.ChangeAsync(groupId, async snapshot => await HalaxyOverruled.FindAsync(snapshot, groupId, id, practitionerId) is { } found
            ? new Decision<bool>([found.Remove()], true)
            : new Decision<bool>(null, false));
        return done.Written();
    }

    /// <summary>Whether a key opens another account than the one that is known; null where that cannot be said.</summary>
    private static bool? IsOther(HalaxyConnection before, Uri address, HalaxyCatalog catalog)
    {
        if (before.Address != address) return true;
        if (before.Roles.Count == 0 || before.Roles.Any(role => catalog.Roles.Any(one => one.Id == role.Id && one.PractitionerId == role.PractitionerId))) return false;
        return catalog.IsWhole ? true : null;
    }

    private static IReadOnlyList<string> MissingOf(IReadOnlyList<HalaxyScope> scopes) => [.. scopes.Where(scope => !scope.IsGiven).Select(scope => scope.Resource)];

    private async Task<HalaxyConnection?> ChangeAsync(string groupId, Func<HalaxyConnection, HalaxyConnection?> change, Func<HalaxyConnection, StoreOperation?> line)
    {
        var changed = await store.ChangeAsync(groupId, async snapshot =>
        {
            if (await HalaxyConnection.FindAsync(snapshot, groupId) is not { } before || change(before) is not { } after) return new Decision<HalaxyConnection?>(null, null);
            List<StoreOperation> steps = [after.Put(), .. await PracticeGroup.SetConnectedAsync(snapshot, groupId, after.IsConnected, after.Matches.Select(match => match.PractitionerId))];
            if (line(after.State == HalaxyState.Disconnected ? before : after) is { } written) steps.Add(written);
            return new Decision<HalaxyConnection?>(steps, after);
        });
        return changed.Written();
    }

    private async Task<IReadOnlyList<(string Id, string Name)>> PractitionersAsync(string groupId, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return [.. (await snapshot.ListPrincipalsAsync(groupId)).Where(person => person is { Role: PrincipalRole.Practitioner, Deactivated: null }).Select(person => (person.Id, person.DisplayName))];
    }
}
