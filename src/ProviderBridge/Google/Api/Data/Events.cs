using Google.Apis.Requests;
using Newtonsoft.Json;

namespace Google.Apis.Calendar.v3.Data;

/// <summary>A page of events.</summary>
public class Events : IDirectResponseSchema
{
    /// <summary>The events.</summary>
    [JsonProperty("items")]
    public virtual IList<Event>? Items { get; set; }

    /// <summary>The next page; null on the last.</summary>
    [JsonProperty("nextPageToken")]
    public virtual string? NextPageToken { get; set; }

    /// <summary>On the last page: for what changes from now on.</summary>
    [JsonProperty("nextSyncToken")]
    public virtual string? NextSyncToken { get; set; }

    /// <summary>The calendar's name.</summary>
    [JsonProperty("summary")]
    public virtual string? Summary { get; set; }

    /// <summary>The calendar's IANA time zone.</summary>
    [JsonProperty("timeZone")]
    public virtual string? TimeZone { get; set; }

    /// <summary>What the user may do with the calendar.</summary>
    [JsonProperty("accessRole")]
    public virtual string? AccessRole { get; set; }

    /// <summary>The ETag of the resource.</summary>
    [JsonProperty("etag")]
    public virtual string? ETag { get; set; }
}
