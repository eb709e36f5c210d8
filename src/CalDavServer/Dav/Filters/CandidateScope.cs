using Calendaring.Store;

namespace CalDavServer.Dav.Filters;

/// <summary>What the index can say of a filter: which objects are worth parsing, and which need not be.</summary>
/// <param name="Component">The only component type that can match, or null.</param>
/// <param name="Range">Where an occurrence of it must lie.</param>
/// <param name="Decides">Whether component and range are all that the filter asks.</param>
internal readonly record struct CandidateScope(string? Component, TimeRange Range, bool Decides)
{
    /// <summary>What can be told of a filter whose outermost element is of VCALENDAR.</summary>
    public static CandidateScope Of(CompFilter filter)
    {
        // is-not-defined of VCALENDAR itself holds for no object: left to the filter
        if (filter.IsNotDefined) return new CandidateScope(null, TimeRange.Always, false);
        if (filter.IsPlain) return new CandidateScope(null, TimeRange.Always, true);
        var single = filter.Properties.Count == 0 && filter.Components.Count == 1;
        if (filter.AnyOf && !single) return new CandidateScope(null, TimeRange.Always, false);
        foreach (var child in filter.Components)
        {
            if (child.IsNotDefined || child.Name is not ("VEVENT" or "VTODO" or "VJOURNAL" or "VFREEBUSY")) continue;
            var onlyRange = child.Properties.Count == 0 && child.Components.Count == 0;
            var range = child.Range is { } asked && (onlyRange || !child.AnyOf) ? asked : TimeRange.Always;
            return new CandidateScope(child.Name, range, single && onlyRange);
        }

        return new CandidateScope(null, TimeRange.Always, false);
    }

    /// <summary>Whether an object matches by its index row alone; null when it must be parsed to know.</summary>
    public bool? Decide(ObjectIndex index)
    {
        if (Component is not null && index.Component != Component) return false;
        if (!Decides) return null;
        if (Range == TimeRange.Always) return true;
        // one event whose bounds lie inside the range, and the bounds are never narrower than the event
        var inside = Component == "VEVENT" && !index.Recurring && index.Start >= Range.Start && index.End <= Range.End && index.Start < Range.End;
        return inside ? true : null;
    }
}
