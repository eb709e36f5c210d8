using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using NodaTime;
using ProviderBridge.Sync;
using static ProviderBridge.CalDav.DavNames;

namespace ProviderBridge.CalDav;

/// <summary>An object that a listing names.</summary>
/// <param name="Name">Its path segment.</param>
/// <param name="Href">Its address, as it was listed.</param>
/// <param name="Version">Its version; null when the listing does not say.</param>
/// <param name="IsGone">Whether it is gone.</param>
internal sealed record ListedObject(string Name, string Href, string? Version, bool IsGone);

/// <summary>What a calendar has, or what changed in it.</summary>
/// <param name="Objects">The objects.</param>
/// <param name="Cursor">From where to go on.</param>
/// <param name="IsWhole">Whether these are all that there are.</param>
internal sealed record Listed(IReadOnlyList<ListedObject> Objects, string Cursor, bool IsWhole);

/// <summary>
/// Lists a calendar: by what changed since a token where the server can tell (RFC 6578), else by the tag of the whole calendar, and all versions when that is another. A cursor says by its first letter which it is.
/// </summary>
internal sealed class CalendarListing(CalDavRequests requests, CalendarAddress where)
{
    private const int MaxPages = 2000;

    public async Task<Listed> ListAsync(string? cursor, CancellationToken cancelled) => cursor?[..2] switch
    {
        "s " => await SyncAsync(cursor[2..], cancelled) ?? await BeginAsync(cancelled),
        "c " => await FindTagAsync(cancelled) is { } tag && tag == cursor[2..] ? new Listed([], cursor, false) : await BeginAsync(cancelled),
        "l " => await AllAsync(null, cancelled) is var all && all.Cursor == cursor ? new Listed([], cursor, false) : all,
        _ => await BeginAsync(cancelled),
    };

    private async Task<Listed> BeginAsync(CancellationToken cancelled)
    {
        var calendar = await PropertiesAsync("0", [ResourceType, Reports, CollectionTag], cancelled);
        var own = calendar.FirstOrDefault(item => where.NameIn(item.Address) is null);
        if (own?.Find(ResourceType)?.Element(DavNames.Calendar) is null) throw new OutsideException(OutsideFault.Unavailable, "The server does not say that this is a calendar.");
        var canSync = own.Find(Reports)?.Descendants(SyncCollection).Any() == true;
        // the tag is older than what is listed after it
        return canSync && await SyncAsync(null, cancelled) is { } all ? all : await AllAsync(own.Text(CollectionTag), cancelled);
    }

    private async Task<string?> FindTagAsync(CancellationToken cancelled) => (await PropertiesAsync("0", [CollectionTag], cancelled)) is [var own, ..] ? own.Text(CollectionTag) : null;

    private async Task<Listed> AllAsync(string? tag, CancellationToken cancelled)
    {
        var all = (await PropertiesAsync("1", [ResourceType, DavNames.Version, DavNames.ContentType], cancelled)).Select(Of).OfType<ListedObject>().Where(one => !one.IsGone).ToList();
        if (tag is not null) return new Listed(all, $"c {tag}", true);
        var versions = string.Join('\n', all.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => $"{one.Name} {one.Version}"));
        return new Listed(all, $"l {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(versions)))}", true);
    }

    /// <summary>What changed since a token; everything without one. Null when the server no longer knows the token, or does not answer to this at all.</summary>
    private async Task<Listed?> SyncAsync(string? token, CancellationToken cancelled)
    {
        Dictionary<string, ListedObject> found = new(StringComparer.Ordinal);
        var at = token;
        for (var page = 0; page < MaxPages; page++)
        {
            var answer = await requests.SendAsync(new DavRequest("REPORT", where.Address) { Depth = "0", Body = DavBodies.Sync(at) }, cancelled);
            if (answer.IsGone && await where.FindAgainAsync(cancelled)) continue;
            // the calendar is there, and what is asked for is not: the token, or the report
            if (answer.IsGone || IsTokenLost(answer, token)) return null;
            var read = Read(answer);
            foreach (var one in read.Items.Select(Of).OfType<ListedObject>()) found[one.Name] = one;
            if (read.SyncToken is not { Length: > 0 } next) throw new OutsideException(OutsideFault.Unavailable, "The server's listing never ends.");
            // RFC 6578 §3.6: there is more
            if (!read.Items.Any(item => item.Status == 507)) return new Listed([.. token is null ? found.Values.Where(one => !one.IsGone) : found.Values], $"s {next}", token is null);
            if (next == at) break;
            at = next;
        }

        throw new OutsideException(OutsideFault.Unavailable, "The server's listing of the calendar never ends.");
    }

    /// <summary>RFC 6578 §3.2 says 403 with a precondition; servers also answer with other statuses, and without one. A 403 alone may be any refusal.</summary>
    private static bool IsTokenLost(DavAnswer answer, string? token) =>
        answer.Precondition?.Name == ValidSyncToken || (answer.Status is 400 or 405 or 409 or 412 or 415 or 501 or 507) || (answer.Status == 403 && token is null);

    private async Task<IReadOnlyList<DavItem>> PropertiesAsync(string depth, XName[] names, CancellationToken cancelled)
    {
        DavRequest Request() => new("PROPFIND", where.Address) { Depth = depth, Body = DavBodies.Propfind(names) };
        var answer = await requests.SendAsync(Request(), cancelled);
        if (answer.IsGone && await where.FindAgainAsync(cancelled)) answer = await requests.SendAsync(Request(), cancelled);
        return Read(answer).Items;
    }

    private static Multistatus Read(DavAnswer answer)
    {
        if (answer.Status == 403) throw new OutsideException(OutsideFault.TooMany, "The server does not let the calendar be listed.") { RetryAfter = Duration.FromMinutes(1) };
        return CalDavRequests.Read(answer);
    }

    /// <summary>An object of the calendar; null for the calendar itself, for what is below it and for tasks and notes.</summary>
    private ListedObject? Of(DavItem item)
    {
        if (where.NameIn(item.Address) is not { } name || item.Find(ResourceType)?.Element(Collection) is not null) return null;
        if (item.Status is 404 or 410) return new ListedObject(name, item.Href, null, true);
        return IsOther(item.Text(DavNames.ContentType)) ? null : new ListedObject(name, item.Href, item.Version, false);
    }

    private static bool IsOther(string? type) =>
        MediaTypeHeaderValue.TryParse(type, out var read) && read.Parameters.FirstOrDefault(one => one.Name.Equals("component", StringComparison.OrdinalIgnoreCase))?.Value?.Trim('"') is { } component
        && !component.Equals("VEVENT", StringComparison.OrdinalIgnoreCase);
}
