using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Calendaring.ICalendar;
using Microsoft.Graph;
using Microsoft.Graph.Me.Calendars.Item.Events;
using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions;
using NodaTime;
using NodaTime.Text;
using Polly;
using ProviderBridge.Sync;

namespace ProviderBridge.Microsoft;

/// <summary>A calendar in an account at Microsoft. A series with the occurrences that are not as it says is one thing.</summary>
/// <param name="client">A client of Graph, with access to the account.</param>
/// <param name="calendarId">The calendar.</param>
/// <param name="link">The link that mirrors it.</param>
/// <param name="zone">The practice's zone.</param>
/// <param name="owners">Tells which events are other appointments'.</param>
/// <param name="clock">The current time: changes are told for a window around it.</param>
/// <param name="pipeline">How what fails is tried again; the usual way when it is not said.</param>
public sealed partial class MicrosoftCalendar(GraphServiceClient client, string calendarId, LinkKey link, DateTimeZone zone, EventOwners owners, IClock clock, ResiliencePipeline? pipeline = null) : IOutsideCalendar
{
    private const int Generations = 50;

    /// <summary>How long after an event was made what changes it is still part of that.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(500);

    private static readonly string[] Fields =
    [
        "id", "type", "changeKey", "seriesMasterId", "subject", "body", "location", "start", "end", "isAllDay", "showAs", "sensitivity", "isCancelled", "isOnlineMeeting", "recurrence", "cancelledOccurrences",
        "originalStart", "originalStartTimeZone", "createdDateTime", "lastModifiedDateTime",
    ];

    private static readonly string Tags = $"singleValueExtendedProperties($filter=id eq '{EventKeys.Property}' or id eq '{EventKeys.PartProperty}')";
    private static readonly string[] Expanded = ["exceptionOccurrences", Tags];
    private readonly GraphRequests _requests = new(pipeline ?? OutsideTries.Usual);
    private readonly string _link = EventKeys.OfLink(link);

    /// <summary>How many a page of a listing has.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>How many events stand for a series that Microsoft has no pattern for, at most.</summary>
    public int MostParts { get; init; } = 400;

    private DateTimeZone ZoneOfPractice => zone;

    private EventsRequestBuilder Events => client.Me.Calendars[calendarId].Events;

    private GraphDelta Delta => new(client, _requests, calendarId, clock) { PageSize = PageSize };

    /// <inheritdoc/>
    public CalendarObject Render(CalendarObject content)
    {
        try
        {
            return GraphParts.Of(content, zone) is { } parts ? parts.Compose("", NoEvents, NoKeys) : Rendered(GraphWriter.Write(content, zone)) ?? content;
        }
        catch (OutsideException rejected) when (rejected.Fault == OutsideFault.Rejected)
        {
            return content;
        }
    }

    /// <inheritdoc/>
    public async Task<OutsideChanges> ListChangesAsync(string? cursor, CancellationToken cancellationToken)
    {
        // a lost cursor is no failure: then all there is is listed; a lost page is asked for once more from the first
        if (cursor is not null && await Delta.SinceAsync(cursor, cancellationToken) is { } changes) return changes;
        return await Delta.AllAsync(cancellationToken) ?? await Delta.AllAsync(cancellationToken) ?? throw new OutsideException(OutsideFault.Unavailable, "Microsoft's listing of the calendar never ends.");
    }

