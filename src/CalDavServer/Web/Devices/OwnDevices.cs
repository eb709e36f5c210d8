using CalDavServer.Mail;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Practice.Devices;

namespace CalDavServer.Web.Devices;

/// <summary>The devices of a person, as the pages show and change them: the owner is told by e-mail what somebody could come in by.</summary>
internal sealed class OwnDevices(DeviceBook book, MailSender mail)
{
    /// <inheritdoc cref="DeviceBook.ListAsync"/>
    public Task<IReadOnlyList<Credential>> ListAsync(string personId) => book.ListAsync(personId);

    /// <inheritdoc cref="DeviceBook.FindAsync"/>
    public Task<Credential?> FindAsync(string personId, string id) => book.FindAsync(personId, id);

    /// <inheritdoc cref="DeviceBook.MakeAsync"/>
    public async Task<bool> MakeAsync(Person person, Credential device)
    {
        var made = await book.MakeAsync(person.Principal, device, person.Actor);
        if (made) Tell(person, Emails.DeviceAdded);
        return made;
    }

    /// <inheritdoc cref="DeviceBook.ChangeAsync"/>
    /// <returns>Whether it was changed.</returns>
    public async Task<bool> ChangeAsync(Person person, string id, Func<Credential, Credential?> change)
    {
        if (await book.ChangeAsync(person.Principal, id, person.Actor, change) is not var (earlier, changed)) return false;
        if (changed.SecretHash != earlier.SecretHash) Tell(person, Emails.DeviceRenewed);
        else if (IsOpener(earlier, changed)) Tell(person, Emails.DeviceOpened);
        return true;
    }

    /// <inheritdoc cref="DeviceBook.RevokeAsync"/>
    public Task<bool> RevokeAsync(Person person, string id) => book.RevokeAsync(person.Principal, id, person.Actor);

    /// <summary>Whether a device may see or do more after a change.</summary>
    public static bool IsOpener(Credential earlier, Credential changed) => DeviceWords.LevelOf(changed) > DeviceWords.LevelOf(earlier) || (earlier.ReadOnly && !changed.ReadOnly);

    private void Tell(Person person, Func<string, Email> email)
    {
        if (person.Principal.Email is { } address) mail.Send(email(address));
    }
}
