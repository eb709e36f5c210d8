using Calendaring.ICalendar;

namespace Practice.Hx;

/// <summary>What a link shows of an appointment.</summary>
/// <param name="Content">What may leave.</param>
/// <param name="IsHidden">Whether it is private, so that nothing but its times is in <paramref name="Content"/>.</param>
/// <param name="Whole">What the link's privacy level shows of it when it is not hidden.</param>
public sealed record LinkView(CalendarObject Content, bool IsHidden, CalendarObject Whole);
