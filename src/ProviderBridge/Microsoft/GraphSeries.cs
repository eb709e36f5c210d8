using Microsoft.Graph.Models;
using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Microsoft;

/// <summary>A single event or a series as Graph has it.</summary>
/// <param name="Master">The event or series.</param>
/// <param name="Exceptions">The occurrences that are not as the series says.</param>
/// <param name="Cancelled">The days of the occurrences that were taken out.</param>
internal sealed record GraphSeries(Event Master, IReadOnlyList<Event> Exceptions, IReadOnlySet<LocalDate> Cancelled)
{
    private static readonly IReadOnlySet<LocalDate> None = new HashSet<LocalDate>();

    public bool Repeats => Master.Recurrence is not null;

    public static GraphSeries Single(Event one) => new(one, [], None);
}

/// <summary>What Graph answered, with the answer itself.</summary>
/// <param name="Series">The answer.</param>
/// <param name="Id">Its id.</param>
/// <param name="Version">Names this version.</param>
/// <param name="Content">The same as a calendar object.</param>
/// <param name="Tag">The UID that the link has noted.</param>
/// <param name="Updated">When it last changed there.</param>
internal sealed record GraphFound(GraphSeries Series, string Id, string Version, Calendaring.ICalendar.CalendarObject Content, string? Tag, Instant? Updated)
    : OutsideSeries(Id, Version, Content, Tag, Updated, "");
