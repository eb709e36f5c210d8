using Google.Apis.Calendar.v3.Data;
using Google.Apis.Services;

namespace Google.Apis.Calendar.v3;

/// <summary>Channels on which the user is told of changes.</summary>
public class ChannelsResource(IClientService service)
{
    /// <summary>Ends a channel.</summary>
    public virtual StopRequest Stop(Channel body) => new(service, body);

    /// <summary>Ends a channel.</summary>
    public class StopRequest : CalendarBaseServiceRequest<string>
    {
        /// <summary>The request.</summary>
        public StopRequest(IClientService service, Channel body)
            : base(service, "stop", "POST", "channels/stop", body)
        {
            Take([]);
        }
    }
}
