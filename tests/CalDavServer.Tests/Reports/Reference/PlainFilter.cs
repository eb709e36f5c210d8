using System.Text;
using System.Xml.Linq;
using NodaTime;

namespace CalDavServer.Tests.Reports.Reference;

/// <summary>
/// RFC 4791 §9.7 to §9.9 read off the request's XML and the object's text, one sentence after the other: no index, no compiled filter, and every occurrence from the first on is looked at.
/// </summary>
internal sealed class PlainFilter(PlainComponent calendar, DateTimeZone floating)
{
    /// <summary>Later occurrences are looked at as well: those that an alarm goes off before.</summary>
    private static readonly Duration Margin = Duration.FromDays(60);

    /// <summary>Where an endless rule is not followed any more, after the start of an endless range.</summary>
    private static readonly Duration Far = Duration.FromDays(14 * 366);

    /// <summary>Whether the object matches the comp-filter of VCALENDAR.</summary>
    public bool Matches(XElement filter) => CompMatches(filter, [calendar], null);

    private bool CompMatches(XElement filter, IEnumerable<PlainComponent> scope, PlainComponent? parent)
    {
        var named = scope.Where(component => component.Name == NameOf(filter)).ToList();
        if (Has(filter, "is-not-defined")) return named.Count == 0;
        return named.Any(component => All(filter, child => child.Name.LocalName switch
        {
            "time-range" => Overlaps(component, parent, Range.Of(child)),
            "prop-filter" => PropMatches(child, component),
            _ => CompMatches(child, component.Components, component),
        }));
    }

    private bool PropMatches(XElement filter, PlainComponent component)
    {
        var name = NameOf(filter);
        var lines = component.Lines.Where(line => line.Name == name).ToList();
        if (Has(filter, "is-not-defined")) return lines.Count == 0;
        if (lines.Count == 0 && filter.Elements().Count() == 1 && Has(filter, "time-range") && name is "DTEND" or "DUE")
            return component["DURATION"] is not null && component["DTSTART"] is not null && name == (component.Name == "VTODO" ? "DUE" : "DTEND") && component.Name is "VEVENT" or "VTODO"
                && ValueInRange(name, component, Range.Of(filter.Elements().Single()), null);
        return lines.Any(line => All(filter, child => child.Name.LocalName switch
        {
            "time-range" => ValueInRange(name, component, Range.Of(child), line),
            "text-match" => TextMatches(child, line.Text),
            _ => ParamMatches(child, line),
        }));
    }

    private static bool ParamMatches(XElement filter, PlainLine line)
    {
        var value = line.Parameter(NameOf(filter));
        if (Has(filter, "is-not-defined")) return value is null;
        return value is not null && All(filter, child => TextMatches(child, value));
    }

    private static bool TextMatches(XElement match, string value)
    {
        var collation = match.Attribute("collation")?.Value ?? "i;ascii-casemap";
        var (text, part) = (Fold(value, collation), Fold(match.Value, collation));
        var found = match.Attribute("match-type")?.Value switch
        {
            "equals" => text == part,
            "starts-with" => text.StartsWith(part, StringComparison.Ordinal),
            "ends-with" => text.EndsWith(part, StringComparison.Ordinal),
            _ => text.Contains(part, StringComparison.Ordinal),
        };
        return found != (match.Attribute("negate-condition")?.Value == "yes");
    }

    // the words of the generator have no character for which upper and title case differ
    private static string Fold(string text, string collation) => collation switch
    {
        "i;octet" => text,
        "i;ascii-casemap" => string.Concat(text.Select(c => c is >= 'a' and <= 'z' ? (char)(c - 32) : c)),
        _ => text.ToUpperInvariant().Normalize(NormalizationForm.FormKD),
    };

    private bool ValueInRange(string name, PlainComponent component, Range range, PlainLine? line)
    {
        if (name is "DTSTART" or "DTEND" or "DUE" && (line is null || PlainOccurrences.Recurs(component)))
            return Occurrences(component, range).Any(occurrence => (name == "DTSTART" ? occurrence.Start!.Instant : occurrence.End) is { } value && range.Contains(value));
        return range.Contains(PlainTime.Of(line, floating)!.Instant);
    }

    private bool Overlaps(PlainComponent component, PlainComponent? parent, Range range) => component.Name switch
    {
        "VALARM" => AlarmOverlaps(component, parent!, range),
        "VFREEBUSY" => FreeBusyOverlaps(component, range),
        _ => Occurrences(component, range).Any(occurrence => Overlaps(occurrence, range)),
    };

