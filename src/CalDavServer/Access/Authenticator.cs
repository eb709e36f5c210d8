using System.Diagnostics.CodeAnalysis;
using System.Net;
using CalDavServer.Http;
using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Groups;

namespace CalDavServer.Access;

/// <summary>The end of a login.</summary>
/// <param name="Caller">Who it is; null when the login failed.</param>
/// <param name="RetryAfter">When it failed: seconds to wait before the next try, 0 for none.</param>
internal readonly record struct SignIn(Caller? Caller, int RetryAfter)
{
    /// <summary>Who it would be, had their access not been taken away; else null.</summary>
    public Caller? TurnedAway { get; init; }
}

/// <summary>Finds out who makes a request. Known logins and unknown ones get the same answer, in about the same time.</summary>
internal sealed class Authenticator(ICalendarStore store, LoginThrottle throttle, IClock clock, GuessAlarm? alarm = null)
{
    private const int MaxUserAgent = 200;
    private readonly CallerCache _cache = new();
    private readonly SlowHashes _slowHashes = new();
    private readonly KnownPlaces _knownPlaces = new();

    /// <summary>The caller whom this very header proved a moment ago, without asking the store.</summary>
    public bool TryRecall(string header, [NotNullWhen(true)] out Caller? caller)
    {
        caller = _cache.TryFind(header, out var known) && known.IsFresh ? known.Caller : null;
        return caller is not null;
    }

    /// <summary>Finds the caller in the store, and verifies the password unless this header has been verified before.</summary>
    public async ValueTask<SignIn> SignInAsync(string header, IPAddress? address, string? userAgent, CancellationToken cancellationToken)
    {
        var signIn = _cache.TryFind(header, out var known) && await RenewAsync(known.Caller, cancellationToken) is { } renewed
            ? new SignIn(renewed, 0)
            : await VerifyAsync(header, address, cancellationToken);
        if (signIn.Caller is not { } caller)
        {
            if (known is not null) _cache.Forget(header);
            return signIn;
        }

        _cache.Keep(header, caller);
        _knownPlaces.Note(caller.Principal.Id, Origin.Of(address).Place);
        NoteUse(caller.Credential, address, userAgent);
        return signIn;
    }

    // The same credential with the same secret must still be there; scope and level may have changed.
    private async ValueTask<Caller?> RenewAsync(Caller caller, CancellationToken cancellationToken)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancellationToken);
        var principal = await snapshot.FindPrincipalAsync(caller.Principal.Id);
        if (principal is null || principal.Deactivated is not null) return null;
        foreach (var credential in await snapshot.ListCredentialsAsync(principal.Id))
        {
            if (credential.Id != caller.Credential.Id) continue;
            return credential.SecretHash == caller.Credential.SecretHash ? CallerOf(principal, credential) : null;
        }

        return null;
    }

    private async ValueTask<SignIn> VerifyAsync(string header, IPAddress? address, CancellationToken cancellationToken)
    {
        if (!BasicCredentials.TryParse(header, out var given) || LoginName.Normalise(given.Login) is not { } login) return default;
        var (principal, credentials) = await FindAsync(login, LoginName.NormaliseDecoded(given.Login), cancellationToken);
        if (principal is { Deactivated: not null } && await FindTurnedAwayAsync(principal, given.Password, cancellationToken) is { } turnedAway)
            return new SignIn(null, 0) { TurnedAway = turnedAway };

        // a generated secret cannot be guessed and costs nothing to verify: it is never made to wait
        var match = AppPassword.FindGenerated(credentials, given.Password);
        if (match is null) return await GuessAsync(header, given, principal, credentials, Origin.Of(address), cancellationToken);
        return new SignIn(CallerOf(principal!, match), 0);
    }

    // counted by what was typed and never by whose account it is: a second spelling must not tell that there is one
    private async ValueTask<SignIn> GuessAsync(
        string header, BasicCredentials given, Principal? principal, IReadOnlyList<Credential> credentials, Origin origin, CancellationToken cancellationToken)
    {
        var account = LoginName.Canonical(given.Login)!;
        var isKnown = IsKnown(principal, credentials, origin);
        var verdict = throttle.Begin(account, origin, isKnown);
        if (verdict.IsCeiling && (isKnown || verdict.Wait > 0) && principal is not null) alarm?.Raise(principal);
        if (verdict.Wait > 0) return new SignIn(null, verdict.Wait);
        var (match, wait) = await FindChosenAsync(header, credentials, given.Password, origin, isKnown, cancellationToken);
        if (match is not null || wait > 0) throttle.Forgive(account, origin, isKnown);
        return match is null ? new SignIn(null, wait) : new SignIn(CallerOf(principal!, match), 0);
    }

    // who was deactivated has no credentials here
    private bool IsKnown(Principal? principal, IReadOnlyList<Credential> credentials, Origin origin) =>
        principal is { Deactivated: null } && (_knownPlaces.Has(principal.Id, origin.Place) || credentials.Any(credential => Origin.PlaceOf(credential.LastAddress) == origin.Place));

    // a generated secret is known by whoever had access: nothing is told by taking it for what it is
    private async ValueTask<Caller?> FindTurnedAwayAsync(Principal principal, string password, CancellationToken cancellationToken)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancellationToken);
        return AppPassword.FindGenerated(await snapshot.ListCredentialsAsync(principal.Id), password) is { } match ? CallerOf(principal, match) : null;
    }

    private async ValueTask<(Principal? Principal, IReadOnlyList<Credential> Credentials)> FindAsync(
        string login, string? decoded, CancellationToken cancellationToken)
    {
        using var snapshot = await store.OpenSnapshotAsync(cancellationToken);
        var principal = await snapshot.FindPrincipalByLoginAsync(login);
        if (principal is null && decoded is not null) principal = await snapshot.FindPrincipalByLoginAsync(decoded);

        // who was deactivated has no password that opens anything, and takes the time of one who has
        return (principal, principal is null || principal.Deactivated is not null ? [] : await snapshot.ListCredentialsAsync(principal.Id));
    }

    private async ValueTask<(Credential? Match, int Wait)> FindChosenAsync(
        string header, IReadOnlyList<Credential> credentials, string password, Origin origin, bool isKnown, CancellationToken cancellationToken)
    {
        // another connection of the same device may have been first
        var (ran, match) = await _slowHashes.TakeTurnAsync(
            () => TryRecall(header, out var known) ? known.Credential : AppPassword.FindChosen(credentials, password), origin.Place, isKnown, cancellationToken);
        return (match, ran ? 0 : 1);
    }

    private static Caller CallerOf(Principal principal, Credential credential) =>
        new(principal, credential, Enum.TryParse<PrivacyLevel>(credential.LevelName, out var level) ? level : PrivacyLevel.Busy);

    private void NoteUse(Credential credential, IPAddress? address, string? userAgent)
    {
        if (userAgent is { Length: > MaxUserAgent }) userAgent = userAgent[..MaxUserAgent];
        if (userAgent is { Length: 0 }) userAgent = null;
        store.NoteUse(new CredentialUse(credential.PrincipalId, credential.Id, clock.GetCurrentInstant(), address?.ToString(), userAgent));
    }
}
