using Calendaring.ICalendar;

namespace CalDavServer.Dav.Filters;

/// <summary>A CALDAV:comp-filter (RFC 4791 §9.7.1): it matches when one component of the name meets its conditions, all of them or any.</summary>
/// <param name="Name">The component, upper case.</param>
/// <param name="IsNotDefined">Whether it must be absent.</param>
/// <param name="AnyOf">Whether one condition is enough.</param>
/// <param name="Range">What one of its occurrences must overlap, or null.</param>
/// <param name="Properties">What its properties must match.</param>
/// <param name="Components">What its sub-components must match.</param>
internal sealed record CompFilter(
    string Name, bool IsNotDefined, bool AnyOf, TimeRange? Range, IReadOnlyList<PropFilter> Properties, IReadOnlyList<CompFilter> Components)
{
    /// <summary>Whether there is nothing more to ask than that the component exists, or not.</summary>
    public bool IsPlain => Range is null && Properties.Count == 0 && Components.Count == 0;

    /// <summary>Whether a calendar object matches: the filter is the outermost one.</summary>
    public bool Matches(FilterScope scope) => !IsNotDefined && Matches(scope.Calendar, null, scope);

    private bool Matches(Component component, Component? parent, FilterScope scope)
    {
        if (IsPlain) return true;
        foreach (var property in Properties)
        {
            if (property.Matches(component, scope) == AnyOf) return AnyOf;
        }

        foreach (var child in Components)
        {
            if (child.MatchesWithin(component, scope) == AnyOf) return AnyOf;
        }

        // last, as it may mean to expand a rule
        if (Range is { } range) return ComponentTime.Overlaps(component, parent, range, scope);
        return !AnyOf;
    }

    private bool MatchesWithin(Component parent, FilterScope scope)
    {
        foreach (var component in parent.Components)
        {
            if (component.Name != Name) continue;
            if (IsNotDefined) return false;
            if (Matches(component, parent, scope)) return true;
        }

        return IsNotDefined;
    }
}
