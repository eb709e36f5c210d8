using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Calendaring.ICalendar;
using Google.Apis;
using Google.Apis.Calendar.v3;
using Google.Apis.Calendar.v3.Data;
using NodaTime;
using NodaTime.Text;
using Polly;
using ProviderBridge.Sync;

namespace ProviderBridge.Google;

/// <summary>A secondary calendar in an account at Google. A series with the occurrences that are not as it says is one thing.</summary>
/// <param name="service">A client of the API, with access to the account.</param>
/// <param name="calendarId">The calendar.</param>
/// <param name="link">The link that mirrors it.</param>
/// <param name="zone">The practice's zone.</param>
/// <param name="owners">Tells which events are other appointments'.</param>
/// <param name="pipeline">How what fails is tried again; the usual way when it is not said.</param>
public sealed class GoogleCalendar(CalendarService service, string calendarId, LinkKey link, DateTimeZone zone, EventOwners owners, ResiliencePipeline? pipeline = null) : IOutsideCalendar
{
    private const int Generations = 50;
    private const int Refusals = 3;

    // with the cursor, once more where a page was lost, and from the beginning: a calendar that loses pages of all three loses those of a fourth
    private const int Listings = 3;

    /// <summary>How long after an event was made what changes it is still part of that.</summary>
    private static readonly Duration AtOnce = Duration.FromMilliseconds(500);
    private readonly GoogleRequests _requests = new(pipeline ?? OutsideTries.Usual);

    /// <summary>Names the link, and nobody.</summary>
    private readonly string _link = EventIds.Of(link, "", 0);

    /// <summary>What the last listing said is deleted.</summary>
    private readonly HashSet<string> _deleted = new(StringComparer.Ordinal);

    /// <summary>How often an occurrence was refused as changed, by the id of its series: a series that was split off another may have the ids of its occurrences in common with it.</summary>
    private readonly Dictionary<string, int> _refused = new(StringComparer.Ordinal);

    /// <summary>How many a page of a listing has; Google gives 2 500 at most.</summary>
    public int PageSize { get; init; } = 2500;

    /// <inheritdoc/>
    public CalendarObject Render(CalendarObject content) =>
        SeriesWriter.Write(content, zone, out _) is { } written && SeriesReader.Read(written, "", zone) is { } read ? read : content;

    /// <inheritdoc/>
    public async Task<OutsideChanges> ListChangesAsync(string? cursor, CancellationToken cancellationToken)
    {
        // a lost page is asked for once more from the first; a lost cursor is no failure: then all there is is listed
        for (var attempt = 1; attempt <= Listings; attempt++)
        {
            var (changes, isCursorLost) = await TryListAsync(cursor, cancellationToken);
            if (changes is not null) return changes;
            if (isCursorLost || attempt == 2) cursor = null;
        }

        throw new OutsideException(OutsideFault.Unavailable, "Google's listing of the calendar never ends.");
    }

