using NodaTime;
using NodaTime.Text;

namespace Practice.Appointments;

/// <summary>Where in an object an addition is: in the calendar, in the event itself (the series), or in the description of one occurrence.</summary>
internal static class AdditionPlace
{
    public const string Calendar = "calendar";

    public const string Series = "series";

    public static string Of(LocalDateTime key) => LocalDateTimePattern.ExtendedIso.Format(key);

    /// <summary>The same place after the series has moved.</summary>
    public static string? Move(string? place, Func<LocalDateTime, LocalDateTime> moved) =>
        place is not null && LocalDateTimePattern.ExtendedIso.Parse(place) is { Success: true } key ? Of(moved(key.Value)) : place;
}
