using Google.Apis.Requests;
using Newtonsoft.Json;

namespace Google.Apis.Calendar.v3.Data;

/// <summary>A calendar as the user has it in the list.</summary>
public class CalendarListEntry : IDirectResponseSchema
{
    /// <summary>The calendar's id.</summary>
    [JsonProperty("id")]
    public virtual string? Id { get; set; }

    /// <summary>Its name.</summary>
    [JsonProperty("summary")]
    public virtual string? Summary { get; set; }

    /// <summary>What the user calls it.</summary>
    [JsonProperty("summaryOverride")]
    public virtual string? SummaryOverride { get; set; }

    /// <summary>Its IANA time zone.</summary>
    [JsonProperty("timeZone")]
    public virtual string? TimeZone { get; set; }

    /// <summary>Its colour, as <c>#rrggbb</c>.</summary>
    [JsonProperty("backgroundColor")]
    public virtual string? BackgroundColor { get; set; }

    /// <summary>Whether its events are shown.</summary>
    [JsonProperty("selected")]
    public virtual bool? Selected { get; set; }

    /// <summary>Whether the user has hidden it.</summary>
    [JsonProperty("hidden")]
    public virtual bool? Hidden { get; set; }

    /// <summary>Whether the user has taken it out of the list.</summary>
    [JsonProperty("deleted")]
    public virtual bool? Deleted { get; set; }

    /// <summary>What the user may do with it.</summary>
    [JsonProperty("accessRole")]
    public virtual string? AccessRole { get; set; }

    /// <summary>The ETag of the resource.</summary>
    [JsonProperty("etag")]
    public virtual string? ETag { get; set; }
}
