using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>The index row of an appointment: that of its object, ended where a cancelled series ends, and widened to occurrences that only the diary still has.</summary>
internal static class DiaryIndex
{
    public static ObjectIndex Of(CalendarObject content, AppointmentDetails details) => Of(ObjectIndexer.Index(content), details);

    /// <summary>The same, where the object has been indexed.</summary>
    public static ObjectIndex Of(ObjectIndex index, AppointmentDetails details)
    {
        index = CancelledTail.Bound(index, details);
        foreach (var occurrence in details.Occurrences)
        {
            if (!occurrence.Removed || occurrence.Start is not { } start || occurrence.End is not { } end) continue;
            // a day on each side holds in every time zone
            var from = start.InUtc().ToInstant() - Duration.FromDays(1);
            var until = end.InUtc().ToInstant() + Duration.FromDays(1);
            index = index with
            {
                Start = index.Start is { } first ? Instant.Min(first, from) : null,
                End = index.End is { } last ? Instant.Max(last, until) : null,
            };
        }

        return index;
    }
}
