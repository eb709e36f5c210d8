using Sandbox.Google.CalendarList;
using Sandbox.Google.Calendars;
using Sandbox.Google.Channels;
using Sandbox.Google.Events;

namespace Sandbox.Google;

/// <summary>Every method that is imitated.</summary>
public static class GoogleMethods
{
    public static IReadOnlyList<GoogleMethod> All { get; } =
    [
        CalendarsInsert.Method, CalendarsGet.Method, CalendarsPatch.Method, CalendarsUpdate.Method, CalendarsDelete.Method,
        CalendarListList.Method, CalendarListGet.Method, CalendarListPatch.Method, CalendarListUpdate.Method,
        EventsList.Method, EventsGet.Method, EventsInsert.Method, EventsImport.Method, EventsPatch.Method, EventsUpdate.Method, EventsDelete.Method,
        EventsInstances.Method, EventsWatch.Method, ChannelsStop.Method,
    ];
}
