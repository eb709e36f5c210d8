using CalDavServer.Mail;
using CalDavServer.Options;
using Calendaring.Store;
using Practice.Groups;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>The display name and e-mail address of a person, as they are typed and changed.</summary>
internal sealed class PersonDetails(PracticePeople people, NewAddresses addresses, MailSender mail, ServerOptions options)
{
    private const int MaxName = 200;

    /// <summary>Why they are not taken, as a sentence; null when they are.</summary>
    public static string? Problem(string? name, string? email)
    {
        if (string.IsNullOrWhiteSpace(name)) return "Type the name.";
        if (name.Length > MaxName || name.Any(char.IsControl)) return $"Use at most {MaxName} characters for the name, without line breaks.";
        if (!NameText.IsWritable(name)) return PracticeDirectory.NameNotWritable;
        return string.IsNullOrWhiteSpace(email) || Email.IsAddress(email.Trim()) ? null : "The e-mail address is not complete. Write it like name@example.com.";
    }

    /// <summary>
    /// Changes them. A new address counts when the link that is sent to it was followed; where there is no mail server nobody can prove one, and it is only kept. So whether somebody else has it makes no difference
    /// to what is answered. The address before is told when it is removed: whoever has the mailbox gets the links for forgotten passwords.
    /// </summary>
    /// <returns>What happens next, as a sentence; null when everything is done.</returns>
    /// <exception cref="PracticeDirectoryException">They cannot be changed.</exception>
    public async Task<string?> ChangeAsync(Person me, Principal whom, string name, string? email)
    {
        var (by, wanted) = (me.Actor, string.IsNullOrWhiteSpace(email) ? null : email.Trim());
        if (wanted is not null && wanted != whom.Email)
        {
            await people.EditAsync(me.Practice?.Id, by, whom.Id, name, whom.Email);
            // another name is no reason to send another link, which would end the one that was sent
            if (await addresses.IsWaitingAsync(whom.Id, wanted, mail.IsConfigured)) return null;
            if (mail.IsConfigured) return await AskAsync(me, whom, wanted);
            await addresses.KeepAsync(whom.Id, wanted);
            return $"{wanted} is noted, but not confirmed: this server sends no e-mail, so nobody can sign in with it.";
        }

        await people.EditAsync(me.Practice?.Id, by, whom.Id, name, wanted);
        await addresses.ForgetAsync(whom.Id);
        Tell(whom.Email, wanted);
        return null;
    }

    /// <summary>Makes the address of a link that of its person. False when the link no longer works.</summary>
    /// <exception cref="PracticeDirectoryException">Somebody else signs in with the address.</exception>
    public async Task<bool> ConfirmAsync(string personId, string secret, string email)
    {
        if (await addresses.ConfirmAsync(personId, secret) is not { } before) return false;
        Tell(before.Email, email);
        return true;
    }

    private async Task<string> AskAsync(Person me, Principal whom, string email)
    {
        var secret = await addresses.AskAsync(whom.Id, email);
        var link = new Uri(options.PublicAddress!, $"address/{Uri.EscapeDataString(whom.Id)}/{secret}");
        return mail.Send(Emails.NewAddress(email, link), me.Principal.Id)
            ? $"A link is on its way to {email}: the new address takes effect once the link has been opened."
            : "The link that confirms the e-mail address could not be sent: too many e-mails were sent. The address stays as it was; try again later.";
    }

    private void Tell(string? before, string? after)
    {
        if (before is not null && before != after) mail.Send(after is null ? Emails.AddressRemoved(before) : Emails.AddressChanged(before));
    }
}
