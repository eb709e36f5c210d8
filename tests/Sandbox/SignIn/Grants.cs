using NodaTime;
using Sandbox.State;

namespace Sandbox.SignIn;

/// <summary>What each account allows each client, and how long (§A1, §B1).</summary>
public sealed class Grants(Store store, VirtualClock clock)
{
    private const int MostForOneClient = 100;
    private static readonly Duration Unused = Duration.FromDays(183);

    public Grant Allow(Account account, string client, IEnumerable<string> scopes, bool refresh) => store.Locked(() =>
    {
        var now = clock.GetCurrentInstant().ToUnixTimeMilliseconds();
        var grant = new Grant { Id = Ids.Uuid(), Account = account.Id, Client = client, Scopes = [.. scopes], CreatedAt = now, UsedAt = now, HasRefreshToken = refresh };
        store.Grants.Insert(grant);
        // §A1: more than 100 live refresh tokens for an account and a client end the oldest
        foreach (var oldest in Live(account.Id, client).Where(x => x.HasRefreshToken).OrderByDescending(x => x.CreatedAt).ThenByDescending(x => x.Id == grant.Id).Skip(MostForOneClient)) Revoke(oldest);
        return grant;
    });

    public IReadOnlyList<Grant> Live(string account, string client) => [.. store.Grants.Find(x => x.Account == account).Where(x => x.Client == client && !x.Revoked)];

    public Grant? Find(string? id) => id is null ? null : store.Locked(() => store.Grants.FindById(id) is { Revoked: false } grant ? grant : null);

    /// <summary>A refresh: it fails when access was taken back, after half a year without use, and with a token that was replaced.</summary>
    public Grant? Refresh(string? id, int generation, bool rotate) => store.Locked(() =>
    {
        var grant = Find(id);
        var now = clock.GetCurrentInstant();
        if (grant is null || grant.Generation != generation || Instant.FromUnixTimeMilliseconds(grant.UsedAt) < now - Unused) return null;
        grant.UsedAt = now.ToUnixTimeMilliseconds();
        if (rotate) grant.Generation++;
        store.Grants.Update(grant);
        return grant;
    });

    /// <summary>Google takes back everything that the account has allowed the client.</summary>
    public void RevokeAll(string account, string? client) => store.Locked(() =>
    {
        foreach (var grant in store.Grants.Find(x => x.Account == account).Where(x => client is null || x.Client == client).ToList()) Revoke(grant);
    });

    private void Revoke(Grant grant)
    {
        grant.Revoked = true;
        store.Grants.Update(grant);
    }

    /// <summary>A code is good once.</summary>
    public bool UseCode(string? code) => store.Locked(() =>
    {
        if (code is null || store.UsedCodes.FindById(code) is not null) return false;
        store.UsedCodes.Insert(new UsedCode { Id = code });
        return true;
    });
}
