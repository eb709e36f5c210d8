using System.Text.RegularExpressions;
using ProviderBridge.Sync;

namespace ProviderBridge.CalDav;

/// <summary>Where a calendar is. Accounts at iCloud move from one host to another: then it has the same path there.</summary>
internal sealed partial class CalendarAddress(CalDavRequests requests, Uri calendar)
{
    /// <summary>The calendar.</summary>
    public Uri Address { get; private set; } = new(calendar.AbsoluteUri.TrimEnd('/') + "/");

    /// <summary>Its path without escapes.</summary>
    public string Path => Uri.UnescapeDataString(Address.AbsolutePath);

    /// <summary>An object in it.</summary>
    public Uri Of(string name) => new(Address, Uri.EscapeDataString(name));

    /// <summary>The same, with no more escapes than a path segment needs (RFC 3986 §3.3); null when that is no other.</summary>
    public Uri? OtherSpellingOf(string name)
    {
        var spelled = Unneeded().Replace(Uri.EscapeDataString(name), static found => Uri.UnescapeDataString(found.Value));
        var other = new Uri($"{Address.AbsoluteUri}{spelled}");
        return other.AbsoluteUri == Of(name).AbsoluteUri ? null : other;
    }

    /// <summary>The object of an address; null when it is none in this calendar. Servers write one path in more ways than one; an escaped slash is part of the name.</summary>
    public string? NameIn(Uri address)
    {
        var end = address.AbsolutePath.LastIndexOf('/') + 1;
        var name = Uri.UnescapeDataString(address.AbsolutePath[end..]);
        return name.Length > 0 && Uri.UnescapeDataString(address.AbsolutePath[..end]) == Path ? name : null;
    }

    /// <summary>Sends a request about one object. A server that fails at it each time, and answers for the calendar, fails at this one alone, which must not keep the others waiting.</summary>
    /// <exception cref="OutsideException">There is no answer that says something about what was asked for.</exception>
    public async Task<DavAnswer> SendAboutOneAsync(DavRequest request, CancellationToken cancelled)
    {
        try
        {
            return await requests.SendAsync(request, cancelled);
        }
        catch (OutsideException failed) when (failed.InnerException is CalDavException { IsServerError: true })
        {
            if (await FindAgainAsync(cancelled)) throw;
            throw new OutsideException(OutsideFault.Rejected, "The server fails at it (500).", failed);
        }
    }

    /// <summary>Looks where the account is now when the calendar is not where it was. True when it is elsewhere.</summary>
    /// <exception cref="OutsideException">It is nowhere, or that cannot be said.</exception>
    public async Task<bool> FindAgainAsync(CancellationToken cancelled)
    {
        if (await IsThereAsync(Address, cancelled)) return false;
        var homes = (await requests.DoAsync(stop => CalDavDiscovery.FindAsync(requests.Access, stop), cancelled)).Homes;
        foreach (var moved in homes.Select(home => new Uri(home, Address.AbsolutePath)).Where(moved => moved.Authority != Address.Authority).Distinct())
        {
            if (!await IsThereAsync(moved, cancelled)) continue;
            Address = moved;
            return true;
        }

        throw new OutsideException(OutsideFault.CalendarGone, "The calendar no longer exists.");
    }

    // sub-delims, ":" and "@"
    [GeneratedRegex("%(?:2[1456789ABC]|3[ABD]|40)")]
    private static partial Regex Unneeded();

    private async Task<bool> IsThereAsync(Uri address, CancellationToken cancelled)
    {
        var answer = await requests.SendAsync(new DavRequest("PROPFIND", address) { Depth = "0", Body = DavBodies.Propfind(DavNames.ResourceType) }, cancelled);
        if (answer.IsGone) return false;
        if (answer.Status == 207) return CalDavRequests.Read(answer).Items is not [{ Status: 404 or 410 }];
        throw new OutsideException(answer.Status == 403 ? OutsideFault.TooMany : OutsideFault.Unavailable, "The server does not say whether the calendar is there.");
    }
}
