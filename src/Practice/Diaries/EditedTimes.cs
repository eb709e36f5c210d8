using Calendaring.ICalendar;
using NodaTime;
using Practice.Appointments;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>When an appointment starts that was edited, as it is written.</summary>
internal static class EditedTimes
{
    public static List<ContentLine> LinesOf(Series series, CalendarTime start, Duration length) => [ContentLine.CreateTime("DTSTART", start), series.EndLine(start, length)];

    /// <summary>Whether what takes whole days is to take a part of one, or the other way round.</summary>
    public static bool TogglesAllDay(CalendarTime start, AppointmentEdit edit) => edit.AllDay is { } allDay && allDay != start.IsDate;

    public static CalendarTime Flipped(Desk desk, CalendarTime before, Series series, AppointmentEdit edit)
    {
        if (edit.AllDay == true) return CalendarTime.OfDate(edit.Start?.Date ?? series.InstantOf(before).InZone(desk.Zone).Date);
        if (edit.Start is not { } start || edit.Length is null) throw new DiaryException(DiaryFault.Invalid, "It lasts whole days now: give its start time and its length.");
        return AppointmentWriter.TimeOf(start, allDay: false, desk.Zone, edit.Later ?? false);
    }

    /// <summary>A new start, in the form and zone in which the series is written; in UTC where that form would be read as another moment.</summary>
    public static CalendarTime InForm(Desk desk, CalendarTime form, Instant before, Series series, AppointmentEdit edit)
    {
        var local = edit.Start!.Value;
        if (form.IsDate) return CalendarTime.OfDate(local.Date);
        if (form.Kind == CalendarTimeKind.Floating) return form with { Local = local };
        var meant = RepeatedHour.At(local, desk.Zone, edit.Later ?? RepeatedHour.IsLater(before.InZone(desk.Zone)));
        var there = form with { Local = meant.WithZone(series.ZoneOf(form)).LocalDateTime };
        return series.InstantOf(there) == meant.ToInstant() ? there : CalendarTime.OfUtc(meant.ToInstant());
    }
}
