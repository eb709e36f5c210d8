using Calendaring.ICalendar;

namespace Calendaring.Store;

/// <summary>Makes the index row of a calendar object.</summary>
public static class ObjectIndexer
{
    /// <summary>The index row; what cannot be told leaves its field null, so that the object is a candidate for every time range.</summary>
    public static ObjectIndex Index(CalendarObject calendarObject) => throw new NotImplementedException();
}
