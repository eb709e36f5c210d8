using CalDavServer.Access;
using CalDavServer.Mail;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace CalDavServer.Web.Devices;

/// <summary>The devices of a person: their app passwords, as the pages show and change them.</summary>
internal sealed class OwnDevices(ICalendarStore store, IClock clock, MailSender mail)
{
    private const int Attempts = 5;

    /// <summary>A person's devices with their last use, oldest first.</summary>
    public async Task<IReadOnlyList<Credential>> ListAsync(string personId)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        return [.. (await snapshot.ListCredentialsAsync(personId)).Select(WithLastUse)];
    }

    /// <summary>A device of a person; null when they have none of that id.</summary>
    public async Task<Credential?> FindAsync(string personId, string id) => (await ListAsync(personId)).FirstOrDefault(device => device.Id == id);

    /// <summary>Makes a device. False when it is there already.</summary>
    public async Task<bool> MakeAsync(Person person, Credential device, params StoreOperation[] with)
    {
        var made = (await ApplyAsync([.. NewAppPassword.Steps(person.Principal, device, clock.GetCurrentInstant(), person.Actor), .. with])).Succeeded;
        if (made) Tell(person, Emails.DeviceAdded);
        return made;
    }

    /// <summary>
    /// Changes a device as it is when that is written: somebody may do another thing to it at the same time. False when it has been revoked, or when <paramref name="change"/> returns null, which
    /// it does where the device is not any more what the person looked at.
    /// </summary>
    public async Task<bool> ChangeAsync(Person person, string id, Func<Credential, Credential?> change)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await FindAsync(person.Principal.Id, id) is not { } earlier || change(earlier) is not { } changed) return false;
            var outcome = await ApplyAsync([new ChangeCredential(earlier, changed), .. LinesOf(person, id, changed.Label == earlier.Label ? earlier.Label : $"{earlier.Label}, now {changed.Label}", [.. ActionsOf(earlier, changed)])]);
            if (outcome.Succeeded)
            {
                if (changed.SecretHash != earlier.SecretHash) Tell(person, Emails.DeviceRenewed);
                else if (IsOpener(earlier, changed)) Tell(person, Emails.DeviceOpened);
                return true;
            }

            if (outcome.Failure!.Kind != StoreFailureKind.Precondition) return false;
        }

        throw new StoreException(StoreFailureKind.Busy, "A device is changed by too many at once.");
    }

    /// <summary>Revokes a device's app password: it opens nothing any more. False when it was revoked before.</summary>
    public async Task<bool> RevokeAsync(Person person, string id) =>
        (await ApplyAsync([new DeleteCredential(person.Principal.Id, id), .. LinesOf(person, id, (await FindAsync(person.Principal.Id, id))?.Label, AuditAction.AppPasswordRevoked)])).Succeeded;

    /// <summary>Whether a device may see or do more after a change.</summary>
    public static bool IsOpener(Credential earlier, Credential changed) => DeviceWords.LevelOf(changed) > DeviceWords.LevelOf(earlier) || (earlier.ReadOnly && !changed.ReadOnly);

    private void Tell(Person person, Func<string, Email> email)
    {
        if (person.Principal.Email is { } address) mail.Send(email(address));
    }

    private async Task<BatchOutcome> ApplyAsync(IReadOnlyList<StoreOperation> operations)
    {
        var outcome = await store.ApplyAsync(new StoreBatch(operations));
        if (outcome.Failure is { Kind: StoreFailureKind.NoSpace or StoreFailureKind.Unavailable } failure)
            throw new StoreException(StoreFailureKind.Unavailable, "The store cannot be written to.", code: failure.Code);
        return outcome;
    }

    private IEnumerable<StoreOperation> LinesOf(Person person, string id, string? label, params AuditAction[] actions)
    {
        var (now, by) = (clock.GetCurrentInstant(), person.Actor);
        return actions.SelectMany(action => PracticeAudit.LinesAbout(person.Principal, now, by, action, id, label));
    }

    private static IEnumerable<AuditAction> ActionsOf(Credential earlier, Credential changed)
    {
        if (changed.SecretHash != earlier.SecretHash) yield return AuditAction.AppPasswordReplaced;
        if (changed.PrivacyLevel != earlier.PrivacyLevel) yield return AuditAction.AppPasswordLevelChanged;
        if (changed.Label != earlier.Label || changed.ReadOnly != earlier.ReadOnly) yield return AuditAction.AppPasswordChanged;
    }

    // the store writes a use within a minute; somebody who has just signed in a device does not wait so long
    private Credential WithLastUse(Credential device) => store.FindNotedUse(device.PrincipalId, device.Id) is { } use
        ? device with { LastUsed = use.At, LastAddress = use.Address, LastUserAgent = use.UserAgent }
        : device;
}
