using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.Devices;

/// <summary>The devices of people: their app passwords, made, changed and revoked, each time with the lines of audit.</summary>
/// <param name="store">Where they are kept.</param>
/// <param name="clock">The current time.</param>
public sealed class DeviceBook(ICalendarStore store, IClock clock)
{
    /// <summary>A person's devices with their last use, oldest first.</summary>
    public async Task<IReadOnlyList<Credential>> ListAsync(string personId, CancellationToken cancelled = default)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return [.. (await snapshot.ListCredentialsAsync(personId)).Select(WithLastUse)];
    }

    /// <summary>A device of a person; null when they have none of that id.</summary>
    public async Task<Credential?> FindAsync(string personId, string id, CancellationToken cancelled = default) =>
        (await ListAsync(personId, cancelled)).FirstOrDefault(device => device.Id == id);

    /// <summary>Makes a device. False when it is there already, or the person is no longer there.</summary>
    /// <exception cref="StoreException">The store cannot be written to.</exception>
    public async Task<bool> MakeAsync(Principal person, Credential device, AuditActor by)
    {
        var outcome = await store.ApplyAsync(new StoreBatch([.. NewAppPassword.Steps(person, device, clock.GetCurrentInstant(), by)]));
        return outcome.Failure is not { } failure || (failure.Kind is StoreFailureKind.Exists or StoreFailureKind.NotFound ? false : throw new StoreException(failure));
    }

    /// <summary>
    /// Changes a device as it is when that is written: somebody may do another thing to it at the same time. Null when it has been revoked, or when <paramref name="change"/> returns null, which it does where
    /// the device is no longer what the person looked at.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be written to, or too many change the device at once.</exception>
    public async Task<DeviceChange?> ChangeAsync(Principal person, string id, AuditActor by, Func<Credential, Credential?> change)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(change);
        var changed = await store.ChangeAsync(id, async snapshot =>
        {
            if (await FindAsync(snapshot, person, id) is not { } earlier || change(earlier) is not { } later) return new Decision<DeviceChange?>(null, null);
            var label = later.Label == earlier.Label ? earlier.Label : $"{earlier.Label}, now {later.Label}";
            return new Decision<DeviceChange?>(
                [new ChangeCredential(earlier, later), .. ActionsOf(earlier, later).SelectMany(action => LinesOf(person, earlier.Id, label, by, action))],
                new DeviceChange(earlier, later));
        });
        return changed.Written();
    }

    /// <summary>Revokes a device's app password: it no longer opens anything. False when it was revoked before.</summary>
    /// <exception cref="StoreException">The store cannot be written to.</exception>
    public async Task<bool> RevokeAsync(Principal person, string id, AuditActor by)
    {
        ArgumentNullException.ThrowIfNull(person);
        var revoked = await store.ChangeAsync(id, async snapshot => await FindAsync(snapshot, person, id) is { } device
            ? new Decision<bool>(RevokeSteps(person, device, clock.GetCurrentInstant(), by), true)
            : new Decision<bool>(null, false));
        return revoked.Written();
    }

    /// <summary>The steps that revoke a device, in a batch with others. They fail when it is no longer there.</summary>
    internal static IReadOnlyList<StoreOperation> RevokeSteps(Principal person, Credential device, Instant at, AuditActor by) =>
        [new DeleteCredential(person.Id, device.Id), .. PracticeAudit.LinesAbout(person, at, by, AuditAction.AppPasswordRevoked, device.Id, device.Label)];

    private static async ValueTask<Credential?> FindAsync(IStoreSnapshot snapshot, Principal person, string id) =>
        (await snapshot.ListCredentialsAsync(person.Id)).FirstOrDefault(device => device.Id == id);

    private IEnumerable<StoreOperation> LinesOf(Principal person, string id, string label, AuditActor by, AuditAction action) =>
        PracticeAudit.LinesAbout(person, clock.GetCurrentInstant(), by, action, id, label);

    private static IEnumerable<AuditAction> ActionsOf(Credential earlier, Credential changed)
    {
        if (changed.SecretHash != earlier.SecretHash) yield return AuditAction.AppPasswordReplaced;
        if (changed.LevelName != earlier.LevelName) yield return AuditAction.AppPasswordLevelChanged;
        if (changed.Label != earlier.Label || changed.ReadOnly != earlier.ReadOnly) yield return AuditAction.AppPasswordChanged;
    }

    // the store writes a use within a minute; somebody who has just signed in a device does not wait so long
    private Credential WithLastUse(Credential device) => store.FindNotedUse(device.PrincipalId, device.Id) is { } use
        ? device with { LastUsed = use.At, LastAddress = use.Address, LastUserAgent = use.UserAgent }
        : device;
}

/// <summary>A change of a device that is written.</summary>
/// <param name="Earlier">The device before.</param>
/// <param name="Changed">The device now.</param>
public sealed record DeviceChange(Credential Earlier, Credential Changed);
