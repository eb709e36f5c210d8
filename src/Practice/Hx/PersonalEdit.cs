using Calendaring.ICalendar;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>
/// An edit from outside of a personal appointment (docs/rules.md A6, P6): everything is taken. What the sender was not shown stays, and
/// what it wrote is its level's.
/// </summary>
internal static class PersonalEdit
{
    /// <summary>What the appointment becomes.</summary>
    public static (CalendarObject Content, AppointmentDetails Details) Apply(
        CalendarObject truth, CalendarObject sent, AppointmentDetails details, PrivacyLevel level)
    {
        details = AdditionLevels.Placed(truth, details);
        var before = Additions.Components(truth).DistinctBy(one => one.Place).ToDictionary(one => one.Place, one => one.Component);
        foreach (var (place, _) in Additions.Components(sent).ToList())
        {
            if (!before.ContainsKey(place)) details = AdditionLevels.Inherit(details, place);
        }

        if (level < details.Level) return MergeBelow(truth, before, sent.Clone(), details, level);
        if (level > details.Level) details = Raise(before, sent, details, level);
        details = details with { WrittenAt = level };
        return (sent, AdditionLevels.Prune(sent, details));
    }

    /// <summary>What the sender left as lower levels wrote it stays theirs.</summary>
    private static AppointmentDetails Raise(Dictionary<string, Component> before, CalendarObject sent, AppointmentDetails details, PrivacyLevel level)
    {
        foreach (var (place, component) in Additions.Components(sent))
        {
            if (Known(before, place) is not { } known) continue;
            var left = Additions.In(component, details.Kind).Select(addition => addition.Content).ToHashSet();
            details = AdditionLevels.Remember(details, place, Additions.In(known, details.Kind).Where(addition => left.Contains(addition.Content)), details.Level);
        }

        return details with { WrittenAt = level };
    }

    private static (CalendarObject Content, AppointmentDetails Details) MergeBelow(
        CalendarObject truth, Dictionary<string, Component> before, CalendarObject sent, AppointmentDetails details, PrivacyLevel level)
    {
        var shown = Additions.Components(Projection.Of(truth, details, level)).DistinctBy(one => one.Place).ToDictionary(one => one.Place, one => one.Component);
        foreach (var (place, component) in Additions.Components(sent).ToList())
        {
            var whole = Known(before, place)?.Clone() ?? new Component(component.Name);
            details = AdditionLevels.Merge(whole, place, Known(shown, place) ?? new Component(component.Name), component, level, details);
            foreach (var addition in Additions.In(component, details.Kind).ToList()) addition.RemoveFrom(component);
            foreach (var addition in Additions.In(whole, details.Kind)) addition.AddTo(component);
        }

        return (sent, AdditionLevels.Prune(sent, details));
    }

    /// <summary>An occurrence without a description of its own is described by its series.</summary>
    private static Component? Known(Dictionary<string, Component> components, string place) =>
        components.GetValueOrDefault(place) ?? components.GetValueOrDefault(AdditionPlace.Series);
}
