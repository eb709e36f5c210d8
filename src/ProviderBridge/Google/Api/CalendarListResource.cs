using Google.Apis.Calendar.v3.Data;
using Google.Apis.Services;

namespace Google.Apis.Calendar.v3;

/// <summary>Calendars as the user has them in the list.</summary>
public class CalendarListResource(IClientService service)
{
    /// <summary>Reads how the user has a calendar in the list.</summary>
    public virtual GetRequest Get(string calendarId) => new(service, calendarId);

    /// <summary>Changes how the user has a calendar in the list.</summary>
    public virtual PatchRequest Patch(CalendarListEntry body, string calendarId) => new(service, body, calendarId);

    /// <summary>Reads how the user has a calendar in the list.</summary>
    public class GetRequest : CalendarRequest<CalendarListEntry>
    {
        /// <summary>The request.</summary>
        public GetRequest(IClientService service, string calendarId)
            : base(service, "get", "GET", "users/me/calendarList/{calendarId}", calendarId, null)
        {
        }
    }

    /// <summary>Changes how the user has a calendar in the list.</summary>
    public class PatchRequest : CalendarRequest<CalendarListEntry>
    {
        /// <summary>The request.</summary>
        public PatchRequest(IClientService service, CalendarListEntry body, string calendarId)
            : base(service, "patch", "PATCH", "users/me/calendarList/{calendarId}", calendarId, body)
        {
        }
    }
}
