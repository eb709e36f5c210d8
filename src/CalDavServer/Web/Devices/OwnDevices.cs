using CalDavServer.Web.SignIn;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace CalDavServer.Web.Devices;

/// <summary>The devices of a person: their app passwords, as the pages show and change them.</summary>
internal sealed class OwnDevices(ICalendarStore store, IClock clock)
{
    /// <summary>A person's devices with their last use, oldest first.</summary>
    public async Task<IReadOnlyList<Credential>> ListAsync(string personId)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        return [.. (await snapshot.ListCredentialsAsync(personId)).Select(WithLastUse)];
    }

    /// <summary>A device of a person; null when they have none of that id.</summary>
    public async Task<Credential?> FindAsync(string personId, string id) => (await ListAsync(personId)).FirstOrDefault(device => device.Id == id);

    /// <summary>Makes a device. False when it is there already.</summary>
    public Task<bool> MakeAsync(Person person, Credential device, params StoreOperation[] with) =>
        ApplyAsync(person, AuditAction.AppPasswordMade, [new PutCredential(device, Expectation.Absent), .. with]);

    /// <summary>Changes what a device is called, may do and is shown. False when it has been revoked meanwhile.</summary>
    public Task<bool> ChangeAsync(Person person, Credential device) =>
        ApplyAsync(person, AuditAction.AppPasswordChanged, [new PutCredential(device, Expectation.Present)]);

    /// <summary>Revokes a device's app password: it opens nothing any more. False when it was revoked before.</summary>
    public Task<bool> RevokeAsync(Person person, string id) =>
        ApplyAsync(person, AuditAction.AppPasswordRevoked, [new DeleteCredential(person.Principal.Id, id)]);

    private async Task<bool> ApplyAsync(Person person, AuditAction action, List<StoreOperation> operations)
    {
        if (person.Practice is { } practice)
            operations.Add(PracticeAudit.Line(practice.Id, clock.GetCurrentInstant(), AuditActor.OnPages(person.Principal, person.SessionId), action));
        var outcome = await store.ApplyAsync(new StoreBatch(operations));
        if (outcome.Failure is { Kind: StoreFailureKind.NoSpace or StoreFailureKind.Unavailable } failure)
            throw new StoreException(StoreFailureKind.Unavailable, "The store cannot be written to.", code: failure.Code);
        return outcome.Succeeded;
    }

    // the store writes a use within a minute; somebody who has just signed in a device does not wait so long
    private Credential WithLastUse(Credential device) => store.FindNotedUse(device.PrincipalId, device.Id) is { } use
        ? device with { LastUsed = use.At, LastAddress = use.Address, LastUserAgent = use.UserAgent }
        : device;
}
