using CalDavServer.Web.SignIn;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.People;

namespace CalDavServer.Web.Passkeys;

/// <summary>The passkeys of a person, as the pages add, rename and remove them.</summary>
internal sealed class OwnPasskeys(ICalendarStore store, IClock clock, Accounts accounts)
{
    /// <summary>The account with its passkeys.</summary>
    public async Task<Account> ReadAsync(Person me, CancellationToken cancelled)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return (await Account.FindAsync(snapshot, me.Principal.Id))!.Value.Account;
    }

    /// <summary>Adds one. False when there are too many, or it is there already.</summary>
    public Task<bool> AddAsync(Person me, Passkey passkey) => ChangeAsync(me, AuditAction.PasskeyAdded, account =>
    {
        var all = account.Passkeys ?? [];
        return all.Count < Passkey.Most && all.All(other => other.Id != passkey.Id) ? account with { Passkeys = [.. all, passkey] } : null;
    });

    /// <summary>Removes one; it opens nothing any more. False when it is not there, or the person could not sign in any more.</summary>
    public Task<bool> RemoveAsync(Person me, string id) => ChangeAsync(me, AuditAction.PasskeyRemoved, account => account.Without(id));

    /// <summary>Removes the password of somebody who has passkeys. False when they have none: they could not sign in any more.</summary>
    public Task<bool> RemovePasswordAsync(Person me) => ChangeAsync(
        me, AuditAction.PasswordRemoved, account => account is { HasPasskeys: true, PasswordHash: not null } ? account with { PasswordHash = null, PasswordSet = clock.GetCurrentInstant() } : null);

    /// <summary>Gives one another name. False when it is not there.</summary>
    public Task<bool> RenameAsync(Person me, string id, string name) => accounts.ChangeAsync(
        me.Principal.Id,
        account => account.Passkeys is { } all && all.Any(passkey => passkey.Id == id) ? account with { Passkeys = [.. all.Select(passkey => passkey.Id == id ? passkey with { Name = name } : passkey)] } : null,
        static (_, _) => ValueTask.FromResult<IReadOnlyList<StoreOperation>>([]));

    private Task<bool> ChangeAsync(Person me, AuditAction action, Func<Account, Account?> change) => accounts.ChangeAsync(
        me.Principal.Id,
        change,
        (_, person) => ValueTask.FromResult<IReadOnlyList<StoreOperation>>([.. PracticeAudit.LinesAbout(person, clock.GetCurrentInstant(), me.Actor, action)]));
}
