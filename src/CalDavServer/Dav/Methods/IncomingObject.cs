using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.Validation;
using static CalDavServer.Dav.DavNames;

namespace CalDavServer.Dav.Methods;

/// <summary>A calendar object on its way into a calendar: it keeps the rules of RFC 4791 §4.1 and the calendar's own.</summary>
/// <param name="Bytes">What was sent.</param>
/// <param name="Content">The same, parsed.</param>
/// <param name="Index">What is indexed of it.</param>
internal sealed record IncomingObject(ReadOnlyMemory<byte> Bytes, CalendarObject Content, ObjectIndex Index)
{
    /// <summary>Reads and checks an object for a calendar; the refusal names the precondition of RFC 4791 §5.3.2.1 that it fails.</summary>
    public static (IncomingObject? Incoming, DavError? Error) Read(ReadOnlyMemory<byte> bytes, Collection collection)
    {
        if (!CalendarObject.TryParse(bytes, out var content, out var problem))
            return (null, DavError.Forbidden(C(problem.LimitExceeded ? "max-resource-size" : "valid-calendar-data"), $"Line {problem.LineNumber}: {problem.Reason}"));
        if (CalendarObjectRules.Check(content, collection.Components) is { } broken)
            return (null, DavError.Forbidden(C(ConditionOf(broken.Fault)), broken.LineNumber > 0 ? $"Line {broken.LineNumber}: {broken.Reason}" : broken.Reason));
        return (new IncomingObject(bytes, content, ObjectIndexer.Index(content)), null);
    }

    private static string ConditionOf(CalendarObjectFault fault) => fault switch
    {
        CalendarObjectFault.ValidCalendarData => "valid-calendar-data",
        CalendarObjectFault.ValidCalendarObjectResource => "valid-calendar-object-resource",
        CalendarObjectFault.SupportedCalendarComponent => "supported-calendar-component",
        CalendarObjectFault.SupportedScale => "supported-rscale",
        CalendarObjectFault.MaxResourceSize => "max-resource-size",
        CalendarObjectFault.MaxInstances => "max-instances",
        CalendarObjectFault.MaxAttendeesPerInstance => "max-attendees-per-instance",
        CalendarObjectFault.MinDateTime => "min-date-time",
        CalendarObjectFault.MaxDateTime => "max-date-time",
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };
}
