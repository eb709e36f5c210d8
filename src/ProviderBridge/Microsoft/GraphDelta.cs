using System.Globalization;
using Microsoft.Graph;
using Microsoft.Graph.Models;
using NodaTime;
using ProviderBridge.Sync;
using DeltaAnswer = Microsoft.Graph.Me.Calendars.Item.CalendarView.Delta.DeltaGetResponse;

namespace ProviderBridge.Microsoft;

/// <summary>
/// Lists what may have changed in a calendar, by a delta query. Graph tells it for a window of time, occurrence by occurrence, and without what is noted with an event: it is taken as a hint at what to read again, and no more. What it says was removed may
/// only be outside the window.
/// </summary>
internal sealed class GraphDelta(GraphServiceClient client, GraphRequests requests, string calendarId, IClock clock)
{
    /// <summary>How far back Graph is asked for changes.</summary>
    public static readonly Duration Before = Duration.FromDays(31);

    /// <summary>How far ahead it is: a year and a half. The window moves on when all is listed again.</summary>
    public static readonly Duration Ahead = Duration.FromDays(548);
    private static readonly string[] Fields = ["id", "type", "changeKey"];

    /// <summary>How many a page of a listing has.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>What changed since a cursor; null when Graph has lost it, or a page of it.</summary>
    public async Task<OutsideChanges?> SinceAsync(string cursor, CancellationToken cancelled)
    {
        try
        {
            // made for another address of Graph's, or by an older version of this server, it is of no use here
            if (!IsOurs(cursor) || await ReadDeltaAsync(cursor, cancelled) is not ({ } items, { } next)) return null;
            return Changes(await WithSeriesAsync(items, cancelled), next, isWhole: false);
        }
        catch (OutsideException refused) when (refused.Fault == OutsideFault.Rejected)
        {
            // it is no longer answered to, and says so in words of its own
            return null;
        }
    }

    /// <summary>All there is; null when a page was lost. The changes are asked for first: what happens in the meantime is told the next time.</summary>
    public async Task<OutsideChanges?> AllAsync(CancellationToken cancelled)
    {
        if (await ReadDeltaAsync(null, cancelled) is not ({ } inWindow, { } next)) return null;
        List<Event> all = [];
        var page = await requests.SendAsync(stop => client.Me.Calendars[calendarId].Events.GetAsync(request => (request.QueryParameters.Select, request.QueryParameters.Top) = (Fields, PageSize), stop), cancelled);
        while (page.Value is { } answer)
        {
            all.AddRange(answer.Value ?? []);
            if (answer.OdataNextLink is not { } link) return Changes([.. inWindow, .. all], next, isWhole: true);
            CheckAddress(link);
            page = await requests.SendAsync(stop => client.Me.Calendars[calendarId].Events.WithUrl(link).GetAsync(cancellationToken: stop), cancelled);
        }

        throw await GoneAsync(cancelled);
    }

    /// <summary>Throws when the calendar is no longer there.</summary>
    public async Task ThrowIfCalendarIsGoneAsync(CancellationToken cancelled)
    {
        if ((await requests.SendAsync(stop => client.Me.Calendars[calendarId].GetAsync(request => request.QueryParameters.Select = ["id"], stop), cancelled)).IsGone)
            throw new OutsideException(OutsideFault.CalendarGone, "The calendar no longer exists.");
    }

    /// <summary>What is told to be removed may be an occurrence that was changed outside the window: then it is its series that has changed.</summary>
    private async Task<List<Event>> WithSeriesAsync(List<Event> items, CancellationToken cancelled)
    {
        var told = items.Where(item => item.Id is not null && item.AdditionalData.ContainsKey("@removed")).Select(item => item.Id!).Distinct(StringComparer.Ordinal).ToList();
        foreach (var id in told)
        {
            var found = await requests.SendAsync(stop => client.Me.Calendars[calendarId].Events[id].GetAsync(request => request.QueryParameters.Select = ["id", "seriesMasterId"], stop), cancelled);
            if (found.Value is { SeriesMasterId.Length: > 0 } occurrence) items.Add(new Event { Id = occurrence.SeriesMasterId });
        }

        return items;
    }

