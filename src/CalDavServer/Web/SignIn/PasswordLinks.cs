using System.Net;
using CalDavServer.Http;
using CalDavServer.Mail;
using CalDavServer.Options;
using Calendaring.Store;
using NodaTime;
using Practice.Audit;
using Practice.Groups;
using Practice.People;

namespace CalDavServer.Web.SignIn;

/// <summary>Links with which people set a password: asked for by who forgot it, made for who is invited, used once.</summary>
internal sealed partial class PasswordLinks(
    ICalendarStore store, IClock clock, Passwords passwords, MailSender mail, ServerOptions options, ILogger<PasswordLinks> logger)
{
    private const int Attempts = 5;

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
    public int Request(string login, IPAddress? from)
    {
        var place = Origin.Of(from).Place;
        var wait = _places.Begin(place);
        if (wait == 0) _ = Task.Run(() => TrySendResetAsync(login, place));
        return wait;
    }

    /// <summary>Who may set a password with a link, and for what it was made; null when it has been used, has ended or never was.</summary>
    public async Task<(Principal Person, LinkPurpose Purpose)?> FindAsync(string personId, string secret)
    {
        using var snapshot = await store.OpenSnapshotAsync();
        if (await snapshot.FindPrincipalAsync(personId) is not { Deactivated: null } person) return null;
        return (await OneTimeLinks.ReadAsync(snapshot, personId)).Links.Find(secret, clock.GetCurrentInstant()) is { } link ? (person, link.Purpose) : null;
    }

    /// <summary>
    /// Sets a password with a link; every link of the person ends, and every browser is signed out. Who has the link is known where it is opened: they can sign in there while others try passwords. False
    /// when the link has been used or has ended.
    /// </summary>
    /// <param name="personId">Whose.</param>
    /// <param name="secret">The secret in the link.</param>
    /// <param name="password">The new password.</param>
    /// <param name="end">What they take away with it (<see cref="AccessList"/>).</param>
    /// <param name="from">Where it is opened.</param>
    /// <param name="cancelled">Ends it.</param>
    public async Task<bool> UseAsync(string personId, string secret, string password, IReadOnlyCollection<string> end, IPAddress? from, CancellationToken cancelled)
    {
        if (await FindAsync(personId, secret) is null || await passwords.HashAsync(password, personId, cancelled) is not { } hash) return false;
        var now = clock.GetCurrentInstant();
        string? reader = null;
        var used = await store.ChangeAsync(personId, DecideAsync, cancellationToken: cancelled);
        if (!used.Result || used.Failure is not null) return false;
        if (reader is not null) mail.Send(Emails.PasswordSet(reader));
        return true;

        async ValueTask<Decision<bool>> DecideAsync(IStoreSnapshot snapshot)
        {
            if (await snapshot.FindPrincipalAsync(personId) is not { Deactivated: null } person) return new Decision<bool>(null, false);
            if ((await OneTimeLinks.ReadAsync(snapshot, personId)).Links.Find(secret, now) is not { } link) return new Decision<bool>(null, false);
            var account = await Account.FindAsync(snapshot, personId);
            var changed = (account is { } old ? AccessList.Without(old.Account, end) with { PasswordHash = hash, PasswordSet = now } : new Account(hash, now)).WithPlace(Origin.Of(from).Place);
            var action = link.Purpose == LinkPurpose.Invitation ? AuditAction.InvitationAccepted : AuditAction.PasswordReset;
            // an address that somebody else asked for must not count after this
            var (proved, address) = await NewAddress.FollowAsync(snapshot, person, secret, now);
            reader = proved ?? person.Email;
            return new Decision<bool>(
            [
                .. await OneTimeLinks.EndAllAsync(snapshot, personId),
                changed.Put(personId, account?.Version ?? 0),
                .. await Session.EndAllAsync(snapshot, personId),
                .. address,
                .. await AccessList.EndAsync(snapshot, person, end, AuditActor.OnPages(person), now),
                .. PracticeAudit.LinesAbout(person, now, AuditActor.OnPages(person), action),
            ],
            true);
        }
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
        Principal? person;
        using (var snapshot = await store.OpenSnapshotAsync()) person = await SignInName.FindAsync(snapshot, login);
        if (person is not { Deactivated: null, Email: not null }) return;
        var asker = $"{place} {person.Id}";
        if (_askers.Begin(asker) > 0) return;
        if (_emails.Begin(person.Id) > 0) _askers.Forgive(asker);
        else if (await MakeResetAsync(person) is var (address, secret)) mail.Send(Emails.Reset(address, AddressOf(person.Id, secret)));
    }

    // The secret, and whom it is for; null when there are enough links, or none can be made. Decided on the person as they are when it is written, because a link must not go to an address that is theirs
    // no more: who changes the address changes the record of links.
    private async Task<(string Address, string Secret)?> MakeResetAsync(Principal asked)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var now = clock.GetCurrentInstant();
            var (link, secret) = OneTimeLink.Create(LinkPurpose.Reset, now);
            OneTimeLinks links;
            long version;
            Principal? person;
            using (var snapshot = await store.OpenSnapshotAsync())
            {
                person = await snapshot.FindPrincipalAsync(asked.Id);
                (links, version) = await OneTimeLinks.ReadAsync(snapshot, asked.Id);
            }

            if (person is not { Deactivated: null, Email: { } address } || address != asked.Email || links.AreEnough(now)) return null;
            var outcome = await store.ApplyAsync(new StoreBatch(
                [links.With(link, now).Put(person.Id, version), .. PracticeAudit.LinesAbout(person, now, AuditActor.Anonymous, AuditAction.PasswordResetRequested)]));
            if (outcome.Succeeded) return (address, secret);
            if (outcome.Failure!.Kind != StoreFailureKind.Precondition) return null;
        }

        return null;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A link to set a password could not be made: {Cause}")]
    private static partial void LogFailure(ILogger logger, string cause);
}
