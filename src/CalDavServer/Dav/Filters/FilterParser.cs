using System.Diagnostics.CodeAnalysis;
using System.Xml.Linq;

namespace CalDavServer.Dav.Filters;

/// <summary>
/// Compiles a CALDAV:filter (RFC 4791 §9.7), once for a report. Beyond that RFC it takes the <c>test</c> and <c>match-type</c> attributes of RFC 6352 §10.5, and several text-match
/// elements in one prop-filter.
/// </summary>
internal static class FilterParser
{
    private static readonly XNamespace C = DavNames.CalDav;

    /// <summary>Compiles the filter; the error is one of the preconditions of RFC 4791 §7.8.</summary>
    public static bool TryParse(XElement filter, [NotNullWhen(true)] out CompFilter? compiled, [NotNullWhen(false)] out DavError? error)
    {
        compiled = null;
        error = null;
        try
        {
            var children = filter.Elements().ToList();
            if (children.Count != 1 || children[0].Name != C + "comp-filter") throw Invalid("A filter holds exactly one comp-filter.");
            if (filter.Descendants().Skip(DavLimits.FilterConditions).Any()) throw Invalid($"A filter has at most {DavLimits.FilterConditions} conditions.");
            compiled = ParseComp(children[0], null);
            return true;
        }
        catch (FilterException problem)
        {
            error = problem.Error;
            return false;
        }
    }

    private static CompFilter ParseComp(XElement element, string? parent)
    {
        var name = NameOf(element);
        CheckNesting(name, parent);
        TimeRange? range = null;
        var isNotDefined = false;
        List<PropFilter> properties = [];
        List<CompFilter> components = [];
        foreach (var child in element.Elements())
        {
            if (child.Name == C + "is-not-defined") isNotDefined = true;
            else if (child.Name == C + "time-range" && range is null) range = ParseRange(child, ComponentTime.Supports(name), name);
            else if (child.Name == C + "prop-filter") properties.Add(ParseProp(child));
            else if (child.Name == C + "comp-filter") components.Add(ParseComp(child, name));
            else throw Unsupported(child);
        }

        var result = new CompFilter(name, isNotDefined, AnyOf(element), range, properties, components);
        if (isNotDefined && !result.IsPlain) throw Invalid("is-not-defined stands alone.");
        return result;
    }

    private static PropFilter ParseProp(XElement element)
    {
        var name = NameOf(element);
        TimeRange? range = null;
        var isNotDefined = false;
        List<TextMatch> texts = [];
        List<ParamFilter> parameters = [];
        foreach (var child in element.Elements())
        {
            if (child.Name == C + "is-not-defined") isNotDefined = true;
            else if (child.Name == C + "time-range" && range is null) range = ParseRange(child, PropertyTime.Supports(name), name);
            else if (child.Name == C + "text-match") texts.Add(ParseText(child));
            else if (child.Name == C + "param-filter") parameters.Add(ParseParam(child));
            else throw Unsupported(child);
        }

        if (isNotDefined && (range is not null || texts.Count > 0 || parameters.Count > 0)) throw Invalid("is-not-defined stands alone.");
        return new PropFilter(name, isNotDefined, AnyOf(element), range, texts, parameters);
    }

    private static ParamFilter ParseParam(XElement element)
    {
        TextMatch? text = null;
        var isNotDefined = false;
        foreach (var child in element.Elements())
        {
            if (child.Name == C + "is-not-defined") isNotDefined = true;
            else if (child.Name == C + "text-match" && text is null) text = ParseText(child);
            else if (child.Name == C + "time-range") throw Invalid("A parameter has no time range.");
            else throw Unsupported(child);
        }

        if (isNotDefined && text is not null) throw Invalid("is-not-defined stands alone.");
        return new ParamFilter(NameOf(element), isNotDefined, text);
    }

    private static TextMatch ParseText(XElement element)
    {
        if (element.HasElements) throw Invalid("A text-match holds text only.");
        var collation = element.Attribute("collation")?.Value is { } name ? Collation.Find(name) : Collation.Default;
        if (collation is null) throw new FilterException(DavError.Forbidden(DavNames.C("supported-collation"), "The collation is not supported."));
        var type = element.Attribute("match-type")?.Value switch
        {
            null or "contains" => TextMatchType.Contains,
            "equals" => TextMatchType.Equals,
            "starts-with" => TextMatchType.StartsWith,
            "ends-with" => TextMatchType.EndsWith,
            _ => throw Invalid("A match-type is equals, contains, starts-with or ends-with."),
        };
        var negate = element.Attribute("negate-condition")?.Value switch
        {
            null or "no" => false,
            "yes" => true,
            _ => throw Invalid("A negate-condition is yes or no."),
        };
        if (element.Value.Length > TextMatch.MaxText) throw Invalid($"A text-match has at most {TextMatch.MaxText} characters.");
        return new TextMatch(element.Value, collation, type, negate);
    }

    private static TimeRange ParseRange(XElement element, bool supported, string name)
    {
        if (!supported) throw Invalid($"A time range has no meaning for {name}.");
        var invalid = DavError.Forbidden(DavNames.C("valid-filter"), "A time-range has a start, an end or both, each a time in UTC, and the end is later than the start.");
        return TimeRange.TryParse(element, false, invalid, out var range) is { } error ? throw new FilterException(error) : range;
    }

    private static bool AnyOf(XElement element) => element.Attribute("test")?.Value switch
    {
        null or "allof" => false,
        "anyof" => true,
        _ => throw Invalid("A test is anyof or allof."),
    };

    private static string NameOf(XElement element)
    {
        var name = element.Attribute("name")?.Value.Trim();
        if (string.IsNullOrEmpty(name) || name.Length > 255) throw Invalid($"A {element.Name.LocalName} has a name.");
        return name.ToUpperInvariant();
    }

    // RFC 4791 §7.8: a filter that asks for a component where none can be is not valid.
    private static void CheckNesting(string name, string? parent)
    {
        var good = parent switch
        {
            null => name == "VCALENDAR",
            "VCALENDAR" => name is not ("VCALENDAR" or "VALARM" or "STANDARD" or "DAYLIGHT"),
            _ => name is not ("VCALENDAR" or "VEVENT" or "VTODO" or "VJOURNAL" or "VFREEBUSY" or "VTIMEZONE" or "VAVAILABILITY")
                && (name != "VALARM" || parent is not ("VJOURNAL" or "VFREEBUSY" or "VTIMEZONE" or "VALARM")),
        };
        if (!good) throw Invalid(parent is null ? "The outermost comp-filter is of VCALENDAR." : $"{name} is never inside {parent}.");
    }

    private static FilterException Invalid(string sentence) => new(DavError.Forbidden(DavNames.C("valid-filter"), sentence));

    // An element that is not understood would be a condition left out: more would be found than was asked for.
    private static FilterException Unsupported(XElement element) => element.Name.Namespace == C && element.Name.LocalName is "time-range" or "text-match" or "prop-filter" or "comp-filter" or "param-filter"
        ? Invalid($"A {element.Name.LocalName} cannot stand here.")
        : new FilterException(DavError.Forbidden(DavNames.C("supported-filter"), "The filter has a condition that is not supported."));

    private sealed class FilterException(DavError error) : Exception
    {
        public DavError Error { get; } = error;
    }
}