    private async Task<(List<Event>? Items, string? Next)> ReadDeltaAsync(string? link, CancellationToken cancelled)
    {
        List<Event> items = [];
        var now = clock.GetCurrentInstant();
        while (true)
        {
            var at = link;
            if (at is not null) CheckAddress(at);
            var page = await requests.SendAsync(stop => AskAsync(at, now, stop), cancelled);
            if (page.IsLost) return (null, null);
            if (page.Value is not { } answer)
            {
                var gone = await GoneAsync(cancelled);
                if (at is null) throw gone;
                // the calendar is there, and the link is not
                return (null, null);
            }

            items.AddRange(answer.Value ?? []);
            if (answer.OdataNextLink is { } next) link = next;
            else return (items, answer.OdataDeltaLink ?? throw new OutsideException(OutsideFault.Unavailable, "Microsoft's listing never ends."));
        }
    }

    private Task<DeltaAnswer?> AskAsync(string? link, Instant now, CancellationToken cancelled)
    {
        var delta = client.Me.Calendars[calendarId].CalendarView.Delta;
        if (link is not null) return delta.WithUrl(link).GetAsDeltaGetResponseAsync(request => request.Headers.Add("Prefer", Page), cancelled);
        return delta.GetAsDeltaGetResponseAsync(
            request =>
            {
                request.Headers.Add("Prefer", Page);
                (request.QueryParameters.StartDateTime, request.QueryParameters.EndDateTime) = (Text(now - Before), Text(now + Ahead));
            },
            cancelled);
    }

    private string Page => string.Create(CultureInfo.InvariantCulture, $"odata.maxpagesize={PageSize}");

    /// <summary>Events and series by id, and the versions of single events. An item may come twice: the later is newer.</summary>
    private static OutsideChanges Changes(List<Event> items, string next, bool isWhole)
    {
        HashSet<string> ids = new(StringComparer.Ordinal), gone = new(StringComparer.Ordinal);
        Dictionary<string, string> versions = new(StringComparer.Ordinal);
        foreach (var item in items.Where(item => item.Id is not null))
        {
            var id = item.SeriesMasterId is { Length: > 0 } master ? master : item.Id!;
            ids.Add(id);
            // it may be there all the same: what is asked for it tells
            if (item.AdditionalData.ContainsKey("@removed")) gone.Add(id);
            else gone.Remove(id);
            if (item.Type == EventType.SingleInstance && VersionOf(item) is { } version) versions[id] = version;
            else versions.Remove(id);
        }

        return new OutsideChanges([.. ids], next, isWhole) { Versions = versions, Gone = gone };
    }

    /// <summary>The version of one event, without that of its occurrences.</summary>
    public static string? VersionOf(Event one) => one.AdditionalData.TryGetValue("@odata.etag", out var tag) && tag is string text ? text : one.ChangeKey is { } key ? $"W/\"{key}\"" : null;

    /// <summary>Throws when a listing goes on somewhere else: access to the account goes where its link goes.</summary>
    public void CheckAddress(string link)
    {
        if (!IsOurs(link)) throw new OutsideException(OutsideFault.Unavailable, "Microsoft's listing continues at another address.");
    }

    private bool IsOurs(string link) => link.StartsWith(client.RequestAdapter.BaseUrl!.TrimEnd('/') + "/", StringComparison.OrdinalIgnoreCase);

    private async Task<OutsideException> GoneAsync(CancellationToken cancelled)
    {
        await ThrowIfCalendarIsGoneAsync(cancelled);
        return new OutsideException(OutsideFault.Unavailable, "Microsoft could not find in the calendar what it was asked for.");
    }

    private static string Text(Instant at) => NodaTime.Text.InstantPattern.General.Format(at);
}
