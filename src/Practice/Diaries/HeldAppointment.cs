using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>An appointment as it is stored, opened to be read or edited.</summary>
internal sealed class HeldAppointment(StoredObject stored, CalendarObject content, AppointmentDetails details, DateTimeZone zone)
{
    public ObjectRow Row { get; } = stored.Row;

    public CalendarObject Content { get; } = content;

    public AppointmentDetails Details { get; set; } = details;

    public DateTimeZone Zone { get; } = zone;

    /// <summary>The series; null when a client stored overrides without a master.</summary>
    public Series? Series { get; } = Series.Of(content, zone);

    public string Id => Row.Index.Uid;

    public string Version => HxCalendar.VersionOf(Row);

    public bool IsPatient => Details.Kind == AppointmentKind.Patient;

    /// <summary>The series, to edit.</summary>
    public Series Editable => Series ?? throw new DiaryException(
        DiaryFault.Conflict, "This appointment consists of single occurrences of a series that is not here: change it where it was made.");

    public bool Has(LocalDateTime key) => Details.Occurrence(key) is not null || Series?.Occurs(key) == true;

    /// <summary>Whether an occurrence was taken out of the calendar.</summary>
    public bool IsOut(LocalDateTime key) => Details.Occurrence(key) is { Removed: true } || Editable.Exclusions.Contains(key);

    /// <summary>What is cancelled cannot be edited or cancelled again.</summary>
    public void CheckLive()
    {
        if (Details.IsCancelled) throw new DiaryException(DiaryFault.Conflict, "The appointment is cancelled: restore it first.");
    }

    /// <summary>What has been taken out of a series cannot be edited or cancelled again.</summary>
    public void CheckThere(LocalDateTime key)
    {
        if (IsOut(key)) throw new DiaryException(DiaryFault.Conflict, "This occurrence is not in the calendar: restore it first.");
    }

    /// <summary>The step that stores what has become of it.</summary>
    public StoreOperation Put(bool published) => new PutObject(
        Row.CollectionId,
        Row.Name,
        Content.ToText(),
        DiaryIndex.Of(Content, Details),
        Expectation.AtChange(Row.Change),
        published,
        AdditionLevels.Prune(Content, Details).Write(),
        (int)Details.Level,
        Row.ScheduleTag);

    public StoreOperation Delete() => new DeleteObject(Row.CollectionId, Row.Name, Expectation.AtChange(Row.Change));
}
