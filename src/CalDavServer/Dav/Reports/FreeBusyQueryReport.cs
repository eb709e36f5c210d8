using System.Xml.Linq;
using CalDavServer.Dav.Filters;
using CalDavServer.Dav.Resources;
using CalDavServer.Dav.Scheduling;
using Calendaring.FreeBusy;
using Calendaring.Recurrence;
using Calendaring.Store;
using NodaTime;

namespace CalDavServer.Dav.Reports;

/// <summary>
/// CALDAV:free-busy-query (RFC 4791 §7.10) on a calendar, or on the home for all calendars that count as busy. Depth is not looked at: a client that leaves the header out wants the
/// times, and an answer that says free where somebody is busy is the worst there is.
/// </summary>
internal sealed class FreeBusyQueryReport : IReport
{
    /// <summary>What is daily can be followed so long: beyond, a series would be busy only because it is too long to follow.</summary>
    private static readonly Duration Longest = Duration.FromDays(50 * 366);

    private static readonly XName Range = XName.Get("time-range", DavNames.CalDav);

    public PropertyName Name => DavNames.C("free-busy-query");

    public bool AppliesTo(DavResource resource) => resource is CalendarResource or HomeResource;

    public async ValueTask<DavError?> InvokeAsync(DavRequest request, DavResource resource, XElement body, Depth depth)
    {
        var ranges = body.Elements(Range).ToList();
        var invalid = DavError.BadRequest("A free-busy-query has one time-range with a start and an end, each a time in UTC, and the end is later than the start.");
        if (ranges.Count != 1) return invalid;
        if (TimeRange.TryParse(ranges[0], true, invalid, out var range) is { } wrong) return wrong;

        if (range.End - range.Start > Longest) return TooMuch("The range is longer than 50 years: ask for a shorter one.");
        var times = new BusyTimes(range.Start, range.End);
        var allowance = new ExpansionAllowance(request.Cancelled);
        if (resource is CalendarResource calendar) await BusyTimeReader.ReadAsync(request.Snapshot, calendar.Collection, await request.ReadPracticeZoneAsync(), range, times, allowance);
        else await BusyTimeReader.ReadHomeAsync(request.Snapshot, resource.Owner!, range, times, allowance);
        if (allowance.Exhausted || times.TooMany) return TooMuch("Too many occurrences lie in the range: ask for a shorter one.");

        var bytes = FreeBusyComponent.Create(times.ToList(), range.Start, range.End, request.Clock.GetCurrentInstant()).ToBytes();
        request.ReleaseSnapshot();
        var response = request.Http.Response;
        response.ContentType = "text/calendar; charset=utf-8; component=VFREEBUSY";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, request.Cancelled);
        return null;
    }

    private static DavError TooMuch(string reason) => DavError.Forbidden(DavNames.D("number-of-matches-within-limits"), reason);
}
