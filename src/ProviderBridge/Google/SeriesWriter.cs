using Calendaring.ICalendar;
using Calendaring.Recurrence;
using Google.Apis.Calendar.v3.Data;
using NodaTime;
using ProviderBridge.Mapping;

namespace ProviderBridge.Google;

/// <summary>Writes a calendar object as events of Google. What it cannot say is told in <see cref="Losses"/>, and never written back.</summary>
internal sealed class SeriesWriter
{
    private static readonly Duration Shortest = Duration.FromMinutes(1);
    private readonly SeriesLines _series;
    private readonly HashSet<string> _losses = [];

    private SeriesWriter(SeriesLines series) => _series = series;

    /// <summary>The names of the properties that Google does not have as they are.</summary>
    public IReadOnlyCollection<string> Losses => _losses;

    /// <summary>Writes an object; null when it has no event of its own.</summary>
    /// <param name="content">The object, as the link's privacy level shows it.</param>
    /// <param name="floating">The practice's zone.</param>
    /// <param name="losses">What Google cannot say.</param>
    public static GoogleSeries? Write(CalendarObject content, DateTimeZone floating, out IReadOnlyCollection<string> losses)
    {
        losses = [];
        if (SeriesLines.Of(content, floating) is not { } series) return null;
        var writer = new SeriesWriter(series);
        losses = writer.Losses;
        return writer.Write();
    }

    private GoogleSeries Write()
    {
        var master = WriteEvent(_series.Master);
        if (master.Status == "cancelled")
        {
            // to Google an event that is cancelled is deleted
            master.Status = "tentative";
            _losses.Add("STATUS");
        }

        if (!_series.Repeats) return new GoogleSeries(master, []);
        if (_series.IsInUnknownZone) _losses.Add("TZID");
        // begun at a time that the clocks leave out, it repeats at another than it begins
        if (_series.Start.Kind == CalendarTimeKind.Zoned && !_series.IsInUnknownZone && _series.InZone(_series.Start).LocalDateTime != _series.Start.Local) _losses.Add("DTSTART");
        var single = _series.Overrides.Where(component => !IsCancelled(component)).ToList();
        var dates = _series.TimesIn("RDATE").Concat(_series.DatesOfOrphans(single.Select(component => InForm(SeriesLines.ReadTime(component, "RECURRENCE-ID")!.Value))));
        var first = StartBesideRule();
        if (first is not null) dates = dates.Prepend(_series.Start);
        master.Recurrence = [.. WriteRules(first), .. WriteTimes("RDATE", dates), .. WriteTimes("EXDATE", _series.TimesIn("EXDATE").Concat(Cancelled()))];
        return new GoogleSeries(master, [.. single.Select(WriteOccurrence)]);
    }

    private Event WriteEvent(Component component)
    {
        var (start, end) = _series.TimesOf(component);
        return new Event
        {
            Summary = TextOf(component, "SUMMARY"),
            Description = TextOf(component, "DESCRIPTION"),
            Location = TextOf(component, "LOCATION"),
            Start = EventTime.Write(start, _series),
            End = EventTime.Write(EndOf(start, end), _series),
            Status = StatusOf(component),
            Transparency = Says(component, "TRANSP", "TRANSPARENT") ? "transparent" : "opaque",
            Visibility = component.Find("CLASS") is null || Says(component, "CLASS", "PUBLIC") ? "default" : "private",
        };
    }

    private Event WriteOccurrence(Component component)
    {
        if (component.Find("RECURRENCE-ID")?.Parameter("RANGE") is not null) _losses.Add("RANGE");
        var written = WriteEvent(component);
        var original = SeriesLines.ReadTime(component, "RECURRENCE-ID")!.Value;
        written.OriginalStartTime = EventTime.Write(InForm(original), _series);
        return written;
    }

    /// <summary>An event without length is none to Google: <c>timeRangeEmpty</c>.</summary>
    private CalendarTime EndOf(CalendarTime start, CalendarTime end)
    {
        if (start.IsDate) return end.Local > start.Local ? end : CalendarTime.OfDate(start.Local.Date.PlusDays(1));
        var from = _series.InstantOf(start);
        return _series.InstantOf(end) > from ? end : CalendarTime.OfUtc(from + Shortest);
    }

    /// <summary>The rule beside which the start is a date; null where it begins the rule, or there is not one rule that Google knows.</summary>
    private string? StartBesideRule() => _series.Master.FindAll("RRULE").ToList() is [var line] && !IsUnknown(line.RawValue)
        ? StartOutsideRule.Write(line.RawValue, _series.Start, _series.Start.IsDate ? _series.Start.Local : _series.InZone(_series.Start).LocalDateTime, _series.InstantOf(_series.Start))
        : null;

    /// <param name="besideStart">The rule where the start is a date beside it; null where it is not.</param>
    private IEnumerable<string> WriteRules(string? besideStart)
    {
        foreach (var line in _series.Master.Properties.Where(line => line.Name == "RRULE" || (line.Name == "EXRULE" && !RuleLine.HasEndedBefore(line.RawValue, _series))))
        {
            if (RuleLine.WithEndInForm(line.Name == "RRULE" ? besideStart ?? line.RawValue : line.RawValue, _series) is not { } rule || IsUnknown(rule)) _losses.Add(line.Name);
            else yield return $"{line.Name}:{rule}";
        }
    }

    // RFC 7529: Google repeats by the Gregorian calendar, and leaves out days that are not there
    private static bool IsUnknown(string rule) =>
        rule.Contains("RSCALE", StringComparison.OrdinalIgnoreCase) || (RecurrenceRule.TryParse(rule, out var read, out _) && read.Skip is not null);

    private IEnumerable<string> WriteTimes(string name, IEnumerable<CalendarTime> times)
    {
        var values = times.Select(time => WriteTime(InForm(time))).Distinct(StringComparer.Ordinal).ToList();
        if (values.Count == 0) return [];
        var form = _series.Start.IsDate ? ";VALUE=DATE" : _series.Zone == DateTimeZone.Utc ? "" : $";TZID={_series.Zone.Id}";
        return [$"{name}{form}:{string.Join(',', values)}"];
    }

    private string WriteTime(CalendarTime time) =>
        (time.IsDate ? time : _series.Zone == DateTimeZone.Utc ? CalendarTime.OfUtc(_series.InstantOf(time)) : time with { Local = _series.InZone(time).LocalDateTime, Kind = CalendarTimeKind.Floating }).ToString();

    /// <summary>A time that names an occurrence, in the form that the start has: some clients write a day for a time.</summary>
    private CalendarTime InForm(CalendarTime time)
    {
        if (time.IsDate == _series.Start.IsDate) return time;
        return time.IsDate ? _series.Start with { Local = time.Local.Date + _series.Start.Local.TimeOfDay } : CalendarTime.OfDate(time.Local.Date);
    }

    private IEnumerable<CalendarTime> Cancelled() =>
        _series.Overrides.Where(IsCancelled).Select(component => SeriesLines.ReadTime(component, "RECURRENCE-ID")).OfType<CalendarTime>();

    private static bool IsCancelled(Component component) => Says(component, "STATUS", "CANCELLED");

    private static string StatusOf(Component component) =>
        IsCancelled(component) ? "cancelled" : Says(component, "STATUS", "TENTATIVE") ? "tentative" : "confirmed";

    private static bool Says(Component component, string name, string value) =>
        component.Find(name)?.RawValue.Trim().Equals(value, StringComparison.OrdinalIgnoreCase) == true;

    private static string TextOf(Component component, string name) => component.Find(name)?.Text ?? "";
}
