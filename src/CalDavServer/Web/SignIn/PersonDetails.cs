using CalDavServer.Mail;
using Calendaring.Store;
using Practice.Audit;
using Practice.Groups;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>The display name and e-mail address of a person, as they are typed and changed.</summary>
internal sealed class PersonDetails(PracticePeople people, MailSender mail)
{
    private const int MaxName = 200;

    /// <summary>Why they are not taken, as a sentence; null when they are.</summary>
    public static string? Problem(string? name, string? email)
    {
        if (string.IsNullOrWhiteSpace(name)) return "Type the name.";
        if (name.Length > MaxName || name.Any(char.IsControl)) return $"Use at most {MaxName} characters for the name, without line breaks.";
        if (!NameText.IsWritable(name)) return PracticeDirectory.NameNotWritable;
        return string.IsNullOrWhiteSpace(email) || Letter.IsAddress(email.Trim()) ? null : "The e-mail address is not complete. Write it like name@example.com.";
    }

    /// <summary>Changes them. The address before is told of a new one: whoever has the mailbox gets the links for forgotten passwords.</summary>
    /// <exception cref="PracticeDirectoryException">Somebody else signs in with the address.</exception>
    public async Task ChangeAsync(Person me, Principal whom, string name, string? email)
    {
        await people.EditAsync(me.Practice?.Id, AuditActor.OnPages(me.Principal, me.SessionId), whom.Id, name, email);
        if (whom.Email is { } before && before != email?.Trim()) mail.Send(string.IsNullOrWhiteSpace(email) ? Letters.AddressRemoved(before) : Letters.AddressChanged(before));
    }
}
