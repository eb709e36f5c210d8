using System.Xml.Linq;
using CalDavServer.Dav.Filters;
using CalDavServer.Dav.Properties;
using CalDavServer.Dav.Reports.CalendarData;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Xml;
using Calendaring;
using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;

namespace CalDavServer.Dav.Reports;

/// <summary>
/// CALDAV:calendar-query (RFC 4791 §7.8) on a calendar, on one object, or on a home for all calendars in it. The filter is tried on what the caller is shown, so that it tells nothing of
/// what is hidden. The index narrows to candidates; only these are read, and only those that the index cannot decide are parsed. Depth is not looked at: a client that leaves the header
/// out, or sends 0, wants the objects, and an empty answer would tell it that there are none.
/// </summary>
internal sealed class CalendarQueryReport : IReport
{
    private static readonly XNamespace C = DavNames.CalDav;

    public PropertyName Name => DavNames.C("calendar-query");

    public bool AppliesTo(DavResource resource) => CalendarScope.Contains(resource);

    public async ValueTask<DavError?> InvokeAsync(DavRequest request, DavResource resource, XElement body, Depth depth)
    {
        var allowance = new ExpansionAllowance(request.Cancelled);
        if (body.Element(C + "filter") is not { } filterElement) return DavError.Forbidden(DavNames.C("valid-filter"), "A calendar-query has a filter.");
        if (RequestedProperties.TryParseReport(body, out var requested) is { } wrong) return wrong;
        if (!FilterParser.TryParse(filterElement, out var filter, out var error)) return error;
        var calendars = await CalendarScope.ListAsync(request, resource);
        var (zones, badZone) = await CalendarScope.FindZonesAsync(request, calendars, body);
        if (badZone is not null) return badZone;
        if (CalendarDataRequest.Compile(requested.CalendarData, DateTimeZone.Utc, allowance) is { } badData) return badData;

        using var output = new MultistatusWriter(request);
        output.Start();
        var text = new TextAllowance(request.Cancelled);
        try
        {
            for (var i = 0; i < calendars.Count; i++)
            {
                CalendarDataRequest.UseZone(requested.CalendarData, zones[i]);
                var answer = new ObjectAnswer(request, output, calendars[i], requested);
                var query = new Query(request, answer, calendars[i].Collection.Id, filter, zones[i], allowance, text);
                if (resource is CalendarObjectResource member) await query.TryOneAsync(member.Row);
                else await query.RunAsync();
            }
        }
        catch (FilterLimitException limit)
        {
            // what was found is told, and that it is not all (as RFC 6352 §8.6.2 has it)
            output.Status(resource.Href, StatusCodes.Status507InsufficientStorage, new DavError(507, DavNames.D("number-of-matches-within-limits"), limit.Message));
        }

        await output.EndAsync();
        return null;
    }

    private sealed class Query(
        DavRequest request, ObjectAnswer answer, long collectionId, CompFilter filter, DateTimeZone zone, ExpansionAllowance allowance, TextAllowance text)
    {
        private readonly CandidateScope _scope = CandidateScope.Of(filter);

        public async ValueTask RunAsync()
        {
            if (_scope.Decides && _scope.Range == TimeRange.Always && !answer.NeedsBytes)
            {
                await foreach (var row in request.Snapshot.ListRowsAsync(collectionId))
                {
                    if (row.Published && _scope.Decide(row.Index) == true) await answer.WriteAsync(row, null);
                }

                return;
            }

            await foreach (var stored in Candidates.ListAsync(request.Snapshot, collectionId, _scope.Component, _scope.Range, answer.WriteBroken)) await TryAsync(stored);
        }

        /// <summary>Tries one object of which the row is known.</summary>
        public async ValueTask TryOneAsync(ObjectRow row)
        {
            if (await Candidates.ReadAsync(request.Snapshot, row, answer.WriteBroken) is { } stored) await TryAsync(stored);
        }

        private ValueTask TryAsync(StoredObject stored)
        {
            request.Cancelled.ThrowIfCancellationRequested();
            LongWork.LetOthersGoFirst();
            var decided = _scope.Decide(stored.Row.Index);
            if (decided == false) return default;
            if (answer.Shown(stored) is not { } shown) return default;
            return decided == true || Matches(shown) ? answer.WriteAsync(stored.Row, shown) : default;
        }

        private bool Matches(ReadOnlyMemory<byte> shown) =>
            CalendarObject.TryParse(shown, out var parsed, out _) && filter.Matches(new FilterScope(parsed, zone, allowance.Next(), text));
    }
}
