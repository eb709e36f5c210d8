using System.Globalization;
using System.Text.RegularExpressions;
using static ProviderBridge.CalDav.DavNames;

namespace ProviderBridge.CalDav;

/// <summary>The calendars of an account.</summary>
public static partial class CalDavPlaces
{
    private const string Made = "hx-";

    /// <summary>Whether a calendar is one that was made here: what a person chose among their own is never deleted.</summary>
    public static bool IsMadeHere(Uri calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        return MadeHere().IsMatch(calendar.AbsolutePath.TrimEnd('/').Split('/')[^1]);
    }

    /// <summary>Those that take events (RFC 4791 §5.2.3).</summary>
    /// <exception cref="CalDavException">They cannot be listed.</exception>
    public static async Task<IReadOnlyList<CalDavPlace>> ListAsync(CalDavAccess access, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(access);
        List<CalDavPlace> places = [];
        foreach (var home in (await CalDavDiscovery.FindAsync(access, cancellationToken)).Homes)
        {
            var request = new DavRequest("PROPFIND", home) { Depth = "1", Body = DavBodies.Propfind(ResourceType, DisplayName, Components, Privileges) };
            places.AddRange(Multistatus.Read(await access.SendAsync(request, cancellationToken)).Items.Where(TakesEvents).Select(Of));
        }

        return [.. places.DistinctBy(place => place.Address).OrderBy(place => place.Name, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <summary>Makes a calendar (RFC 4791 §5.3.1).</summary>
    /// <param name="access">The way into the account.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CalDavException">It was not made.</exception>
    public static async Task<CalDavPlace> MakeAsync(CalDavAccess access, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(access);
        var home = (await CalDavDiscovery.FindAsync(access, cancellationToken)).Homes[0];
        var address = new Uri(new Uri(home.AbsoluteUri.TrimEnd('/') + "/"), $"{Made}{Guid.NewGuid():N}/");
        try
        {
            var answer = await access.SendAsync(new DavRequest("MKCALENDAR", address) { Body = DavBodies.Make(name) }, cancellationToken);
            // some give a multistatus for what they did not set
            if (!answer.IsDone) throw new CalDavException(CalDavProblem.MakesNone, string.Create(CultureInfo.InvariantCulture, $"The server answered {answer.Status} to a request to make a calendar."));
        }
        catch (CalDavException failed) when (failed.Problem == CalDavProblem.Unreachable)
        {
            // it may have been made, and the answer was lost
        }

        return await FindAsync(access, address, cancellationToken) ?? throw new CalDavException(CalDavProblem.MakesNone, "The server has not made a calendar that accepts events.");
    }

    /// <summary>Reads what a calendar is; null when there is none that takes events.</summary>
    /// <exception cref="CalDavException">It cannot be read.</exception>
    public static async Task<CalDavPlace?> FindAsync(CalDavAccess access, Uri address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(access);
        var answer = await access.SendAsync(new DavRequest("PROPFIND", address) { Depth = "0", Body = DavBodies.Propfind(ResourceType, DisplayName, Components, Privileges) }, cancellationToken);
        return answer.Status == 207 && Multistatus.Read(answer).Items is [{ Status: 200 } item, ..] && TakesEvents(item) ? Of(item) : null;
    }

    /// <summary>Deletes a calendar with all that is in it; one that is gone is no failure.</summary>
    /// <exception cref="CalDavException">It was not deleted.</exception>
    public static async Task DeleteAsync(CalDavAccess access, Uri address, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(access);
        var answer = await access.SendAsync(new DavRequest("DELETE", address), cancellationToken);
        if (answer is { IsDone: false, IsGone: false }) throw new CalDavException(CalDavProblem.MakesNone, string.Create(CultureInfo.InvariantCulture, $"The server answered {answer.Status} to a request to delete a calendar."));
    }

    [GeneratedRegex("^hx-[0-9a-f]{32}$")]
    private static partial Regex MadeHere();

    private static CalDavPlace Of(DavItem item) => new(item.Address, item.Text(DisplayName) ?? Uri.UnescapeDataString(item.Address.AbsolutePath.TrimEnd('/').Split('/')[^1]), MayWrite(item));

    private static bool TakesEvents(DavItem item) =>
        item.Find(ResourceType) is { } type && type.Element(DavNames.Calendar) is not null && type.Elements().All(one => one.Name.LocalName != "subscribed")
        && (item.Find(Components) is not { HasElements: true } set || set.Elements(Component).Any(one => (string?)one.Attribute("name") == "VEVENT"));

    /// <summary>Whether something may be written (RFC 3744 §5.4); where nothing is said, it is tried.</summary>
    private static bool MayWrite(DavItem item) =>
        item.Find(Privileges) is not { } set || set.Descendants().Any(one => one.Name.Namespace == Dav && one.Name.LocalName is "all" or "write" or "write-content" or "bind");
}