    /// <inheritdoc/>
    public async Task CheckAnswersAsync(CancellationToken cancellationToken)
    {
        var answer = await _requests.SendAsync(stop => Events.GetAsync(request => (request.QueryParameters.Select, request.QueryParameters.Top) = (["id"], 1), stop), cancellationToken);
        if (answer.Value is null) throw await GoneAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<OutsideSeries?> ReadAsync(string id, CancellationToken cancellationToken) => await AskAsync(id, cancellationToken);

    /// <inheritdoc/>
    public async Task<OutsideSeries> CreateAsync(string uid, int generation, CalendarObject content, CancellationToken cancellationToken)
    {
        if (GraphParts.Of(content, zone) is { } parts) return await WritePartsAsync(NoEvents, uid, parts, cancellationToken);
        var wanted = GraphWriter.Write(content, zone);
        // also those that were deleted before, as far as is known: one may be there that took the place of another, when that was cut short
        for (var n = 0; n < generation + Generations; n++)
        {
            var body = BodyOf(wanted.Master);
            (body.TransactionId, body.SingleValueExtendedProperties) = (EventKeys.Transaction(link, uid, n), EventKeys.Tag(_link, uid));
            var made = await _requests.SendAsync(stop => Events.PostAsync(body, cancellationToken: stop), cancellationToken);
            if (made.IsGone) throw await GoneAsync(cancellationToken);
            if (made.Value is { Id: { } id } master)
            {
                var isBare = !wanted.Repeats || wanted.Occurrences.Count + wanted.Excluded.Count == 0;
                return (isBare ? Compose(GraphSeries.Single(master), uid) : await WriteOccurrencesAsync(id, wanted, cancellationToken)) with { IsUntouched = true };
            }

            if (made.IsChanged) throw Changed();
            if (await FindAsync(made.Existing, uid, cancellationToken) is { } found) return found;
            // another key makes another event: only where this one is known to be used up
            if (!made.IsTaken) throw new OutsideException(OutsideFault.Unavailable, "Microsoft did not answer with the event.") { MayBeOfOne = true };
        }

        throw new OutsideException(OutsideFault.Rejected, "Microsoft has had this event too many times.");
    }

    /// <inheritdoc/>
    public async Task<OutsideSeries> UpdateAsync(OutsideSeries current, string uid, CalendarObject content, CancellationToken cancellationToken)
    {
        var parts = GraphParts.Of(content, zone);
        if (parts is not null) return current is GraphFoundParts there ? await WritePartsAsync(Renamed(there, content, parts), uid, parts, cancellationToken) : await ReplaceAsync(current, uid, content, cancellationToken);
        var wanted = GraphWriter.Write(content, zone);
        if (current is not GraphFound { Series: var had }) return await ReplaceAsync(current, uid, content, cancellationToken);
        var isRuled = HasOtherRule(had, wanted);
        if (had.Repeats && (!wanted.Repeats || (!isRuled && !IsStillOut(had, wanted)))) return await ReplaceAsync(current, uid, content, cancellationToken);
        var patch = GraphOverlay.Lay(had.Master, wanted.Master, zone);
        if (isRuled)
        {
            patch ??= new Event();
            (patch.Start, patch.End, patch.IsAllDay, patch.Recurrence) = (wanted.Master.Start, wanted.Master.End, wanted.Master.IsAllDay, wanted.Master.Recurrence);
        }

        var master = patch is null ? had.Master : await PatchAsync(had.Master, patch, cancellationToken);
        if (wanted.Repeats) return await WriteOccurrencesAsync(current.Id, wanted, cancellationToken);
        return Compose(GraphSeries.Single(master), current.Tag);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(OutsideSeries current, CancellationToken cancellationToken)
    {
        if (current is GraphFoundParts parts)
        {
            foreach (var one in parts.Events.Values) await DeleteAsync(one, cancellationToken);
            return;
        }

        var had = ((GraphFound)current).Series;
        // a change of one occurrence may leave the version of its series as it was
        if (had.Repeats)
        {
            if (await AskAsync(current.Id, cancellationToken) is not { } now) return;
            if (now.Version != current.Version) throw Changed();
        }

        await DeleteAsync(had.Master, cancellationToken);
    }

    /// <summary>Asks for an event or series; null when Graph says that it is not in the calendar.</summary>
    private async Task<GraphFound?> AskAsync(string id, CancellationToken cancelled)
    {
        var answer = await _requests.SendAsync(
            stop => Events[id].GetAsync(request => (request.QueryParameters.Select, request.QueryParameters.Expand) = (Fields, Expanded), stop), cancelled);
        if (answer.Value is not { } found)
        {
            // an answer that says nothing is not one that says that it is gone
            if (!answer.IsGone) throw new OutsideException(OutsideFault.Unavailable, "Microsoft did not answer with the event.") { MayBeOfOne = true };
            await Delta.ThrowIfCalendarIsGoneAsync(cancelled);
            return null;
        }

        // an occurrence is nothing by itself: one that is as its series says again is told to be removed
        if (found.SeriesMasterId is { Length: > 0 }) return null;
        var tag = EventKeys.Read(found, _link);
        return Compose(SeriesOf(found), tag) with { PartOf = tag is not null && EventKeys.ReadPart(found) is not null ? EventKeys.OfParts(link, tag) : null };
    }

    /// <summary>The event that has a transaction id already: named by Graph, or known by its tag.</summary>
    private async Task<OutsideSeries?> FindAsync(string? existing, string uid, CancellationToken cancelled)
    {
        if (existing is not null) return await owners.IsAnothersAsync(existing, uid, cancelled) ? null : await AskAsync(existing, cancelled);
        var tagged = await _requests.SendAsync(stop => Events.GetAsync(request => request.QueryParameters.Filter = FilterOf(uid), stop), cancelled);
        foreach (var id in (tagged.Value?.Value ?? []).Select(one => one.Id).OfType<string>())
        {
            if (!await owners.IsAnothersAsync(id, uid, cancelled) && await AskAsync(id, cancelled) is { PartOf: null } found) return found;
        }

        return null;
    }

    private string FilterOf(string uid) => $"singleValueExtendedProperties/any(ep: ep/id eq '{EventKeys.Property}' and ep/value eq '{$"{_link}|{uid}".Replace("'", "''", StringComparison.Ordinal)}')";

    /// <summary>Makes each occurrence of a series what it should be, one by one: new times of a series have undone what they had by themselves.</summary>
    private async Task<OutsideSeries> WriteOccurrencesAsync(string id, GraphWanted wanted, CancellationToken cancelled)
    {
        if (await AskAsync(id, cancelled) is not { } now) throw Changed();
        var (series, master) = (now.Series, now.Series.Master);
        var (isAllDay, own) = (master.IsAllDay == true, GraphReader.ZoneOf(master, zone));
        var excluded = wanted.Excluded.Where(time => !series.Cancelled.Contains(time.Local.Date)).ToHashSet();
        var single = wanted.Occurrences.Keys.Concat(series.Exceptions.Select(one => GraphTimes.OriginalOf(one, isAllDay, own)).OfType<CalendarTime>()).Where(time => !wanted.Excluded.Contains(time)).ToHashSet();
        if (excluded.Count + single.Count == 0) return now;
        var all = new Instances(this, id, Around([.. excluded, .. single], series.Exceptions.Concat(wanted.Occurrences.Values)), isAllDay, own);
        await all.ReadAsync(cancelled);
        foreach (var time in excluded.OrderBy(time => time.Local))
        {
            if (!all.Has(time)) continue;
            await all.DoAsync(time, one => DeleteAsync(one, cancelled), cancelled);
            // what is taken out of a series changes the version of all its occurrences
            await all.ReadAsync(cancelled);
        }

        var refused = await MoveAsync([.. single.Where(all.Has).OrderBy(time => time.Local)], all, master, wanted, cancelled);
        if (refused is not null) throw refused;
        return await AskAsync(id, cancelled) ?? throw Changed();
    }

    /// <summary>Writes single occurrences. None may pass another or be on its day: what is in the way of another goes first. What is refused to the end is returned.</summary>
    private async Task<OutsideException?> MoveAsync(List<CalendarTime> times, Instances all, Event master, GraphWanted wanted, CancellationToken cancelled)
    {
        OutsideException? refused = null;
        for (var left = times.Count + 1; times.Count > 0 && times.Count < left;)
        {
            left = times.Count;
            refused = null;
            foreach (var time in times.ToList())
            {
                var says = wanted.Occurrences.GetValueOrDefault(time) ?? GraphOverlay.PlainOf(time, master, zone);
                try
                {
                    await all.DoAsync(time, one => GraphOverlay.Lay(one, says, zone) is { } patch ? PatchAsync(one, patch, cancelled) : Task.CompletedTask, cancelled);
                    times.Remove(time);
                }
                catch (OutsideException crossing) when (crossing.Fault == OutsideFault.Rejected)
                {
                    refused = crossing.Message.Contains(GraphFaults.Crossing, StringComparison.Ordinal)
                        ? new OutsideException(OutsideFault.Rejected, "At Microsoft an occurrence can neither move past the one before or after it, nor be on the same day as it.", crossing)
                        : crossing;
                }
            }
        }

        return times.Count > 0 ? refused : null;
    }

    /// <summary>The time in which some occurrences are, where the series has them and where they were or are to be moved: one that was moved is listed where it is. A month on either side, whatever the zone.</summary>
    private static (string From, string Until) Around(IEnumerable<CalendarTime> times, IEnumerable<Event> moved)
    {
        var all = times.Select(time => time.Local).Concat(moved.Select(one => GraphTimes.Read(one.Start, one.IsAllDay == true, DateTimeZone.Utc)?.Local).OfType<LocalDateTime>()).ToList();
        return (Text(all.Min().PlusDays(-32)), Text(all.Max().PlusDays(32)));
    }

    /// <summary>The occurrences of a series in some time, by when the series would have them.</summary>
    private sealed class Instances(MicrosoftCalendar calendar, string id, (string From, string Until) around, bool isAllDay, DateTimeZone own)
    {
        private readonly Dictionary<CalendarTime, Event> _all = [];

        public bool Has(CalendarTime time) => _all.ContainsKey(time);

        /// <summary>Does something to one. What was done to another may have changed its version: it is done all the same when it is as it was.</summary>
        public async Task DoAsync(CalendarTime time, Func<Event, Task> act, CancellationToken cancelled)
        {
            var had = _all[time];
            try
            {
                await act(had);
            }
            catch (OutsideException changed) when (changed.Fault == OutsideFault.Changed)
            {
                await ReadAsync(cancelled);
                if (!_all.TryGetValue(time, out var now) || GraphDelta.VersionOf(now) == GraphDelta.VersionOf(had) || GraphOverlay.Lay(had, now, calendar.ZoneOfPractice) is not null) throw;
                await act(now);
            }
        }

        /// <summary>Reads them.</summary>
        public async Task ReadAsync(CancellationToken cancelled)
        {
            _all.Clear();
            var instances = calendar.Events[id].Instances;
            var page = await calendar._requests.SendAsync(
                stop => instances.GetAsync(request => (request.QueryParameters.StartDateTime, request.QueryParameters.EndDateTime, request.QueryParameters.Top) = (around.From, around.Until, calendar.PageSize), stop), cancelled);
            while (page.Value is { } answer)
            {
                foreach (var one in answer.Value ?? [])
                {
                    // a whole day in a series that has a time of day is named by that time
                    if (GraphTimes.OriginalOf(one, isAllDay, own) is { } time) _all[time] = one;
                }

                if (answer.OdataNextLink is not { } link) return;
                calendar.Delta.CheckAddress(link);
                page = await calendar._requests.SendAsync(stop => instances.WithUrl(link).GetAsync(cancellationToken: stop), cancelled);
            }

            throw Changed();
        }
    }

    private async Task<Event> PatchAsync(Event had, Event patch, CancellationToken cancelled)
    {
        var answer = await _requests.SendAsync(stop => Events[had.Id].PatchAsync(patch, request => Expect(request.Headers, had), stop), cancelled);
        if (answer.IsGone) await Delta.ThrowIfCalendarIsGoneAsync(cancelled);
        return answer.Value ?? throw Changed();
    }

    private async Task DeleteAsync(Event had, CancellationToken cancelled)
    {
        var answer = await _requests.SendAsync<object>(
            async stop =>
            {
                await Events[had.Id].DeleteAsync(request => Expect(request.Headers, had), stop);
                return null;
            },
            cancelled);
        if (answer.IsChanged || answer.IsTaken) throw Changed();
        if (answer.IsGone) await Delta.ThrowIfCalendarIsGoneAsync(cancelled);
    }

    private static void Expect(RequestHeaders headers, Event had)
    {
        if (GraphDelta.VersionOf(had) is { } version) headers.Add("If-Match", version);
    }

    /// <summary>A series cannot become a single event, nor take back an occurrence that was taken out: another takes its place.</summary>
    private async Task<OutsideSeries> ReplaceAsync(OutsideSeries current, string uid, CalendarObject content, CancellationToken cancelled)
    {
        await DeleteAsync(current, cancelled);
        try
        {
            return await CreateAsync(uid, 0, content, cancelled);
        }
        catch (OutsideException refused) when (refused.Fault == OutsideFault.Rejected)
        {
            // what is refused now is no longer an event of before: it is made again the next time, and refused as such
            throw Changed();
        }
    }

    /// <summary>Whether the times or the rule of the whole are others: only then they are written, because single occurrences lose by it what they have.</summary>
    private bool HasOtherRule(GraphSeries had, GraphWanted wanted)
    {
        if (!wanted.Repeats) return false;
        if (!had.Repeats) return true;
        if (GraphReader.Read(GraphSeries.Single(had.Master), "one", zone) is not { } said || GraphReader.Read(GraphSeries.Single(wanted.Master), "one", zone) is not { } says) return true;
        return Practice.Hx.ExternalPatch.Differences(said, says).Any(one => one is { Occurrence: null, Group: Practice.Hx.FieldGroup.Times });
    }

    private static bool IsStillOut(GraphSeries had, GraphWanted wanted)
    {
        var excluded = wanted.Excluded.Select(time => time.Local.Date).ToHashSet();
        return had.Cancelled.All(excluded.Contains);
    }

    private CalendarObject? Rendered(GraphWanted wanted)
    {
        var master = wanted.Master;
        var exceptions = wanted.Occurrences.Select(one =>
        {
            one.Value.OriginalStart = (one.Key.IsDate ? one.Key.Local.InUtc() : InSeries(one.Key, master)).ToDateTimeOffset();
            return one.Value;
        });
        var series = new GraphSeries(master, [.. exceptions.Where(one => !GraphOverlay.IsPlain(one, GraphSeries.Single(master), zone))], wanted.Excluded.Select(time => time.Local.Date).ToHashSet());
        return GraphReader.Read(series, "", zone);
    }

    private ZonedDateTime InSeries(CalendarTime time, Event master) =>
        time.Kind == CalendarTimeKind.Utc ? time.Local.InUtc() : time.Local.InZoneLeniently(GraphReader.ZoneOf(master, zone)).ToInstant().InUtc();

    private GraphSeries SeriesOf(Event master)
    {
        var cancelled = (master.CancelledOccurrences ?? []).Select(DayOf).OfType<LocalDate>().ToHashSet();
        var bare = GraphSeries.Single(master);
        return new GraphSeries(master, [.. (master.ExceptionOccurrences ?? []).Where(one => !GraphOverlay.IsPlain(one, bare, zone))], cancelled);
    }

    /// <summary>The day in <c>OID.id.2026-03-09</c>.</summary>
    private static LocalDate? DayOf(string cancelled) => LocalDatePattern.Iso.Parse(cancelled[(cancelled.LastIndexOf('.') + 1)..]) is { Success: true } day ? day.Value : null;

    private GraphFound Compose(GraphSeries series, string? tag)
    {
        var id = series.Master.Id!;
        if (GraphReader.Read(series, tag ?? id, zone) is not { } content) throw new OutsideException(OutsideFault.Rejected, "Microsoft has an event whose time or repetition cannot be read.");
        var updated = series.Exceptions.Append(series.Master).Select(one => one.LastModifiedDateTime).Max();
        return new GraphFound(series, id, VersionOf(series), content, tag, updated is { } at ? Instant.FromDateTimeOffset(at) : null) { IsUntouched = series.Master.CreatedDateTime is { } made && updated - made < AtOnce };
    }

    private static string VersionOf(GraphSeries series)
    {
        var own = GraphDelta.VersionOf(series.Master) ?? "";
        return series.Exceptions.Count == 0 ? own : VersionOf(own, series.Exceptions);
    }

    private static string VersionOf(string own, IEnumerable<Event> parts)
    {
        var all = parts.OrderBy(one => one.Id, StringComparer.Ordinal).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Id} {GraphDelta.VersionOf(one)}"));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', all.Prepend(own)))));
    }

    /// <summary>What is sent when an event is made: what is only read is not in it.</summary>
    private static Event BodyOf(Event wanted) => new()
    {
        Subject = wanted.Subject,
        Body = wanted.Body,
        Location = wanted.Location,
        Start = wanted.Start,
        End = wanted.End,
        IsAllDay = wanted.IsAllDay,
        ShowAs = wanted.ShowAs,
        Sensitivity = wanted.Sensitivity,
        Recurrence = wanted.Recurrence,
        // where it is not said, Microsoft reminds a quarter of an hour before
        IsReminderOn = false,
    };

    private async Task<OutsideException> GoneAsync(CancellationToken cancelled)
    {
        await Delta.ThrowIfCalendarIsGoneAsync(cancelled);
        return new OutsideException(OutsideFault.Unavailable, "Microsoft could not find in the calendar what it was asked for.") { MayBeOfOne = true };
    }

    private static string Text(LocalDateTime local) => LocalDateTimePattern.GeneralIso.Format(local);

    private static OutsideException Changed() => new(OutsideFault.Changed, "The event is at another version.");
}
