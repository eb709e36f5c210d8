using Calendaring.ICalendar;
using Microsoft.Graph.Models;
using NodaTime;
using Practice.Hx;
using ProviderBridge.Sync;

namespace ProviderBridge.Microsoft;

// Series for which Graph has no pattern: single events stand for their occurrences.
public sealed partial class MicrosoftCalendar
{
    private static readonly string[] PartFields = [.. Fields.Except(["cancelledOccurrences", "originalStart"])];
    private static readonly Dictionary<string, Event> NoEvents = [];
    private static readonly HashSet<string> NoKeys = [];

    /// <inheritdoc/>
    public async Task<OutsideSeries?> ReadAsync(OutsideMemory known, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(known);
        return known.Parts is null ? await AskAsync(known.Id, cancellationToken) : await ReadPartsAsync(known, known.Parts, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<OutsideSeries?> FindPartsAsync(OutsideMemory sought, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sought);
        if (sought.Asked is not { } asked || GraphParts.Of(asked, zone) is null) return null;
        return await ReadPartsAsync(sought, new Dictionary<string, string>(), cancellationToken) is { Parts.Count: > 0 } found ? found : null;
    }

    /// <summary>
    /// Reads the parts of a series. That one is not there says something only where it was there before, and Graph says of this one that it is gone: what was never made, or we ourselves were removing, is nobody's edit. Null when
    /// somebody has removed all.
    /// </summary>
    private async Task<OutsideSeries?> ReadPartsAsync(OutsideMemory known, IReadOnlyDictionary<string, string> before, CancellationToken cancelled)
    {
        var tagged = await ListPartsAsync(known.Uid, cancelled);
        var (had, asked) = (known.Had is { } one ? GraphParts.Of(one, zone) : null, known.Asked is { } two ? GraphParts.Of(two, zone) : null);
        var moved = had is null || asked is null ? [] : asked.Moved(had, [.. before.Values], ExternalPatch.Renamed(known.Had!, known.Asked!));
        var events = await KnownPartsAsync(before, tagged, moved, cancelled);
        var others = await NewPartsAsync(known.Uid, before, tagged, cancelled);
        // of what there was nothing before was made as it was asked for: then that is what it is read as
        var made = asked?.Occurring(events.Keys.Concat(others.Keys)) ?? [];
        made.ExceptWith(had?.Occurring(made) ?? []);
        if ((had is null || made.Count > 0 ? asked : had) is not { } series) throw new OutsideException(OutsideFault.Rejected, "What Microsoft has of this series cannot be read.");
        var free = series.Occurring(others.Keys.Where(key => !events.ContainsKey(key)));
        foreach (var key in free) events[key] = others[key];

        var lost = before.Values.Where(key => !events.ContainsKey(key) && !events.ContainsKey(moved.GetValueOrDefault(key, key))).ToHashSet(StringComparer.Ordinal);
        // of what we were writing or removing nobody can tell who has removed it; what was being moved we were not
        if (known.IsLeaving || (known.Asked is not null && asked is null)) lost.Clear();
        else if (asked is not null) lost.IntersectWith(asked.Occurring(lost).Concat(moved.Keys));
        var now = clock.GetCurrentInstant();
        // a date of a series that goes on is not the series because it is the only one within the horizon
        if (events.Count == 0 && before.Count > 0 && (lost.Count != 1 || before.Count != 1 || !series.GoesOn(now))) return null;
        var says = WithoutMoves(events, series);
        if (series == asked && had is not null) TakeMoved(events, says, moved, had, asked);
        if (series == asked) lost = [.. lost.Select(key => moved.GetValueOrDefault(key, key))];
        lost.IntersectWith(series.Occurring(lost));
        var found = ComposeParts(known.Uid, series, events, says, lost, now);
        return series == asked ? found with { Made = made.Select(series.LocalOf).ToHashSet() } : found;
    }

    /// <summary>The parts that are known and still there, by their places. What a listing does not have is asked for by itself: it may be behind. What was moved already has its new place noted with it.</summary>
    private async Task<Dictionary<string, Event>> KnownPartsAsync(IReadOnlyDictionary<string, string> before, Dictionary<string, Event> tagged, Dictionary<string, string> moved, CancellationToken cancelled)
    {
        Dictionary<string, Event> events = new(StringComparer.Ordinal);
        foreach (var (id, key) in before)
        {
            if ((tagged.GetValueOrDefault(id) ?? (await AskAsync(id, cancelled))?.Series.Master) is not { } there) continue;
            events[EventKeys.ReadPart(there) is { } noted && moved.GetValueOrDefault(key) == noted ? noted : key] = there;
        }

        return events;
    }

    /// <summary>What the parts say. One that was still to be moved when a second pass was cut short says what there was before the first: nobody can tell an edit by that.</summary>
    private static Dictionary<string, Event> WithoutMoves(Dictionary<string, Event> events, GraphParts series)
    {
        var there = series.Occurring(events.Keys);
        return events.ToDictionary(one => one.Key, one => IsNotedElsewhere(one.Value, one.Key) && there.Contains(one.Key) ? series.At(one.Key) : one.Value, StringComparer.Ordinal);
    }

    /// <summary>Puts the parts that have still to be moved at the places where they will be, with what somebody has changed of them.</summary>
    private void TakeMoved(Dictionary<string, Event> events, Dictionary<string, Event> says, Dictionary<string, string> moved, GraphParts had, GraphParts asked)
    {
        foreach (var (key, place) in moved.Where(one => events.ContainsKey(one.Key) && !events.ContainsKey(one.Value)))
        {
            events.Remove(key, out var there);
            says.Remove(key);
            events[place] = there!;
            says[place] = IsNotedElsewhere(there!, key) ? asked.At(place) : GraphOverlay.Carry(had.At(key), there!, asked.At(place), zone);
        }
    }

    private static bool IsNotedElsewhere(Event part, string key) => EventKeys.ReadPart(part) is { } noted && noted != key;

    /// <summary>Those that are not known, by their places: made by us, and the answer was lost; or by somebody who has cut one out and put it in elsewhere. A copy is younger than what it is of.</summary>
    private async Task<Dictionary<string, Event>> NewPartsAsync(string uid, IReadOnlyDictionary<string, string> before, Dictionary<string, Event> tagged, CancellationToken cancelled)
    {
        Dictionary<string, Event> others = new(StringComparer.Ordinal);
        foreach (var (id, one) in tagged.Where(one => !before.ContainsKey(one.Key)).OrderBy(one => one.Value.CreatedDateTime))
        {
            if (await owners.IsAnothersAsync(id, uid, cancelled)) continue;
            others.TryAdd(EventKeys.ReadPart(one)!, one);
        }

        return others;
    }

    private GraphFoundParts ComposeParts(string uid, GraphParts series, Dictionary<string, Event> events, Dictionary<string, Event> says, HashSet<string> lost, Instant now)
    {
        if (events.Values.Any(one => one.Recurrence is not null)) throw new OutsideException(OutsideFault.Rejected, "At Microsoft an event that stands for one date of this series itself repeats.");
        var there = series.Occurring(events.Keys);
        var content = series.Compose(uid, says.Where(one => there.Contains(one.Key)).ToDictionary(), lost);
        var updated = events.Values.Select(one => one.LastModifiedDateTime).Max();
        return new GraphFoundParts(events, EventKeys.OfParts(link, uid), VersionOf("", events.Values), content, uid, updated is { } at ? Instant.FromDateTimeOffset(at) : null)
        {
            Parts = events.ToDictionary(one => one.Value.Id!, one => one.Key, StringComparer.Ordinal),
            Removed = lost.Select(series.LocalOf).ToHashSet(),
            IsIncomplete = there.Count < events.Count || events.Any(one => IsNotedElsewhere(one.Value, one.Key)) || series.Due(now, MostParts).Any(key => !there.Contains(key) && !lost.Contains(key)),
            IsUntouched = events.Values.All(one => one.LastModifiedDateTime - one.CreatedDateTime < AtOnce),
        };
    }

    /// <summary>The parts that there are, where they are to be: those of a series that is moved as a whole go with it.</summary>
    private Dictionary<string, Event> Renamed(GraphFoundParts there, CalendarObject content, GraphParts wanted)
    {
        var moved = GraphParts.Of(there.Content, zone) is { } had ? wanted.Moved(had, [.. there.Events.Keys], ExternalPatch.Renamed(there.Content, content)) : [];
        return there.Events.ToDictionary(one => moved.GetValueOrDefault(one.Key, one.Key), one => one.Value, StringComparer.Ordinal);
    }

    /// <summary>Makes the parts what they should be. First what is missing is made: until all are there, what is too many tells what there was before.</summary>
    private async Task<GraphFoundParts> WritePartsAsync(IReadOnlyDictionary<string, Event> there, string uid, GraphParts wanted, CancellationToken cancelled)
    {
        var (now, events) = (clock.GetCurrentInstant(), there.ToDictionary(StringComparer.Ordinal));
        foreach (var key in wanted.Due(now, MostParts).Where(key => !there.ContainsKey(key)))
        {
            try
            {
                events[key] = await MakePartAsync(uid, key, wanted.At(key), cancelled);
            }
            catch (OutsideException failed) when (failed.MayBeOfOne && events.Count > there.Count)
            {
                // some more of it is there than before: it does not fail each time
                throw new OutsideException(failed.Fault, failed.Message, failed) { RetryAfter = failed.RetryAfter };
            }
        }

        var occurring = wanted.Occurring(there.Keys);
        foreach (var key in occurring)
        {
            var patch = GraphOverlay.Lay(there[key], wanted.At(key), zone);
            if (IsNotedElsewhere(there[key], key)) (patch ??= new Event()).SingleValueExtendedProperties = EventKeys.Tag(_link, uid, key);
            if (patch is not null) events[key] = await PatchAsync(there[key], patch, cancelled);
        }

        foreach (var (key, one) in there.Where(one => !occurring.Contains(one.Key)))
        {
            await DeleteAsync(one, cancelled);
            events.Remove(key);
        }

        var noted = events.ToDictionary(one => one.Key, one => Noted(one.Value, uid, one.Key), StringComparer.Ordinal);
        return ComposeParts(uid, wanted, noted, noted, NoKeys, now);
    }

    /// <summary>An event as it was answered, which does not say what is noted with it.</summary>
    private Event Noted(Event answered, string uid, string key)
    {
        answered.SingleValueExtendedProperties = EventKeys.Tag(_link, uid, key);
        return answered;
    }

    private async Task<Event> MakePartAsync(string uid, string key, Event wanted, CancellationToken cancelled)
    {
        for (var n = 0; n < Generations; n++)
        {
            var body = BodyOf(wanted);
            (body.TransactionId, body.SingleValueExtendedProperties) = (EventKeys.Transaction(link, $"{uid}|{key}", n), EventKeys.Tag(_link, uid, key));
            var made = await _requests.SendAsync(stop => Events.PostAsync(body, cancellationToken: stop), cancelled);
            if (made.IsGone) throw await GoneAsync(cancelled);
            if (made.Value is { Id: not null } one) return one;
            if (made.IsChanged) throw Changed();
            // what was made so may stand for another date since
            if (made.Existing is { } id && !await owners.IsAnothersAsync(id, uid, cancelled) && (await AskAsync(id, cancelled))?.Series.Master is { } existing && EventKeys.ReadPart(existing) == key) return existing;
            if (made.Existing is null && await FindPartAsync(uid, key, cancelled) is { } found) return found;
            if (!made.IsTaken) throw new OutsideException(OutsideFault.Unavailable, "Microsoft did not answer with the event.") { MayBeOfOne = true };
        }

        throw new OutsideException(OutsideFault.Rejected, "Microsoft has had this event too many times.");
    }

    /// <summary>The event that is noted to stand for one date of a series, and is no appointment of its own.</summary>
    private async Task<Event?> FindPartAsync(string uid, string key, CancellationToken cancelled)
    {
        foreach (var (id, part) in (await ListPartsAsync(uid, cancelled)).Where(one => EventKeys.ReadPart(one.Value) == key))
        {
            if (!await owners.IsAnothersAsync(id, uid, cancelled)) return part;
        }

        return null;
    }

    /// <summary>All events that are noted to stand for a date of a series, copies among them, by their ids.</summary>
    private async Task<Dictionary<string, Event>> ListPartsAsync(string uid, CancellationToken cancelled)
    {
        Dictionary<string, Event> all = new(StringComparer.Ordinal);
        var page = await _requests.SendAsync(
            stop => Events.GetAsync(request => (request.QueryParameters.Select, request.QueryParameters.Expand, request.QueryParameters.Filter, request.QueryParameters.Top) = (PartFields, [Tags], FilterOf(uid), PageSize), stop), cancelled);
        while (page.Value is { } answer)
        {
            foreach (var one in (answer.Value ?? []).Where(one => one.Id is not null && EventKeys.ReadPart(one) is not null)) all[one.Id!] = one;
            if (answer.OdataNextLink is not { } link) return all;
            Delta.CheckAddress(link);
            page = await _requests.SendAsync(stop => Events.WithUrl(link).GetAsync(cancellationToken: stop), cancelled);
        }

        throw await GoneAsync(cancelled);
    }
}
