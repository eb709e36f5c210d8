using Google.Apis.Calendar.v3.Data;
using Google.Apis.Json;

namespace ProviderBridge.Google;

/// <summary>Events as text and back, with all that Google has of them.</summary>
internal static class EventCopy
{
    public static string Write(GoogleSeries series) => NewtonsoftJsonSerializer.Instance.Serialize(new Kept { Master = series.Master, Occurrences = [.. series.Occurrences] });

    public static GoogleSeries Read(string text)
    {
        var kept = NewtonsoftJsonSerializer.Instance.Deserialize<Kept>(text);
        return new GoogleSeries(kept.Master!, kept.Occurrences);
    }

    public static Event Of(Event one) => NewtonsoftJsonSerializer.Instance.Deserialize<Event>(NewtonsoftJsonSerializer.Instance.Serialize(one));

    private sealed class Kept
    {
        public Event? Master { get; set; }

        public List<Event> Occurrences { get; set; } = [];
    }
}
