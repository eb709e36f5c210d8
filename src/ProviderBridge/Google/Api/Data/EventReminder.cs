using Newtonsoft.Json;

namespace Google.Apis.Calendar.v3.Data;

/// <summary>A reminder.</summary>
public class EventReminder
{
    /// <summary><c>popup</c> or <c>email</c>.</summary>
    [JsonProperty("method")]
    public virtual string? Method { get; set; }

    /// <summary>How long before the event.</summary>
    [JsonProperty("minutes")]
    public virtual int? Minutes { get; set; }
}
