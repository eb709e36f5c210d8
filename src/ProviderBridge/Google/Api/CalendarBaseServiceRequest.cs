using Google.Apis.Discovery;
using Google.Apis.Requests;
using Google.Apis.Services;
using Google.Apis.Util;

namespace Google.Apis.Calendar.v3;

/// <summary>A request to the Calendar API.</summary>
/// <typeparam name="TResponse">What it answers with.</typeparam>
public abstract class CalendarBaseServiceRequest<TResponse> : ClientServiceRequest<TResponse>
{
    private readonly object? _body;

    /// <summary>A request of a method.</summary>
    private protected CalendarBaseServiceRequest(IClientService service, string method, string http, string path, object? body = null)
        : base(service)
    {
        (MethodName, HttpMethod, RestPath, _body) = (method, http, path, body);
    }

    /// <inheritdoc/>
    public override string MethodName { get; }

    /// <inheritdoc/>
    public override string HttpMethod { get; }

    /// <inheritdoc/>
    public override string RestPath { get; }

    /// <inheritdoc/>
    protected override object GetBody() => _body!;

    /// <summary>Names the parameters that this method takes: those that the path has, and others.</summary>
    private protected void Take(string[] path, params string[] query)
    {
        InitParameters();
        foreach (var name in path) Add(name, "path");
        foreach (var name in query) Add(name, "query");
    }

    private void Add(string name, string kind) => RequestParameters.Add(name, new Parameter { Name = name, IsRequired = kind == "path", ParameterType = kind });
}

/// <summary>A request about a calendar.</summary>
/// <typeparam name="TResponse">What it answers with.</typeparam>
public abstract class CalendarRequest<TResponse> : CalendarBaseServiceRequest<TResponse>
{
    private protected CalendarRequest(IClientService service, string method, string http, string path, string calendarId, object? body, params string[] query)
        : this(service, method, http, path, calendarId, body, ["calendarId"], query)
    {
    }

    private protected CalendarRequest(IClientService service, string method, string http, string path, string calendarId, object? body, string[] inPath, string[] query)
        : base(service, method, http, path, body)
    {
        CalendarId = calendarId;
        Take(inPath, query);
    }

    /// <summary>The calendar's id.</summary>
    [RequestParameter("calendarId", RequestParameterType.Path)]
    public virtual string CalendarId { get; }
}

/// <summary>A request about an event.</summary>
/// <typeparam name="TResponse">What it answers with.</typeparam>
public abstract class EventRequest<TResponse> : CalendarRequest<TResponse>
{
    private protected EventRequest(IClientService service, string method, string http, string path, string calendarId, string eventId, object? body, params string[] query)
        : base(service, method, http, path, calendarId, body, ["calendarId", "eventId"], query) => EventId = eventId;

    /// <summary>The event's id.</summary>
    [RequestParameter("eventId", RequestParameterType.Path)]
    public virtual string EventId { get; }
}
