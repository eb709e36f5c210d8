using CalDavServer.Web.Calendar;
using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;
using Practice.Audit;
using Practice.Hx;

namespace CalDavServer.Web.Devices;

/// <summary>What a version of an appointment says, in words.</summary>
/// <param name="Content">The version.</param>
/// <param name="Zone">The practice's zone.</param>
internal sealed record VersionWords(CalendarObject Content, DateTimeZone Zone)
{
    private const string Nothing = "(nothing)";

    /// <summary>Its title.</summary>
    public string Title => Text(null, "SUMMARY") is { Length: > 0 } title ? title : "(no title)";

    /// <summary>What it says of a field group, of an occurrence or of the whole: the names of what it says and the words.</summary>
    public IEnumerable<(string What, string Words)> Say(LocalDateTime? occurrence, FieldGroup group) => group switch
    {
        FieldGroup.Times when occurrence is null => [("When", When(null)), ("Repeats", Master?.Find("RRULE")?.RawValue is { } rule ? Words.Repeat(rule, Zone) : "does not repeat")],
        FieldGroup.Times => [("When", When(occurrence))],
        FieldGroup.Text => [("Title", OrNothing(Text(occurrence, "SUMMARY"))), ("Comments", OrNothing(Text(occurrence, "DESCRIPTION")))],
        FieldGroup.Place => [("Location", OrNothing(Text(occurrence, "LOCATION")))],
        FieldGroup.Status => [("Status", (Text(occurrence, "STATUS")?.ToUpperInvariant()) switch { "TENTATIVE" => "tentative", "CANCELLED" => "cancelled", _ => "confirmed" })],
        FieldGroup.Privacy => [("Private", Text(occurrence, "CLASS") is null or "PUBLIC" ? "no" : "yes")],
        _ => [("Shown as", "TRANSPARENT".Equals(Text(occurrence, "TRANSP"), StringComparison.OrdinalIgnoreCase) ? "free" : "busy")],
    };

    /// <summary>When it is, or an occurrence of it.</summary>
    public string When(LocalDateTime? occurrence)
    {
        var set = RecurrenceSet.Of(Content, new ZoneResolver(Content.Calendar, Zone));
        var all = set.Between(Instant.MinValue, Instant.MaxValue, new ExpansionBudget(ExpansionBudget.DefaultSteps), occurrence is null ? set.Master : null);
        var found = all.Where(one => occurrence is null || one.RecurrenceId?.Local == occurrence).Take(1).ToList();
        return found is [var one] ? DeviceWords.Span(new AuditSpan(one.Start, one.End) { AllDay = one.StartTime.IsDate }, Zone) : "does not take place";
    }

    private Component? Master => Content.Calendar.Components.FirstOrDefault(component => component.Name == "VEVENT" && component.Find("RECURRENCE-ID") is null);

    private string? Text(LocalDateTime? occurrence, string name) =>
        (Content.Calendar.Components.FirstOrDefault(component => occurrence is not null && component.Find("RECURRENCE-ID") is { } id && id.TryReadTime(out var time) && time.Local == occurrence) ?? Master)?.Find(name)?.Text;

    private static string OrNothing(string? text) => string.IsNullOrEmpty(text) ? Nothing : text;
}
