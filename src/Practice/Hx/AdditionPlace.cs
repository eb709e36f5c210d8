using Calendaring.ICalendar;
using NodaTime;
using NodaTime.Text;

namespace Practice.Hx;

/// <summary>Where in an object an addition is: in the calendar, in the event itself (the series), or in the description of one occurrence.</summary>
internal static class AdditionPlace
{
    public const string Calendar = "calendar";

    public const string Series = "series";

    public static string Of(LocalDateTime key) => LocalDateTimePattern.ExtendedIso.Format(key);

    /// <summary>The same place after the series has moved.</summary>
    public static string? Move(string? place, Func<LocalDateTime, LocalDateTime> moved) =>
        place is not null && LocalDateTimePattern.ExtendedIso.Parse(place) is { Success: true } key ? Of(moved(key.Value)) : place;

    /// <summary>The components that have additions, each with its place.</summary>
    public static IEnumerable<(string Place, Component Component)> Components(CalendarObject calendarObject)
    {
        yield return (Calendar, calendarObject.Calendar);
        Series? series = null;
        foreach (var component in calendarObject.Calendar.Components.Where(component => component.Name is "VEVENT" or "VTODO" or "VJOURNAL"))
        {
            if (component.Find("RECURRENCE-ID") is { } id) yield return (Of(id, series ??= Hx.Series.Of(calendarObject)), component);
            else yield return (Series, component);
        }
    }

    private static string Of(ContentLine id, Series? series)
    {
        if (!id.TryReadTime(out var time)) return id.RawValue;
        return Of(series?.KeyOf(time) ?? time.Local);
    }
}
