using Google.Apis.Calendar.v3.Data;
using Google.Apis.Services;
using Google.Apis.Util;

namespace Google.Apis.Calendar.v3;

/// <summary>Events of a calendar.</summary>
public class EventsResource(IClientService service)
{
    /// <summary>Makes an event.</summary>
    public virtual InsertRequest Insert(Event body, string calendarId) => new(service, body, calendarId);

    /// <summary>Reads an event.</summary>
    public virtual GetRequest Get(string calendarId, string eventId) => new(service, calendarId, eventId);

    /// <summary>Replaces an event as a whole.</summary>
    public virtual UpdateRequest Update(Event body, string calendarId, string eventId) => new(service, body, calendarId, eventId);

    /// <summary>Changes an event.</summary>
    public virtual PatchRequest Patch(Event body, string calendarId, string eventId) => new(service, body, calendarId, eventId);

    /// <summary>Deletes an event.</summary>
    public virtual DeleteRequest Delete(string calendarId, string eventId) => new(service, calendarId, eventId);

    /// <summary>Lists events, or what has changed of them.</summary>
    public virtual ListRequest List(string calendarId) => new(service, calendarId);

    /// <summary>Lists the occurrences of a series.</summary>
    public virtual InstancesRequest Instances(string calendarId, string eventId) => new(service, calendarId, eventId);

    /// <summary>Asks to be told of changes.</summary>
    public virtual WatchRequest Watch(Channel body, string calendarId) => new(service, body, calendarId);

    /// <summary>Makes an event.</summary>
    public class InsertRequest : CalendarRequest<Event>
    {
        /// <summary>The request.</summary>
        public InsertRequest(IClientService service, Event body, string calendarId)
            : base(service, "insert", "POST", "calendars/{calendarId}/events", calendarId, body, "sendUpdates")
        {
        }

        /// <summary>Who is written to about the change.</summary>
        [RequestParameter("sendUpdates", RequestParameterType.Query)]
        public virtual SendUpdatesEnum? SendUpdates { get; set; }
    }

    /// <summary>Reads an event.</summary>
    public class GetRequest : EventRequest<Event>
    {
        /// <summary>The request.</summary>
        public GetRequest(IClientService service, string calendarId, string eventId)
            : base(service, "get", "GET", "calendars/{calendarId}/events/{eventId}", calendarId, eventId, null)
        {
        }
    }

    /// <summary>Replaces an event as a whole.</summary>
    public class UpdateRequest : EventRequest<Event>
    {
        /// <summary>The request.</summary>
        public UpdateRequest(IClientService service, Event body, string calendarId, string eventId)
            : base(service, "update", "PUT", "calendars/{calendarId}/events/{eventId}", calendarId, eventId, body, "sendUpdates")
        {
        }

        /// <summary>Who is written to about the change.</summary>
        [RequestParameter("sendUpdates", RequestParameterType.Query)]
        public virtual SendUpdatesEnum? SendUpdates { get; set; }
    }

    /// <summary>Changes an event.</summary>
    public class PatchRequest : EventRequest<Event>
    {
        /// <summary>The request.</summary>
        public PatchRequest(IClientService service, Event body, string calendarId, string eventId)
            : base(service, "patch", "PATCH", "calendars/{calendarId}/events/{eventId}", calendarId, eventId, body, "sendUpdates")
        {
        }

        /// <summary>Who is written to about the change.</summary>
        [RequestParameter("sendUpdates", RequestParameterType.Query)]
        public virtual SendUpdatesEnum? SendUpdates { get; set; }
    }

    /// <summary>Deletes an event.</summary>
    public class DeleteRequest : EventRequest<string>
    {
        /// <summary>The request.</summary>
        public DeleteRequest(IClientService service, string calendarId, string eventId)
            : base(service, "delete", "DELETE", "calendars/{calendarId}/events/{eventId}", calendarId, eventId, null, "sendUpdates")
        {
        }

        /// <summary>Who is written to about the change.</summary>
        [RequestParameter("sendUpdates", RequestParameterType.Query)]
        public virtual SendUpdatesEnum? SendUpdates { get; set; }
    }

    /// <summary>Lists events, or what has changed of them.</summary>
    public class ListRequest : CalendarRequest<Events>
    {
        /// <summary>The request.</summary>
        public ListRequest(IClientService service, string calendarId)
            : base(service, "list", "GET", "calendars/{calendarId}/events", calendarId, null, "maxResults", "pageToken", "syncToken", "showDeleted", "singleEvents", "timeMin", "timeMax", "privateExtendedProperty", "iCalUID")
        {
        }

