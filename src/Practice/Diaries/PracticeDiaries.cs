using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>The diaries of practitioners: who may open which, and what is known of each beside its appointments.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">The current time.</param>
public sealed class PracticeDiaries(ICalendarStore store, IClock clock)
{
    /// <summary>Whether a diary is open to somebody: it is to its practitioner and to the administrators of the practice group.</summary>
    public static bool MayOpen(Principal person, Principal practitioner)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(practitioner);
        if (practitioner.Role != PrincipalRole.Practitioner) return false;
        return practitioner.Id == person.Id
            || (person.Role == PrincipalRole.Administrator && person.GroupId is not null && person.GroupId == practitioner.GroupId);
    }

    /// <summary>A diary, in the name of whoever acts.</summary>
    public Diary Open(string practitionerId, AuditActor by) => new(store, clock, practitionerId, by);

    /// <summary>The practitioner whose diary somebody wants to open; null when there is none of that id, or they may not.</summary>
    public async Task<Principal?> FindPractitionerAsync(Principal person, string practitionerId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await snapshot.FindPrincipalAsync(practitionerId) is { } practitioner && MayOpen(person, practitioner) ? practitioner : null;
    }

    /// <summary>The practitioners of a practice group whose diaries somebody may open, by name.</summary>
    public async Task<IReadOnlyList<Principal>> ListPractitionersAsync(Principal person, string practiceId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return [.. (await snapshot.ListPrincipalsAsync(practiceId)).Where(other => MayOpen(person, other)).OrderBy(other => other.DisplayName, StringComparer.Ordinal)];
    }

    /// <summary>What one of a practitioner's appointments looks like outside, at each level.</summary>
    public async Task<HxPreview> PreviewAsync(Principal practitioner, PracticeGroup practice, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await HxPreview.OfAsync(snapshot, practitioner, practice, clock.GetCurrentInstant());
    }

    /// <summary>The last inclusion of a practitioner's existing appointments (R5); null when there never was one.</summary>
    public async Task<Inclusion?> FindInclusionAsync(string practitionerId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await Inclusion.FindAsync(snapshot, practitionerId);
    }

    /// <summary>The practitioners whose existing appointments are not all included yet.</summary>
    public async Task<IReadOnlyList<Principal>> ListUnfinishedInclusionsAsync(CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        List<Principal> unfinished = [];
        foreach (var id in await Inclusion.ListUnfinishedAsync(snapshot))
        {
            if (await snapshot.FindPrincipalAsync(id) is { } practitioner) unfinished.Add(practitioner);
        }

        return unfinished;
    }

    /// <summary>The visit that a practitioner makes now to what devices did; or, when they go on with it, the one they are making.</summary>
    public Task<SyncVisit> VisitAsync(string practitionerId, bool goesOn, CancellationToken cancelled = default) => SyncVisit.MakeAsync(store, practitionerId, clock.GetCurrentInstant(), goesOn, cancelled);

    /// <summary>How often each thing was refused, of all devices of a practitioner, by device.</summary>
    public async Task<ILookup<string, RefusedTry>> ListRefusedAsync(string practitionerId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await RefusedChanges.ListAsync(snapshot, practitionerId);
    }
}