    /// <inheritdoc/>
    public async Task CheckAnswersAsync(CancellationToken cancellationToken)
    {
        // of the events, and not of the calendar only: what serves these may be away alone
        if ((await _requests.SendAsync(() => new EventsResource.ListRequest(service, calendarId) { MaxResults = 1 }, cancellationToken)).Value is null) throw await GoneAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<OutsideSeries?> ReadAsync(string id, CancellationToken cancellationToken) => _deleted.Contains(id) ? null : await AskAsync(id, cancellationToken);

    /// <inheritdoc/>
    public async Task<OutsideSeries> CreateAsync(string uid, int generation, CalendarObject content, CancellationToken cancellationToken)
    {
        var wanted = Write(content);
        // an event that was deleted keeps its id for ever
        for (var n = 0; n < generation + Generations; n++)
        {
            var id = EventIds.Of(link, uid, n);
            if (n < generation)
            {
                // one that took the place of a split-off series, when that was cut short: no second one is made
                if (await AskAsync(id, cancellationToken) is { } there && !await owners.IsAnothersAsync(id, uid, cancellationToken)) return there;
                continue;
            }

            var body = EventCopy.Of(wanted.Master);
            body.Id = id;
            EventTag.Put(body, _link, uid);
            var made = await _requests.SendAsync(() => new EventsResource.InsertRequest(service, body, calendarId) { SendUpdates = EventsResource.SendUpdatesEnum.None }, cancellationToken);
            if (made.IsGone) throw await GoneAsync(cancellationToken);
            if (made.Value is { } master) return await WriteOccurrencesAsync(master, wanted, wanted.Occurrences.Count > 0, uid, cancellationToken) with { IsUntouched = true };
            if (!made.IsTaken) throw Changed();
            if (await AskAsync(id, cancellationToken) is { } found && !await owners.IsAnothersAsync(id, uid, cancellationToken)) return found;
        }

        throw new OutsideException(OutsideFault.Rejected, "Google has had this event too many times.");
    }

    /// <inheritdoc/>
    public async Task<OutsideSeries> UpdateAsync(OutsideSeries current, string uid, CalendarObject content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(current);
        var (had, wanted) = (EventCopy.Read(current.Raw), Write(content));
        var isRuled = RulesToWrite.Differs(had, wanted.Master, ZoneOf(had));
        if ((isRuled && EventIds.IsSplitOff(current.Id)) || _refused.GetValueOrDefault(current.Id) >= Refusals) return await ReplaceAsync(current, uid, content, cancellationToken);
        var next = EventOverlay.Lay(had.Master, wanted.Master, ZoneOf(had));
        if (isRuled) (next ??= EventCopy.Of(had.Master)).Recurrence = wanted.Master.Recurrence;
        var master = next is null ? had.Master : await PutAsync(next, uid, cancellationToken);
        var isSingle = had.Occurrences.Count > 0 || wanted.Occurrences.Count > 0 || (!isRuled && wanted.Master.Recurrence is { Count: > 0 });
        return await WriteOccurrencesAsync(master, wanted, isSingle, uid, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(OutsideSeries current, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(current);
        var had = EventCopy.Read(current.Raw);
        // a change of one occurrence leaves the version of its series as it was
        if (had.Master.Recurrence is { Count: > 0 })
        {
            if (await AskAsync(current.Id, cancellationToken) is not { } now) return;
            if (now.Version != current.Version) throw Changed();
        }

        await DeleteAsync(current.Id, had.Master.ETag, cancellationToken);
        if (await AskAsync(current.Id, cancellationToken) is not null) throw new OutsideException(OutsideFault.Unavailable, "An event is still there after it was deleted.") { MayBeOfOne = true };
    }

    private async Task<(OutsideChanges? Changes, bool IsCursorLost)> TryListAsync(string? cursor, CancellationToken cancelled)
    {
        List<Event> items = [];
        string? page = null;
        do
        {
            var at = page;
            GoogleAnswer<Events> answer;
            try
            {
                answer = await _requests.SendAsync(() => new EventsResource.ListRequest(service, calendarId) { SyncToken = cursor, PageToken = at, ShowDeleted = true, SingleEvents = false, MaxResults = PageSize }, cancelled);
            }
            catch (OutsideException refused) when (refused.Fault == OutsideFault.Rejected)
            {
                return (null, at is null);
            }

            if (answer.Value is not { } events) return cursor is not null && answer.Status == System.Net.HttpStatusCode.Gone ? (null, true) : throw await GoneAsync(cancelled);
            items.AddRange(events.Items ?? []);
            page = events.NextPageToken;
            if (page is null) return (Changes(items, events.NextSyncToken ?? throw Incomplete(), cursor is null), false);
        }
        while (true);
    }

    /// <summary>Series and single events by id. An item may come twice: the later is newer.</summary>
    private OutsideChanges Changes(List<Event> items, string next, bool isWhole)
    {
        var last = items.Where(item => item.Id is not null).GroupBy(item => item.Id!, StringComparer.Ordinal).Select(same => same.Last()).ToList();
        _deleted.Clear();
        _deleted.UnionWith(last.Where(item => item is { Status: "cancelled", RecurringEventId: null }).Select(item => item.Id!));
        var ids = last.Select(item => item.RecurringEventId ?? item.Id!).Distinct(StringComparer.Ordinal);
        return new OutsideChanges([.. isWhole ? ids.Where(id => !_deleted.Contains(id)) : ids], next, isWhole) { Versions = VersionsOf(last, isWhole) };
    }

    /// <summary>The versions of single events; of series only where all their occurrences are told of.</summary>
    private Dictionary<string, string> VersionsOf(List<Event> items, bool isWhole)
    {
        var own = items.Where(item => item.RecurringEventId is not null).ToLookup(item => item.RecurringEventId!);
        return items.Where(item => item.RecurringEventId is null && item.Status != "cancelled" && (isWhole || item.Recurrence is not { Count: > 0 }))
            .ToDictionary(item => item.Id!, item => VersionOf(SeriesOf(item, own[item.Id!])), StringComparer.Ordinal);
    }

    /// <summary>Asks for an event or series; null when Google says that it is deleted.</summary>
    private async Task<OutsideSeries?> AskAsync(string id, CancellationToken cancelled)
    {
        var answer = await _requests.SendAsync(() => new EventsResource.GetRequest(service, calendarId, id), cancelled);
        if (answer.Value is not { } found)
        {
            await ThrowIfCalendarIsGoneAsync(cancelled);
            return null;
        }

        if (found.Status == "cancelled") return null;
        return Compose(found, found.Recurrence is { Count: > 0 } ? await ListAsync(found, cancelled) : []);
    }

    /// <summary>All occurrences of a series, those that were taken out too.</summary>
    private async Task<List<Event>> ListAsync(Event master, CancellationToken cancelled)
    {
        List<Event> all = [];
        string? page = null;
        do
        {
            var at = page;
            var answer = await _requests.SendAsync(() => new EventsResource.InstancesRequest(service, calendarId, master.Id!) { PageToken = at, ShowDeleted = true, MaxResults = PageSize }, cancelled);
            if (answer.Value is not { } events) throw new OutsideException(OutsideFault.Unavailable, "A series was deleted while it was read.") { MayBeOfOne = true };
            all.AddRange(events.Items ?? []);
            page = events.NextPageToken;
        }
        while (page is not null);
        return all;
    }

    /// <summary>Makes each occurrence of a series what it should be, one by one: what was written to the series has undone what they had by themselves.</summary>
    private async Task<OutsideSeries> WriteOccurrencesAsync(Event master, GoogleSeries wanted, bool isSingle, string uid, CancellationToken cancelled)
    {
        if (!isSingle || master.Recurrence is not { Count: > 0 }) return Compose(master, []);
        var own = ZoneOf(new GoogleSeries(master, []));
        var moved = wanted.Occurrences.Where(one => Occurrences.PlaceOf(one, own) is not null).GroupBy(one => Occurrences.PlaceOf(one, own)!.Value).ToDictionary(same => same.Key, same => same.Last());
        var excluded = RulesToWrite.Exclusions(wanted.Master, own);
        var all = await ListAsync(master, cancelled);
        for (var n = 0; n < all.Count; n++)
        {
            if (Occurrences.PlaceOf(all[n], own) is not { } place) continue;
            try
            {
                if (excluded.Contains(place)) all[n] = await TakeOutAsync(all[n], cancelled);
                else if ((moved.ContainsKey(place) || Occurrences.IsOwn(all[n], master, own)) && EventOverlay.Lay(all[n], moved.GetValueOrDefault(place) ?? Occurrences.Plain(all[n], master, own), own) is { } next)
                    all[n] = await PutAsync(next, uid, cancelled);
            }
            catch (OutsideException changed) when (changed.Fault == OutsideFault.Changed)
            {
                _refused[master.Id!] = _refused.GetValueOrDefault(master.Id!) + 1;
                throw;
            }
        }

        return Compose(master, all);
    }

    private async Task<Event> TakeOutAsync(Event occurrence, CancellationToken cancelled)
    {
        if (occurrence.Status == "cancelled") return occurrence;
        await DeleteAsync(occurrence.Id!, occurrence.ETag, cancelled);
        var gone = EventCopy.Of(occurrence);
        gone.Status = "cancelled";
        return gone;
    }

    private async Task<Event> PutAsync(Event next, string uid, CancellationToken cancelled)
    {
        EventTag.Put(next, _link, uid);
        var answer = await _requests.SendAsync(
            () => new EventsResource.UpdateRequest(service, next, calendarId, next.Id!) { ETagAction = ETagAction.IfMatch, SendUpdates = EventsResource.SendUpdatesEnum.None }, cancelled);
        if (answer.IsGone) await ThrowIfCalendarIsGoneAsync(cancelled);
        return answer.Value is { Status: not "cancelled" } written ? written : throw Changed();
    }

    private async Task DeleteAsync(string id, string? version, CancellationToken cancelled)
    {
        var answer = await _requests.SendAsync(
            () =>
            {
                var request = new EventsResource.DeleteRequest(service, calendarId, id) { SendUpdates = EventsResource.SendUpdatesEnum.None };
                if (version is not null) request.ModifyRequest = message => message.Headers.TryAddWithoutValidation("If-Match", version);
                return request;
            },
            cancelled);
        if (answer.IsChanged || answer.IsTaken) throw Changed();
        if (answer.IsGone) await ThrowIfCalendarIsGoneAsync(cancelled);
    }

    /// <summary>The rules of a series that Google split off another cannot be changed: a new one takes its place.</summary>
    private async Task<OutsideSeries> ReplaceAsync(OutsideSeries current, string uid, CalendarObject content, CancellationToken cancelled)
    {
        await DeleteAsync(current, cancelled);
        return await CreateAsync(uid, 0, content, cancelled);
    }

    private OutsideSeries Compose(Event master, IEnumerable<Event> all)
    {
        var series = SeriesOf(master, all);
        var tag = EventTag.Read(master, _link);
        if (SeriesReader.Read(series, tag ?? master.Id!, zone) is not { } content) throw new OutsideException(OutsideFault.Rejected, "Google has an event without a time.");
        var updated = series.Occurrences.Append(master).Select(one => one.UpdatedRaw is { } text && InstantPattern.ExtendedIso.Parse(text) is { Success: true } at ? at.Value : (Instant?)null).Max();
        return new OutsideSeries(master.Id!, VersionOf(series), content, tag, updated, EventCopy.Write(series))
        {
            IsOurs = tag is not null && EventIds.AreOurs(link, tag, master.Id!),
            IsUntouched = InstantPattern.ExtendedIso.Parse(master.CreatedRaw ?? "") is { Success: true } made && updated - made.Value < AtOnce,
        };
    }

    private GoogleSeries SeriesOf(Event master, IEnumerable<Event> all)
    {
        var own = ZoneOf(new GoogleSeries(master, []));
        return new GoogleSeries(master, [.. all.Where(one => Occurrences.IsOwn(one, master, own))]);
    }

    private static string VersionOf(GoogleSeries series)
    {
        if (series.Occurrences.Count == 0) return series.Master.ETag ?? "";
        var all = series.Occurrences.OrderBy(one => one.Id, StringComparer.Ordinal).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Id} {one.ETag}"));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', all.Prepend(series.Master.ETag)))));
    }

    private GoogleSeries Write(CalendarObject content) =>
        SeriesWriter.Write(content, zone, out _) ?? throw new OutsideException(OutsideFault.Rejected, "It has no event that Google could store.");

    private DateTimeZone ZoneOf(GoogleSeries series) => EventTime.ZoneOf(series.Master.Start) ?? zone;

    private async Task ThrowIfCalendarIsGoneAsync(CancellationToken cancelled)
    {
        if ((await _requests.SendAsync(() => new CalendarsResource.GetRequest(service, calendarId), cancelled)).IsGone) throw new OutsideException(OutsideFault.CalendarGone, "The calendar no longer exists.");
    }

    private async Task<OutsideException> GoneAsync(CancellationToken cancelled)
    {
        await ThrowIfCalendarIsGoneAsync(cancelled);
        return new OutsideException(OutsideFault.Unavailable, "Google could not find in the calendar what it was asked for.") { MayBeOfOne = true };
    }

    private static OutsideException Changed() => new(OutsideFault.Changed, "The event is at another version.");

    private static OutsideException Incomplete() => new(OutsideFault.Unavailable, "Google's listing never ends.");
}