        /// <summary>How many a page has at most.</summary>
        [RequestParameter("maxResults", RequestParameterType.Query)]
        public virtual int? MaxResults { get; set; }

        /// <summary>Which page.</summary>
        [RequestParameter("pageToken", RequestParameterType.Query)]
        public virtual string? PageToken { get; set; }

        /// <summary>Only what has changed since the list that ended with this.</summary>
        [RequestParameter("syncToken", RequestParameterType.Query)]
        public virtual string? SyncToken { get; set; }

        /// <summary>Whether deleted events are listed, with the status <c>cancelled</c>.</summary>
        [RequestParameter("showDeleted", RequestParameterType.Query)]
        public virtual bool? ShowDeleted { get; set; }

        /// <summary>Whether series are listed as their occurrences.</summary>
        [RequestParameter("singleEvents", RequestParameterType.Query)]
        public virtual bool? SingleEvents { get; set; }

        /// <summary>Only what ends after this.</summary>
        [RequestParameter("timeMin", RequestParameterType.Query)]
        public virtual DateTimeOffset? TimeMinDateTimeOffset { get; set; }

        /// <summary>Only what starts before this.</summary>
        [RequestParameter("timeMax", RequestParameterType.Query)]
        public virtual DateTimeOffset? TimeMaxDateTimeOffset { get; set; }

        /// <summary>Only events with these private properties, as <c>name=value</c>.</summary>
        [RequestParameter("privateExtendedProperty", RequestParameterType.Query)]
        public virtual Google.Apis.Util.Repeatable<string>? PrivateExtendedProperty { get; set; }

        /// <summary>Only the event with this iCalendar UID.</summary>
        [RequestParameter("iCalUID", RequestParameterType.Query)]
        public virtual string? ICalUID { get; set; }
    }

    /// <summary>Lists the occurrences of a series.</summary>
    public class InstancesRequest : EventRequest<Events>
    {
        /// <summary>The request.</summary>
        public InstancesRequest(IClientService service, string calendarId, string eventId)
            : base(service, "instances", "GET", "calendars/{calendarId}/events/{eventId}/instances", calendarId, eventId, null, "maxResults", "pageToken", "showDeleted", "timeMin", "timeMax", "originalStart")
        {
        }

        /// <summary>How many a page has at most.</summary>
        [RequestParameter("maxResults", RequestParameterType.Query)]
        public virtual int? MaxResults { get; set; }

        /// <summary>Which page.</summary>
        [RequestParameter("pageToken", RequestParameterType.Query)]
        public virtual string? PageToken { get; set; }

        /// <summary>Whether deleted events are listed, with the status <c>cancelled</c>.</summary>
        [RequestParameter("showDeleted", RequestParameterType.Query)]
        public virtual bool? ShowDeleted { get; set; }

        /// <summary>Only what ends after this.</summary>
        [RequestParameter("timeMin", RequestParameterType.Query)]
        public virtual DateTimeOffset? TimeMinDateTimeOffset { get; set; }

        /// <summary>Only what starts before this.</summary>
        [RequestParameter("timeMax", RequestParameterType.Query)]
        public virtual DateTimeOffset? TimeMaxDateTimeOffset { get; set; }

        /// <summary>Only the occurrence that the rule puts there.</summary>
        [RequestParameter("originalStart", RequestParameterType.Query)]
        public virtual string? OriginalStart { get; set; }
    }

    /// <summary>Asks to be told of changes.</summary>
    public class WatchRequest : CalendarRequest<Channel>
    {
        /// <summary>The request.</summary>
        public WatchRequest(IClientService service, Channel body, string calendarId)
            : base(service, "watch", "POST", "calendars/{calendarId}/events/watch", calendarId, body)
        {
        }
    }

    /// <summary>Who is written to about a change.</summary>
    public enum SendUpdatesEnum
    {
        /// <summary>All guests.</summary>
        [StringValue("all")]
        All = 0,

        /// <summary>Guests who do not use Google Calendar.</summary>
        [StringValue("externalOnly")]
        ExternalOnly = 1,

        /// <summary>Nobody.</summary>
        [StringValue("none")]
        None = 2,
    }
}
