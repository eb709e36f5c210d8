using Calendaring.ICalendar;

namespace CalDavServer.Dav.Filters;

/// <summary>A CALDAV:prop-filter (RFC 4791 §9.7.2): it matches when one property of the name meets its conditions, all of them or any.</summary>
/// <param name="Name">The property, upper case.</param>
/// <param name="IsNotDefined">Whether it must be absent.</param>
/// <param name="AnyOf">Whether one condition is enough.</param>
/// <param name="Range">Where its value must lie, or null.</param>
/// <param name="Texts">What its value must match.</param>
/// <param name="Parameters">What its parameters must match.</param>
internal sealed record PropFilter(
    string Name, bool IsNotDefined, bool AnyOf, TimeRange? Range, IReadOnlyList<TextMatch> Texts, IReadOnlyList<ParamFilter> Parameters)
{
    public bool Matches(Component component, FilterScope scope)
    {
        foreach (var line in component.Properties)
        {
            if (line.Name != Name) continue;
            if (IsNotDefined) return false;
            if (Matches(line, component, scope)) return true;
        }

        if (IsNotDefined) return true;
        // RFC 4791 §9.9: a DTEND or DUE that is not written is DTSTART+DURATION
        return Range is { } range && Texts.Count == 0 && Parameters.Count == 0 && PropertyTime.EffectiveEndOverlaps(Name, component, range, scope);
    }

    private bool Matches(ContentLine line, Component component, FilterScope scope)
    {
        if (Range is null && Texts.Count == 0 && Parameters.Count == 0) return true;
        foreach (var text in Texts)
        {
            if (Matches(text, line, scope) == AnyOf) return AnyOf;
        }

        foreach (var parameter in Parameters)
        {
            if (parameter.Matches(line, scope) == AnyOf) return AnyOf;
        }

        if (Range is { } range) return PropertyTime.Overlaps(line, component, range, scope);
        return !AnyOf;
    }

    // A match of the whole value, its start or its end is tried on each value of a property that is a list.
    private static bool Matches(TextMatch text, ContentLine line, FilterScope scope)
    {
        scope.Read(line.RawValue);
        return text.Type != TextMatchType.Contains && line.Name is "CATEGORIES" or "RESOURCES" ? text.MatchesAny(line.ReadTextList()) : text.Matches(line.Text);
    }
}
