using Google.Apis.Services;

namespace Google.Apis.Calendar.v3;

/// <summary>Calendars as they are for everybody.</summary>
public class CalendarsResource(IClientService service)
{
    /// <summary>Makes a secondary calendar.</summary>
    public virtual InsertRequest Insert(Data.Calendar body) => new(service, body);

    /// <summary>Reads a calendar.</summary>
    public virtual GetRequest Get(string calendarId) => new(service, calendarId);

    /// <summary>Changes a calendar.</summary>
    public virtual PatchRequest Patch(Data.Calendar body, string calendarId) => new(service, body, calendarId);

    /// <summary>Deletes a secondary calendar with all that is in it.</summary>
    public virtual DeleteRequest Delete(string calendarId) => new(service, calendarId);

    /// <summary>Makes a secondary calendar.</summary>
    public class InsertRequest : CalendarBaseServiceRequest<Data.Calendar>
    {
        /// <summary>The request.</summary>
        public InsertRequest(IClientService service, Data.Calendar body)
            : base(service, "insert", "POST", "calendars", body)
        {
            Take([]);
        }
    }

    /// <summary>Reads a calendar.</summary>
    public class GetRequest : CalendarRequest<Data.Calendar>
    {
        /// <summary>The request.</summary>
        public GetRequest(IClientService service, string calendarId)
            : base(service, "get", "GET", "calendars/{calendarId}", calendarId, null)
        {
        }
    }

    /// <summary>Changes a calendar.</summary>
    public class PatchRequest : CalendarRequest<Data.Calendar>
    {
        /// <summary>The request.</summary>
        public PatchRequest(IClientService service, Data.Calendar body, string calendarId)
            : base(service, "patch", "PATCH", "calendars/{calendarId}", calendarId, body)
        {
        }
    }

    /// <summary>Deletes a secondary calendar with all that is in it.</summary>
    public class DeleteRequest : CalendarRequest<string>
    {
        /// <summary>The request.</summary>
        public DeleteRequest(IClientService service, string calendarId)
            : base(service, "delete", "DELETE", "calendars/{calendarId}", calendarId, null)
        {
        }
    }
}
