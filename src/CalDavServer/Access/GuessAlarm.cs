using CalDavServer.Http;
using CalDavServer.Mail;
using Calendaring.Store;
using NodaTime;

namespace CalDavServer.Access;

/// <summary>Writes to the owner of an account when so many wrong passwords have been tried that no more are taken: once a day, however long it goes on.</summary>
internal sealed class GuessAlarm(MailSender mail, IClock clock)
{
    private readonly AttemptLimit _emails = new(clock, 1, Duration.FromDays(1));

    /// <summary>Tells a person, in the background: the answer to whoever tried takes as long when it is nobody's account.</summary>
    public void Raise(Principal person)
    {
        if (person.Email is not { } address || _emails.Begin(person.Id) > 0) return;
        if (!mail.Send(Emails.Guesses(address))) _emails.Forgive(person.Id);
    }
}
