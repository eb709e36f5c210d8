using Google.Apis.Requests;
using Newtonsoft.Json;

namespace Google.Apis.Calendar.v3.Data;

/// <summary>A channel on which the user is told of changes.</summary>
public class Channel : IDirectResponseSchema
{
    /// <summary>Its id: made by the application, at most 64 characters.</summary>
    [JsonProperty("id")]
    public virtual string? Id { get; set; }

    /// <summary><c>web_hook</c>.</summary>
    [JsonProperty("type")]
    public virtual string? Type { get; set; }

    /// <summary>Where it is told: https.</summary>
    [JsonProperty("address")]
    public virtual string? Address { get; set; }

    /// <summary>What is told along, so that the application knows that it is meant; at most 256 characters.</summary>
    [JsonProperty("token")]
    public virtual string? Token { get; set; }

    /// <summary>When it ends, in milliseconds since 1970.</summary>
    [JsonProperty("expiration")]
    [JsonConverter(typeof(Int64Text))]
    public virtual long? Expiration { get; set; }

    /// <summary>What is watched: needed to end it.</summary>
    [JsonProperty("resourceId")]
    public virtual string? ResourceId { get; set; }

    /// <summary>The same as an address.</summary>
    [JsonProperty("resourceUri")]
    public virtual string? ResourceUri { get; set; }

    /// <summary>Nothing: a channel has no ETag, but every resource of the library says one.</summary>
    [JsonIgnore]
    public virtual string? ETag { get; set; }
}
