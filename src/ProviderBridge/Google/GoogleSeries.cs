using Google.Apis.Calendar.v3.Data;

namespace ProviderBridge.Google;

/// <summary>A single event or a series as Google has it.</summary>
/// <param name="Master">The event or series.</param>
/// <param name="Occurrences">The occurrences that are not as the series says, cancelled ones among them.</param>
internal sealed record GoogleSeries(Event Master, IReadOnlyList<Event> Occurrences);
