using System.Text;
using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Audit;

namespace Practice.Hx;

/// <summary>
/// What a removal outside does (R6, A5): a personal appointment is deleted, a patient appointment is cancelled and its record stays, and
/// one with an invoice or a clinical note stays as it is, in the diary only, with the reason; so does one that has taken place or was
/// missed: a phone that is tidied up must not make it another story. The same holds for single occurrences.
/// </summary>
internal static class Removal
{
    public static HxDecision Decide(ExternalRemoval removal)
    {
        var row = removal.Current.Row;
        if (!AppointmentDetails.IsPatient(row.Details))
        {
            return new HxAccepted(
                [new DeleteObject(row.CollectionId, row.Name, Expectation.AtChange(row.Change)), removal.Note(AuditAction.Deleted, row.Index.Uid, with: entry => entry with { Before = SpanOf(removal.Current) })],
                StoredAsSent: false);
        }

        var details = Whole(AppointmentDetails.Read(row.Details), removal.At, removal.Origin.Label);
        var action = details.Kept is null ? AuditAction.Cancelled : AuditAction.KeptInDiary;
        var put = new PutObject(
            row.CollectionId,
            row.Name,
            removal.Current.Bytes,
            CancelledTail.Bound(row.Index, details),
            Expectation.AtChange(row.Change),
            Published: false,
            details.Write(),
            (int)details.Level,
            row.ScheduleTag);
        return new HxAccepted([put, removal.Note(action, row.Index.Uid, with: entry => entry with { Before = SpanOf(removal.Current) })], StoredAsSent: false);
    }

    /// <summary>When it was; null when that cannot be read: what is damaged can be removed, too.</summary>
    private static AuditSpan? SpanOf(StoredObject stored)
    {
        try
        {
            return Series.Of(CalendarObject.Parse(stored.Bytes)) is { } series ? series.AuditSpanOf(series.Master) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The whole appointment is taken out of the calendar.</summary>
    public static AppointmentDetails Whole(AppointmentDetails details, Instant at, string by)
    {
        if (KeptBecause(details.Invoice, details.Note, details.Status, at, by) is { } kept) return details with { Kept = kept };
        return details with
        {
            Status = AppointmentStatus.Cancelled,
            CancelledAt = details.IsCancelled ? details.CancelledAt : at,
            RemovedOutside = details.RemovedOutside || !details.IsCancelled,
            Occurrences = [.. details.Occurrences.Select(occurrence => occurrence.Removed ? occurrence : Keep(occurrence, details.Status, at, by))],
        };
    }

    private static OccurrenceRecord Keep(OccurrenceRecord occurrence, AppointmentStatus status, Instant at, string by) =>
        KeptBecause(occurrence.Invoice, occurrence.Note, occurrence.Status ?? status, at, by) is { } kept
            ? occurrence with { Kept = kept, Status = occurrence.Status ?? status }
            : occurrence;

    /// <summary>
    /// One occurrence is taken out of a series: the object excludes it, the record keeps what it was. Changes the series.
    /// </summary>
    /// <param name="series">The series, edited here.</param>
    /// <param name="details">Its details.</param>
    /// <param name="key">The occurrence.</param>
    /// <param name="kept">Why it is kept as it is, or null when it is cancelled.</param>
    /// <param name="outside">Whether it is a removal outside.</param>
    public static AppointmentDetails One(Series series, AppointmentDetails details, LocalDateTime key, KeptInDiary? kept, bool outside)
    {
        var record = details.Occurrence(key) ?? new OccurrenceRecord(key);
        var single = series.Overrides.GetValueOrDefault(key);
        var (from, until) = series.PlaceOf(key);
        if (single is not null) (_, from, until) = series.TimesOf(single);
        record = record with
        {
            Removed = true,
            Kept = kept,
            RemovedOutside = outside,
            Status = kept is null ? AppointmentStatus.Cancelled : record.Status,
            Start = from.InZone(series.Zone).LocalDateTime,
            StartsLater = RepeatedHour.IsLater(from.InZone(series.Zone)),
            End = until.InZone(series.Zone).LocalDateTime,
            EndsLater = RepeatedHour.IsLater(until.InZone(series.Zone)),
            Override = single is null ? record.Override : Write(single),
        };
        series.RemoveOverride(key);
        series.Exclude(key);
        return details.With(record);
    }

    /// <summary>Whether and why an occurrence is kept when it is removed outside.</summary>
    public static KeptInDiary? KeptBecause(AppointmentDetails details, LocalDateTime key, Instant at, string by)
    {
        var occurrence = details.Occurrence(key);
        return KeptBecause(occurrence?.Invoice ?? details.Invoice, occurrence?.Note ?? details.Note, occurrence?.Status ?? details.Status, at, by);
    }

    /// <summary>One occurrence is put back as it was. Changes the series.</summary>
    public static AppointmentDetails PutBack(Series series, AppointmentDetails details, LocalDateTime key)
    {
        series.Include(key);
        if (details.Occurrence(key) is not { } record) return details;
        if (record.Override is { } text && !series.Overrides.ContainsKey(key))
        {
            var stored = CalendarObject.Parse(Encoding.UTF8.GetBytes(text)).Events().First();
            stored.Set(ContentLine.CreateTime("RECURRENCE-ID", series.TimeOf(key)));
            series.AddOverride(stored);
        }

        record = record with
        {
            Removed = false,
            RemovedOutside = false,
            Kept = null,
            Status = record.Status is AppointmentStatus.Cancelled or AppointmentStatus.Rejected ? null : record.Status,
            Start = null,
            StartsLater = false,
            End = null,
            EndsLater = false,
            Override = null,
        };
        return record == new OccurrenceRecord(key) ? details.Without(key) : details.With(record);
    }

    private static KeptInDiary? KeptBecause(string? invoice, string? note, AppointmentStatus status, Instant at, string by)
    {
        var reason = (invoice, note, status) switch
        {
            (not null, not null, _) => "an invoice and a clinical note are linked to it",
            (not null, null, _) => "an invoice is linked to it",
            (null, not null, _) => "a clinical note is linked to it",
            (_, _, AppointmentStatus.Attended) => "it has taken place",
            (_, _, AppointmentStatus.DidNotAttend) => "the patient did not attend it",
            _ => null,
        };
        return reason is null ? null : new KeptInDiary($"Removed outside, but kept in the diary because {reason}.", at, by);
    }

    private static string Write(Component component)
    {
        var calendar = new Component("VCALENDAR");
        calendar.Add(component.Clone());
        return Encoding.UTF8.GetString(new CalendarObject(calendar).ToText());
    }
}
