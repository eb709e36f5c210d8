using Newtonsoft.Json;

namespace Google.Apis.Calendar.v3.Data;

/// <summary>A day, or a moment.</summary>
public class EventDateTime
{
    /// <summary>The day of an all-day event (<c>yyyy-mm-dd</c>).</summary>
    [JsonProperty("date")]
    public virtual string? Date { get; set; }

    /// <summary>The moment (RFC 3339); without an offset it is local in the zone.</summary>
    [JsonProperty("dateTime")]
    public virtual string? DateTimeRaw { get; set; }

    /// <summary>IANA time zone: of a series the one in which it repeats.</summary>
    [JsonProperty("timeZone")]
    public virtual string? TimeZone { get; set; }
}
