using Google.Apis.Requests;
using Newtonsoft.Json;

namespace Google.Apis.Calendar.v3.Data;

/// <summary>A calendar.</summary>
public class Calendar : IDirectResponseSchema
{
    /// <summary>Its id.</summary>
    [JsonProperty("id")]
    public virtual string? Id { get; set; }

    /// <summary>Its name.</summary>
    [JsonProperty("summary")]
    public virtual string? Summary { get; set; }

    /// <summary>Its description.</summary>
    [JsonProperty("description")]
    public virtual string? Description { get; set; }

    /// <summary>Its IANA time zone.</summary>
    [JsonProperty("timeZone")]
    public virtual string? TimeZone { get; set; }

    /// <summary>The ETag of the resource.</summary>
    [JsonProperty("etag")]
    public virtual string? ETag { get; set; }
}
