using Google.Apis.Requests;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Google.Apis.Calendar.v3.Data;

/// <summary>An event: a single one, a series, or an occurrence of one that is not as the series says.</summary>
public class Event : IDirectResponseSchema
{
    /// <summary>Its id: of an event that an application makes 5 to 1024 of the characters <c>0-9a-v</c>.</summary>
    [JsonProperty("id")]
    public virtual string? Id { get; set; }

    /// <summary><c>confirmed</c>, <c>tentative</c> or <c>cancelled</c>: deleted.</summary>
    [JsonProperty("status")]
    public virtual string? Status { get; set; }

    /// <summary>Its title.</summary>
    [JsonProperty("summary")]
    public virtual string? Summary { get; set; }

    /// <summary>Its description; may be HTML.</summary>
    [JsonProperty("description")]
    public virtual string? Description { get; set; }

    /// <summary>Where it is.</summary>
    [JsonProperty("location")]
    public virtual string? Location { get; set; }

    /// <summary>When it starts.</summary>
    [JsonProperty("start")]
    public virtual EventDateTime? Start { get; set; }

    /// <summary>When it ends: the first moment, or day, after it.</summary>
    [JsonProperty("end")]
    public virtual EventDateTime? End { get; set; }

    /// <summary>RRULE, EXRULE, RDATE and EXDATE lines (RFC 5545), without DTSTART and DTEND.</summary>
    [JsonProperty("recurrence")]
    public virtual IList<string>? Recurrence { get; set; }

    /// <summary>Of an occurrence: the series.</summary>
    [JsonProperty("recurringEventId")]
    public virtual string? RecurringEventId { get; set; }

    /// <summary>Of an occurrence: where the series puts it.</summary>
    [JsonProperty("originalStartTime")]
    public virtual EventDateTime? OriginalStartTime { get; set; }

    /// <summary><c>opaque</c> or <c>transparent</c>: it takes no time.</summary>
    [JsonProperty("transparency")]
    public virtual string? Transparency { get; set; }

    /// <summary>Who may see more of it than that there is something.</summary>
    [JsonProperty("visibility")]
    public virtual string? Visibility { get; set; }

    /// <summary>Its UID (RFC 5545).</summary>
    [JsonProperty("iCalUID")]
    public virtual string? ICalUID { get; set; }

    /// <summary>Its sequence number (RFC 5545).</summary>
    [JsonProperty("sequence")]
    public virtual int? Sequence { get; set; }

    /// <summary>What kind of event it is.</summary>
    [JsonProperty("eventType")]
    public virtual string? EventType { get; set; }

    /// <summary>When it was made (RFC 3339).</summary>
    [JsonProperty("created")]
    public virtual string? CreatedRaw { get; set; }

    /// <summary>When it was last changed (RFC 3339); reminders do not count.</summary>
    [JsonProperty("updated")]
    public virtual string? UpdatedRaw { get; set; }

    /// <summary>When the user is reminded of it.</summary>
    [JsonProperty("reminders")]
    public virtual RemindersData? Reminders { get; set; }

    /// <summary>What applications keep with it.</summary>
    [JsonProperty("extendedProperties")]
    public virtual ExtendedPropertiesData? ExtendedProperties { get; set; }

    /// <summary>The ETag of the resource.</summary>
    [JsonProperty("etag")]
    public virtual string? ETag { get; set; }

    /// <summary>What else the resource has: kept, so that a whole that is written back has it too.</summary>
    [JsonExtensionData]
    public virtual IDictionary<string, JToken> Others { get; } = new Dictionary<string, JToken>();

    /// <summary>What applications keep with an event.</summary>
    public class ExtendedPropertiesData
    {
        /// <summary>On this calendar only.</summary>
        [JsonProperty("private")]
        public virtual IDictionary<string, string>? Private__ { get; set; }

        /// <summary>On all calendars that have the event.</summary>
        [JsonProperty("shared")]
        public virtual IDictionary<string, string>? Shared { get; set; }
    }

    /// <summary>When the user is reminded of an event.</summary>
    public class RemindersData
    {
        /// <summary>Reminders that are not the calendar's own.</summary>
        [JsonProperty("overrides")]
        public virtual IList<EventReminder>? Overrides { get; set; }

        /// <summary>Whether the calendar's own apply.</summary>
        [JsonProperty("useDefault")]
        public virtual bool? UseDefault { get; set; }
    }
}
