using ProviderBridge.Sync;

namespace ProviderBridge.CalDav;

/// <summary>Where a calendar is. Accounts at iCloud move from one host to another: then it has the same path there.</summary>
internal sealed class CalendarAddress(CalDavRequests requests, Uri calendar)
{
    /// <summary>The calendar.</summary>
    public Uri Address { get; private set; } = new(calendar.AbsoluteUri.TrimEnd('/') + "/");

    /// <summary>Its path without escapes.</summary>
    public string Path => Uri.UnescapeDataString(Address.AbsolutePath);

    /// <summary>An object in it.</summary>
    public Uri Of(string name) => new(Address, Uri.EscapeDataString(name));

    /// <summary>The object of an address; null when it is none in this calendar.</summary>
    public string? NameIn(Uri address)
    {
        var path = Uri.UnescapeDataString(address.AbsolutePath);
        return path.StartsWith(Path, StringComparison.Ordinal) && path[Path.Length..] is { Length: > 0 } name && !name.Contains('/', StringComparison.Ordinal) ? name : null;
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

        throw new OutsideException(OutsideFault.CalendarGone, "The calendar is not there any more.");
    }

    private async Task<bool> IsThereAsync(Uri address, CancellationToken cancelled)
    {
        var answer = await requests.SendAsync(new DavRequest("PROPFIND", address) { Depth = "0", Body = DavBodies.Propfind(DavNames.ResourceType) }, cancelled);
        if (answer.IsGone) return false;
        if (answer.Status == 207) return CalDavRequests.Read(answer).Items is not [{ Status: 404 or 410 }];
        throw new OutsideException(answer.Status == 403 ? OutsideFault.TooMany : OutsideFault.Unavailable, "The server does not say whether the calendar is there.");
    }
}