    /// <summary>The tables of VEVENT, VTODO and VJOURNAL.</summary>
    public bool Overlaps(PlainOccurrence occurrence, Range range)
    {
        var (start, end) = (range.Start, range.End);
        var dtstart = occurrence.Start?.Instant;
        if (occurrence.Component.Name != "VTODO")
        {
            if (dtstart is not { } from || occurrence.End is not { } until) return false;
            return until > from ? start < until && end > from : start <= from && end > from;
        }

        var due = occurrence.End;
        Instant? Stamp(string name) => PlainTime.Of(occurrence.Component[name], floating)?.Instant;
        return (dtstart, due, Stamp("COMPLETED"), Stamp("CREATED")) switch
        {
            ({ } s, { } d, _, _) when occurrence.Component["DURATION"] is not null => start <= d && (end > s || end >= d),
            ({ } s, { } d, _, _) => (start < d || start <= s) && (end > s || end >= d),
            ({ } s, null, _, _) => start <= s && end > s,
            (null, { } d, _, _) => start < d && end >= d,
            (null, null, { } done, { } made) => (start <= made || start <= done) && (end >= made || end >= done),
            (null, null, { } done, null) => start <= done && end >= done,
            (null, null, null, { } made) => end > made,
            _ => true,
        };
    }

    private bool FreeBusyOverlaps(PlainComponent component, Range range)
    {
        if (PlainTime.Of(component["DTSTART"], floating) is { } from && PlainTime.Of(component["DTEND"], floating) is { } until)
            return range.Start <= until.Instant && range.End > from.Instant;
        return component.Lines.Where(line => line.Name == "FREEBUSY").SelectMany(line => line.Value.Split(',')).Select(value => value.Split('/'))
            .Any(value => range.Start < PlainTime.Utc(value[1]) && range.End > PlainTime.Utc(value[0]));
    }

    private bool AlarmOverlaps(PlainComponent alarm, PlainComponent parent, Range range) => AlarmTimes(alarm, parent, range).Any(range.Contains);

    /// <summary>When an alarm goes off for the occurrences that a range may be about.</summary>
    public IEnumerable<Instant> AlarmTimes(PlainComponent alarm, PlainComponent parent, Range range)
    {
        var trigger = alarm["TRIGGER"]!;
        IEnumerable<Instant?> firsts;
        if (trigger.Parameter("VALUE") == "DATE-TIME")
        {
            firsts = [PlainTime.Utc(trigger.Value)];
        }
        else
        {
            var (days, seconds) = PlainTime.Length(trigger.Value);
            firsts = Occurrences(parent, range).Select(occurrence => FirstOf(occurrence, trigger.Parameter("RELATED") == "END", days, seconds));
        }

        var repeats = alarm["REPEAT"] is { } repeat ? int.Parse(repeat.Value, null) : 0;
        var interval = repeats > 0 ? Duration.FromSeconds(PlainTime.Length(alarm["DURATION"]!.Value).Seconds) : Duration.Zero;
        return firsts.OfType<Instant>().SelectMany(first => Enumerable.Range(0, repeats + 1).Select(i => first + (interval * i)));
    }

    private Instant? FirstOf(PlainOccurrence occurrence, bool fromEnd, int days, long seconds)
    {
        if (!fromEnd) return occurrence.Start?.Plus(days, seconds);
        if (days == 0) return occurrence.End + Duration.FromSeconds(seconds);
        var zone = PlainTime.Of(occurrence.Component["DTSTART"] ?? occurrence.Component["DUE"], floating)?.Zone;
        return occurrence.End is { } end ? new PlainTime(end.InZone(zone!).LocalDateTime, zone!, false).Plus(days, seconds) : null;
    }

    /// <summary>The occurrences that a range may be about.</summary>
    public IEnumerable<PlainOccurrence> Occurrences(PlainComponent component, Range range)
    {
        var first = PlainTime.Of(component["DTSTART"], floating)?.Instant ?? Instant.MinValue;
        var until = range.End < Instant.MaxValue ? range.End : Instant.Max(range.Start, first) + Far;
        return PlainOccurrences.Of(calendar, component, floating, until + Margin);
    }

    private static bool All(XElement filter, Func<XElement, bool> holds) =>
        !filter.HasElements || (filter.Attribute("test")?.Value == "anyof" ? filter.Elements().Any(holds) : filter.Elements().All(holds));

    private static bool Has(XElement filter, string child) => filter.Elements().Any(element => element.Name.LocalName == child);

    private static string NameOf(XElement filter) => filter.Attribute("name")!.Value.ToUpperInvariant();

    /// <summary>A time range, with open ends at the ends of time.</summary>
    internal sealed record Range(Instant Start, Instant End)
    {
        public bool Contains(Instant value) => Start <= value && End > value;

        public static Range Of(XElement element) => new(
            element.Attribute("start") is { } start ? PlainTime.Utc(start.Value) : Instant.MinValue,
            element.Attribute("end") is { } end ? PlainTime.Utc(end.Value) : Instant.MaxValue);
    }
}
