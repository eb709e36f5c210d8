using System.Xml.Linq;
using CalDavServer.Dav.Filters;
using Calendaring.Recurrence;
using NodaTime;

namespace CalDavServer.Dav.Reports.CalendarData;

/// <summary>What a report's calendar-data element asks for (RFC 4791 §9.6), compiled once: it is kept as an annotation of the element.</summary>
/// <param name="Selection">Components and properties.</param>
/// <param name="Expand">Where to expand recurring components, or null.</param>
/// <param name="LimitRecurrenceSet">Which overrides to return, or null for all.</param>
/// <param name="LimitFreeBusySet">Which FREEBUSY values to return, or null for all.</param>
/// <param name="Floating">The zone of floating and all-day times.</param>
/// <param name="Allowance">What the expansions of the request may cost.</param>
internal sealed record CalendarDataRequest(
    ComponentSelection Selection,
    TimeRange? Expand,
    TimeRange? LimitRecurrenceSet,
    TimeRange? LimitFreeBusySet,
    DateTimeZone Floating,
    ExpansionAllowance Allowance)
{
    /// <summary>Occurrences that one expanded object may have.</summary>
    private const int MaxOccurrencesOfObject = 10_000;

    /// <summary>Occurrences that all expanded objects of one answer may have together.</summary>
    private const int MaxOccurrences = 100_000;

    /// <summary>Bytes of one expanded object: an event of a kilobyte may have all the occurrences that are returned.</summary>
    private const int MaxBytesOfObject = 16 * 1024 * 1024;

    /// <summary>Bytes of all expanded objects of one answer.</summary>
    private const int MaxBytes = 128 * 1024 * 1024;

    // a line that is looked at and left out is work, too
    private const int BytesForLine = 16;

    private static readonly XNamespace C = DavNames.CalDav;

    /// <summary>Whether the bytes are asked for as they are.</summary>
    public bool IsWhole => Selection == ComponentSelection.Everything && Expand is null && LimitRecurrenceSet is null && LimitFreeBusySet is null;

    private (int Occurrences, long Bytes) _left = (MaxOccurrences, MaxBytes);
    private (int Occurrences, long Bytes) _leftOfObject;

    /// <summary>Begins to count another object.</summary>
    public void BeginObject() => _leftOfObject = (Math.Min(_left.Occurrences, MaxOccurrencesOfObject), Math.Min(_left.Bytes, MaxBytesOfObject));

    /// <summary>Counts a component of an expanded object, or an occurrence of it.</summary>
    /// <param name="lines">How many lines it has.</param>
    /// <param name="bytes">How many bytes of it are returned.</param>
    /// <exception cref="ExpansionLimitException">It is one too many, or too much.</exception>
    public void Count(int lines, int bytes)
    {
        var cost = bytes + (lines * (long)BytesForLine);
        _left = (_left.Occurrences - 1, _left.Bytes - cost);
        _leftOfObject = (_leftOfObject.Occurrences - 1, _leftOfObject.Bytes - cost);
        if (_leftOfObject.Occurrences < 0) throw new ExpansionLimitException("The range has more occurrences than are returned at once: ask for a shorter one.");
        if (_leftOfObject.Bytes < 0) throw new ExpansionLimitException("The occurrences in the range are more bytes than are returned at once: ask for a shorter one, or without expand.");
        Allowance.ThrowIfCancelled();
    }

    /// <summary>What an element that was compiled asks for.</summary>
    public static CalendarDataRequest Of(XElement element) =>
        element.Annotation<CalendarDataRequest>() ?? throw new InvalidOperationException("The calendar-data element has not been compiled.");

    /// <summary>Compiles the element of a report; null is an element that does not ask for calendar data. The error is a precondition of RFC 4791 §7.8.</summary>
    public static DavError? Compile(XElement? element, DateTimeZone floating, ExpansionAllowance allowance)
    {
        if (element is null) return null;
        var type = element.Attribute("content-type")?.Value ?? "text/calendar";
        if (!type.Split(';')[0].Trim().Equals("text/calendar", StringComparison.OrdinalIgnoreCase) || (element.Attribute("version")?.Value ?? "2.0") != "2.0")
            return DavError.Forbidden(DavNames.C("supported-calendar-data"), "Calendar data is text/calendar, version 2.0.");

        var selection = ComponentSelection.Everything;
        if (element.Element(C + "comp") is { } comp && ComponentSelection.TryParse(comp, "VCALENDAR", out selection) is { } wrong) return wrong;
        if (ReadRange(element, "expand", out var expand) is { } badExpand) return badExpand;
        if (ReadRange(element, "limit-recurrence-set", out var recurrence) is { } badRecurrence) return badRecurrence;
        if (ReadRange(element, "limit-freebusy-set", out var freeBusy) is { } badFreeBusy) return badFreeBusy;
        if (expand is not null && recurrence is not null) return DavError.BadRequest("expand and limit-recurrence-set exclude each other.");
        element.AddAnnotation(new CalendarDataRequest(selection, expand, recurrence, freeBusy, floating, allowance));
        return null;
    }

    /// <summary>The zone of the floating and all-day times of the calendar whose objects are written next; what the answer may still hold stays.</summary>
    public static void UseZone(XElement? element, DateTimeZone floating)
    {
        if (element is null || Of(element) is not { } compiled || compiled.Floating.Equals(floating)) return;
        element.RemoveAnnotations<CalendarDataRequest>();
        element.AddAnnotation(compiled with { Floating = floating });
    }

    private static DavError? ReadRange(XElement parent, string name, out TimeRange? range)
    {
        range = null;
        if (parent.Element(C + name) is not { } element) return null;
        var invalid = DavError.BadRequest($"{name} has a start and an end, each a time in UTC, and the end is later than the start.");
        var error = TimeRange.TryParse(element, true, invalid, out var read);
        if (error is null) range = read;
        return error;
    }
}
