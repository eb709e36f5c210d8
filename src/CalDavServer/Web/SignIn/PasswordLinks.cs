using System.Net;
using CalDavServer.Access;
using CalDavServer.Mail;
using CalDavServer.Operations;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>Links with which people set a password: asked for by who forgot it, made for who is invited, used once.</summary>
internal sealed partial class PasswordLinks(
    ICalendarStore store, IClock clock, Passwords passwords, MailSender mail, ServerOptions options, ILogger<PasswordLinks> logger)
{
    private readonly AttemptLimit _letters = new(clock, 3, Duration.FromMinutes(10));
    private readonly AttemptLimit _places = new(clock, 10, Duration.FromMinutes(1));

    /// <summary>The path of a link.</summary>
    public static string PathOf(string personId, string secret) => $"password/{Uri.EscapeDataString(personId)}/{secret}";

    /// <summary>The address of a link: never that of the request when it goes out by mail, because whoever sends the request chooses it.</summary>
    public Uri AddressOf(string personId, string secret, Uri? otherwise = null) =>
        new(options.PublicAddress ?? otherwise ?? throw new InvalidOperationException("There is no public address."), PathOf(personId, secret));

    /// <summary>
    /// Sends a link to whom a login or e-mail address belongs, in the background: the answer takes as long when it is nobody. 0 when it does; otherwise the seconds to wait.
    /// </summary>
    public int Request(string login, IPAddress? from)
    {
        var wait = _places.Begin(LoginThrottle.PlaceOf(from));
        if (wait == 0) _ = Task.Run(() => TrySendResetAsync(login));
        return wait;
    }

    /// <summary>Who may set a password with a link, and for what it was made; null when it has been used, has ended or never was.</summary>
    public async Task<(Principal Person, LinkPurpose Purpose)?> FindAsync(string personId, string secret)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        if (await snapshot.FindPrincipalAsync(personId) is not { Deactivated: null } person) return null;
        return await OneTimeLink.FindAsync(snapshot, personId, secret, clock.GetCurrentInstant()) is { } found ? (person, found.Link.Purpose) : null;
    }

    /// <summary>Sets a password with a link, which is used up; every browser is signed out. False when the link has been used or has ended.</summary>
    public async Task<bool> UseAsync(string personId, string secret, string password, CancellationToken cancelled)
    {
        if (await passwords.HashAsync(password, cancelled) is not { } hash) return false;
        var now = clock.GetCurrentInstant();
        Principal person;
        StoreBatch batch;
        using (var snapshot = await store.OpenSnapshotAsync(cancelled))
        {
            if (await snapshot.FindPrincipalAsync(personId) is not { Deactivated: null } found) return false;
            if (await OneTimeLink.FindAsync(snapshot, personId, secret, now) is not { } link) return false;
            person = found;
            var account = await Account.FindAsync(snapshot, personId);
            var changed = account is { } old ? old.Account with { PasswordHash = hash, PasswordSet = now } : new Account(hash, now);
            var action = link.Link.Purpose == LinkPurpose.Invitation ? AuditAction.InvitationAccepted : AuditAction.PasswordReset;
            batch = new StoreBatch(
            [
                link.Link.Use(personId, link.Version),
                .. await OneTimeLink.EndAllAsync(snapshot, personId, link.Link.Purpose),
                changed.Put(personId, account?.Version ?? 0),
                .. await Session.EndAllAsync(snapshot, personId),
                .. PracticeAudit.LinesAbout(person, now, AuditActor.OnPages(person), action),
            ]);
        }

        if (!(await store.ApplyAsync(batch, cancelled)).Succeeded) return false;
        if (person.Email is { } address) mail.Send(Letters.PasswordSet(address));
        return true;
    }

    private async Task TrySendResetAsync(string login)
    {
        try
        {
            await SendResetAsync(login);
        }
        catch (Exception failure)
        {
            // nobody waits for it: the log says that it failed
            LogFailure(logger, failure.GetType().Name);
        }
    }

    private async Task SendResetAsync(string login)
    {
        Principal? person;
        using (var snapshot = await store.OpenSnapshotAsync()) person = await Accounts.FindAsync(snapshot, login);
        if (person is not { Deactivated: null, Email: { } address } || _letters.Begin(person.Id) > 0) return;
        var now = clock.GetCurrentInstant();
        var (link, secret) = OneTimeLink.Create(LinkPurpose.Reset, now);
        var outcome = await store.ApplyAsync(new StoreBatch(
            [link.Put(person.Id), .. PracticeAudit.LinesAbout(person, now, AuditActor.Stranger, AuditAction.PasswordResetRequested)]));
        if (outcome.Succeeded) mail.Send(Letters.Reset(address, AddressOf(person.Id, secret)));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A link to set a password could not be made: {Cause}")]
    private static partial void LogFailure(ILogger logger, string cause);
}
