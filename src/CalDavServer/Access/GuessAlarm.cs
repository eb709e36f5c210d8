using CalDavServer.Http;
using CalDavServer.Mail;
using Calendaring.Store;
using NodaTime;

namespace CalDavServer.Access;

/// <summary>Writes to the owner of an account when strangers have tried all the passwords that it takes: once a day, however long they go on.</summary>
internal sealed class GuessAlarm(MailSender mail, IClock clock)
{
    private readonly AttemptLimit _emails = new(clock, 1, Duration.FromDays(1));

    /// <summary>Tells a person, in the background: the answer to the stranger takes as long when it is nobody's account.</summary>
    public void Raise(Principal person)
    {
        if (person.Email is not { } address || _emails.Begin(person.Id) > 0) return;
        if (!mail.Send(Emails.Guesses(address))) _emails.Forgive(person.Id);
    }
}
