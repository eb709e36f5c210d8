using System.Net;
using CalDavServer.Http;
using CalDavServer.Mail;
using CalDavServer.Options;
using NodaTime;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>Links with which people set a password, as they are asked for, sent and opened. The links themselves are in <see cref="PasswordLinkBook"/>.</summary>
internal sealed partial class PasswordLinks(
    PasswordLinkBook book, IClock clock, Passwords passwords, MailSender mail, ServerOptions options, ILogger<PasswordLinks> logger)
{
    // Everybody may ask in the name of everybody. From one address one gets less of a person's e-mails than there are, so that it cannot use them up; and whoever asks from many addresses only fills the
    // mailbox of the person, with links of which one is not older than ten minutes and all work.
    private readonly AttemptLimit _places = new(clock, 10, Duration.FromMinutes(1));
    private readonly AttemptLimit _askers = new(clock, 2, Duration.FromMinutes(20));
    private readonly AttemptLimit _emails = new(clock, 3, Duration.FromMinutes(10));

    /// <summary>The path of a link.</summary>
    public static string PathOf(string personId, string secret) => $"password/{Uri.EscapeDataString(personId)}/{secret}";

    /// <summary>The address of a link: never that of the request when it goes out by mail, because whoever sends the request chooses it.</summary>
    public Uri AddressOf(string personId, string secret, Uri? otherwise = null) =>
        new(options.PublicAddress ?? otherwise ?? throw new InvalidOperationException("There is no public address."), PathOf(personId, secret));

    /// <summary>
    /// Sends a link to whom a login or e-mail address belongs, in the background: the answer takes as long when it is nobody. 0 when it does; otherwise the seconds to wait.
    /// </summary>
    public async Task<int> RequestAsync(string login, IPAddress? from)
    {
        var place = Origin.Of(from).Place;
        var wait = _places.Begin(place);
        if (wait > 0) return wait;
        await book.NoteAskedAsync();
        _ = Task.Run(() => TrySendResetAsync(login, place));
        return 0;
    }

    /// <summary>Sets a password with a link, and tells its owner. False when the link has been used or has ended, or too many wait.</summary>
    /// <param name="personId">Whose.</param>
    /// <param name="secret">The secret in the link.</param>
    /// <param name="password">The new password.</param>
    /// <param name="end">What they take away with it (<see cref="AccessList"/>).</param>
    /// <param name="from">Where it is opened.</param>
    /// <param name="cancelled">Ends it.</param>
    public async Task<bool> UseAsync(string personId, string secret, string password, IReadOnlyCollection<string> end, IPAddress? from, CancellationToken cancelled)
    {
        // before the slow hash: whoever makes links up gets none
        if (await book.FindAsync(personId, secret, cancelled) is null || await passwords.HashAsync(password, personId, cancelled) is not { } hash) return false;
        if (await book.UseAsync(personId, secret, hash, end, Origin.Of(from).Place, cancelled) is not { } used) return false;
        if (used.Email is { } address) mail.Send(Emails.PasswordSet(address));
        return true;
    }

    private async Task TrySendResetAsync(string login, string place)
    {
        try
        {
            await SendResetAsync(login, place);
        }
        catch (Exception failure)
        {
            // nobody waits for it: the log says that it failed
            LogFailure(logger, failure.GetType().Name);
        }
    }

    private async Task SendResetAsync(string login, string place)
    {
        if (await book.FindRecipientAsync(login) is not { } person) return;
        var asker = $"{place} {person.Id}";
        if (_askers.Begin(asker) > 0) return;
        if (_emails.Begin(person.Id) > 0) _askers.Forgive(asker);
        else if (await book.MakeResetAsync(person) is var (address, secret)) mail.Send(Emails.Reset(address, AddressOf(person.Id, secret)));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A link to set a password could not be made: {Cause}")]
    private static partial void LogFailure(ILogger logger, string cause);
}
