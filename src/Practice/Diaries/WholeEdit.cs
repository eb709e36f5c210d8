using Calendaring.ICalendar;
using NodaTime;
using Practice.Appointments;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>What has become of a whole.</summary>
/// <param name="Details">What is known of it.</param>
/// <param name="Place">Where its occurrences are now.</param>
/// <param name="Stayed">Those of them that stayed where they were, by their new keys.</param>
internal sealed record Whole(AppointmentDetails Details, Func<LocalDateTime, LocalDateTime> Place, IReadOnlyList<LocalDateTime> Stayed);

/// <summary>An edit of a whole: an appointment that does not repeat, or a series with all that hangs on its occurrences.</summary>
internal static class WholeEdit
{
    /// <summary>Edits master and overrides; an override keeps the times and texts that it was given by itself.</summary>
    public static Whole Of(
        Desk desk, Instant now, Series series, AppointmentDetails details, LocalDateTime? reference, AppointmentEdit edit)
    {
        if (edit.StopsRepeating) SeriesEnd.After(series, details, reference ?? throw new DiaryException(DiaryFault.Invalid, "Say which occurrence is the last of the series."));
        var moved = edit.Start is not null || edit.Length is not null || EditedTimes.TogglesAllDay(series.Start, edit)
            ? MoveWhole(desk, now, series, details, reference, edit)
            : new Whole(details, static key => key, []);
        details = moved.Details;
        foreach (var component in series.Overrides.Values) AppointmentWriter.WriteTexts(component, Shared(edit, series.Master, component));
        AppointmentWriter.WriteTexts(series.Master, edit);
        // to other calendars each occurrence says it for itself
        details = AppointmentWriter.WritePrivacy(series, [series.Master, .. series.Overrides.Values], details, edit);
        details = details with
        {
            Patients = edit.Patients ?? details.Patients,
            Type = edit.Type?.Trim() ?? details.Type,
            Fee = edit.WithoutFee ? null : edit.Fee ?? details.Fee,
            Status = edit.Status ?? details.Status,
        };
        if (edit.Repeat is { } repeat)
        {
            if (!series.Recurring && (series.Start.Kind == CalendarTimeKind.Utc || IsForeign(desk, series, details)))
            {
                if (RepeatedHour.IsLater(series.InstantOf(series.Start).InZone(desk.Zone))) DiaryCheck.Repeats(series.Start);
                series.WriteInZone(desk.Zone);
            }

            series.SetRule(Repeating.Checked(repeat, series.Start, series.Zone));
            foreach (var record in details.Occurrences)
            {
                // what has happened, or is linked to something, stays where it was
                var stays = !record.Removed && (record.Protected || record.Status is AppointmentStatus.Attended or AppointmentStatus.DidNotAttend);
                if (stays && !StillOccurs(series, record.Key)) series.AddDate(record.Key);
            }

            foreach (var key in moved.Stayed.Where(key => !StillOccurs(series, key)).ToList()) series.AddDate(key);

            foreach (var key in series.Overrides.Keys.Where(key => !StillOccurs(series, key)).ToList()) series.RemoveOverride(key);
        }

        if (details.Kind == AppointmentKind.Patient) AppointmentWriter.WritePatients(series, details);
        return moved with { Details = details };
    }

    /// <summary>Whether somebody moved a patient appointment from another zone: it repeats in the practice's.</summary>
    private static bool IsForeign(Desk desk, Series series, AppointmentDetails details) =>
        details.Kind == AppointmentKind.Patient && series.Start.Kind == CalendarTimeKind.Zoned && !series.Zone.Equals(desk.Zone);

    /// <summary>Of an edit of the series, the texts in which an override says what the series says.</summary>
    private static AppointmentEdit Shared(AppointmentEdit edit, Component master, Component single)
    {
        bool Same(string name) => master.Find(name)?.Text == single.Find(name)?.Text;
        return new AppointmentEdit
        {
            Title = Same("SUMMARY") ? edit.Title : null,
            Location = Same("LOCATION") ? edit.Location : null,
            Comments = Same("DESCRIPTION") ? edit.Comments : null,
            Colour = Same("COLOR") ? edit.Colour : null,
        };
    }

    private static bool StillOccurs(Series series, LocalDateTime key)
    {
        var from = series.InstantOf(key);
        return series.OccurrencesOfRule(from, from + Duration.FromSeconds(1)).Contains(key);
    }

    private static Whole MoveWhole(
        Desk desk, Instant now, Series series, AppointmentDetails details, LocalDateTime? reference, AppointmentEdit edit)
    {
        var before = series.Start;
        var (_, from, until) = series.TimesOf(series.Master);
        var named = reference is { } key && series.Overrides.TryGetValue(key, out var component) ? series.TimesOf(component).Start.Local : reference ?? before.Local;
        var flips = EditedTimes.TogglesAllDay(before, edit);
        var there = flips ? EditedTimes.Flipped(desk, before with { Local = named }, series, edit)
            : edit.Start is not null ? EditedTimes.InForm(desk, before, from, series, edit)
            : before with { Local = named };
        if (series.Recurring && (flips || before.Kind == CalendarTimeKind.Zoned)) DiaryCheck.Repeats(there);
        var zone = flips ? desk.Zone : series.Zone;
        var staying = StayingSessions.Of(series, details, now);
        if (staying.Refusal is { } refusal) throw new DiaryException(DiaryFault.Conflict, refusal);
        var move = SeriesMove.OfOccurrence(series, named, there, zone) ?? throw new DiaryException(DiaryFault.Conflict, SeriesMove.Refusal);
        var length = edit.Length ?? (flips ? Duration.FromDays(1) : until - from);
        details = AdditionLevels.Placed(series.Object, details);
        series.Move(move, EditedTimes.LinesOf(series, move.Start, length), flips ? Series.Defining(desk.Zone, move.Start.Local) : series.Object.Calendar);
        (details, var stayed) = staying.PutBack(series, details.Move(place => move[place], now.InZone(series.Zone).LocalDateTime), move);
        return new Whole(details, place => move[place], stayed);
    }
}
