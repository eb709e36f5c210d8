using Calendaring.ICalendar;

namespace Practice.Hx;

internal static class CalendarObjectEvents
{
    /// <summary>The VEVENTs of an object: master and overrides. The object must not gain or lose one while they are enumerated.</summary>
    public static IEnumerable<Component> Events(this CalendarObject calendarObject)
    {
        foreach (var component in calendarObject.Calendar.Components)
        {
            if (component.Name == "VEVENT") yield return component;
        }
    }
}
