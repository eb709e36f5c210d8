using Google.Apis.Services;

namespace Google.Apis.Calendar.v3;

/// <summary>
/// The Google Calendar API, version 3: of Google.Apis.Calendar.v3, the package that Google generates from its discovery document, the methods that are used here, with its names and shapes. The package
/// can take this folder's place when it can be restored.
/// </summary>
public class CalendarService : BaseClientService
{
    /// <summary>The API's version.</summary>
    public const string Version = "v3";

    /// <summary>A client of the API.</summary>
    public CalendarService(Initializer initializer)
        : base(initializer)
    {
        Calendars = new CalendarsResource(this);
        CalendarList = new CalendarListResource(this);
        Channels = new ChannelsResource(this);
        Events = new EventsResource(this);
        BaseUri = GetEffectiveUri(BaseUriOverride, "https://www.googleapis.com/calendar/v3/");
    }

    /// <inheritdoc/>
    public override string Name => "calendar";

    /// <inheritdoc/>
    public override string BaseUri { get; }

    /// <inheritdoc/>
    public override string BasePath => "calendar/v3/";

    /// <inheritdoc/>
    public override IList<string> Features => [];

    /// <summary>Calendars as they are for everybody.</summary>
    public virtual CalendarsResource Calendars { get; }

    /// <summary>Calendars as the user has them in the list.</summary>
    public virtual CalendarListResource CalendarList { get; }

    /// <summary>Channels on which the user is told of changes.</summary>
    public virtual ChannelsResource Channels { get; }

    /// <summary>Events.</summary>
    public virtual EventsResource Events { get; }

    /// <summary>What an application can ask the user to allow.</summary>
    public static class ScopeConstants
    {
        /// <summary>Make secondary calendars, and see, create, change, and delete events on them.</summary>
        public const string CalendarAppCreated = "https://www.googleapis.com/auth/calendar.app.created";
    }
}
