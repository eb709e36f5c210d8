using Sandbox.Microsoft.Calendars;
using Sandbox.Microsoft.Events;
using Sandbox.Microsoft.Subscriptions;

namespace Sandbox.Microsoft;

/// <summary>Every operation that is imitated.</summary>
public static class GraphMethods
{
    public static IReadOnlyList<GraphMethod> All { get; } =
    [
        MeGet.Method, .. GraphCalendarMethods.All, EventsList.Method, EventsCreate.Method, EventsGet.Method, EventsUpdate.Method, EventsDelete.Method,
        EventsInstances.Method, CalendarView.Method, CalendarViewDelta.Method, .. SubscriptionMethods.All,
    ];
}
