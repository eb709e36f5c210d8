using static ProviderBridge.CalDav.DavNames;

namespace ProviderBridge.CalDav;

/// <summary>Finds an account at a CalDAV server: from an address to the principal (RFC 6764 §6, RFC 5397), and from there to its calendars (RFC 4791 §6.2.1).</summary>
public static class CalDavDiscovery
{
    /// <summary>Finds the account of a person.</summary>
    /// <param name="connections">The connections.</param>
    /// <param name="typed">What they typed: an address, the name of a server, or an e-mail address.</param>
    /// <param name="credentials">What it is opened with.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CalDavException">There is none.</exception>
    public static async Task<CalDavAccountFacts> FindAsync(CalDavConnections connections, string typed, CalDavCredentials credentials, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connections);
        ArgumentNullException.ThrowIfNull(typed);
        var candidates = CalDavAddress.Candidates(typed, connections.Reach);
        CalDavException? elsewhere = null;
        // the server of an e-mail address is a guess: it may be one that has nothing to do with calendars
        var isGuess = typed.Contains('@', StringComparison.Ordinal) && !typed.Contains('/', StringComparison.Ordinal) && !connections.Reach.IsICloud(candidates[0]);
        foreach (var candidate in candidates)
        {
            try
            {
                if (await FindAsync(new CalDavAccess(connections, candidates[0], credentials, isGuess), candidate, cancellationToken) is { } found) return found;
            }
            catch (CalDavException other) when (other.Problem is CalDavProblem.NotCalDav or CalDavProblem.Elsewhere or CalDavProblem.Unprotected)
            {
                if (other.Problem != CalDavProblem.NotCalDav) elsewhere = other;
            }
        }

        throw elsewhere ?? new CalDavException(CalDavProblem.NotCalDav, "There is no CalDAV server at the address.");
    }

    /// <summary>Finds an account again from the server that its person named.</summary>
    internal static async Task<CalDavAccountFacts> FindAsync(CalDavAccess access, CancellationToken cancelled)
    {
        var server = await access.FindServerAsync(cancelled);
        return await FindAsync(access, server, cancelled) ?? throw new CalDavException(CalDavProblem.NotCalDav, "The server does not say where the account is.");
    }

    private static async Task<CalDavAccountFacts?> FindAsync(CalDavAccess access, Uri address, CancellationToken cancelled)
    {
        if (await AskAsync(access, address, cancelled) is not { } first) return null;
        if (first.Find(Principal)?.Element(Unauthenticated) is not null) throw new CalDavException(CalDavProblem.Refused, "The server says that nobody is signed in (RFC 5397 §3).");
        var server = await access.FindServerAsync(cancelled);
        var principal = first.AddressesIn(Principal).FirstOrDefault();
        var own = principal is null || first.AddressesIn(HomeSet).Any() ? first : await AskAsync(access, principal, cancelled);
        var homes = own?.AddressesIn(HomeSet).ToList() ?? [];
        return homes.Count == 0 ? null : new CalDavAccountFacts(new Uri(server, address), principal ?? own!.Address, homes);
    }

    /// <summary>What one address says of the account; null when it says nothing.</summary>
    private static async Task<DavItem?> AskAsync(CalDavAccess access, Uri address, CancellationToken cancelled)
    {
        var answer = await access.SendAsync(new DavRequest("PROPFIND", address) { Depth = "0", Body = DavBodies.Propfind(Principal, HomeSet, ResourceType) }, cancelled);
        return answer.Status == 207 && Multistatus.Read(answer).Items is [{ Status: 200 } item, ..] ? item with { Address = answer.Address } : null;
    }
}
