using Calendaring.ICalendar;
using Calendaring.Store;
using NodaTime;
using Practice.Appointments;
using Practice.Groups;
using Practice.Hx;

namespace Practice.Diaries;

/// <summary>One practitioner's diary as it is at one moment.</summary>
internal sealed record Desk(IStoreSnapshot Snapshot, Collection Hx, PracticeGroup Practice, DateTimeZone Zone, HxAccess Access)
{
    public static async Task<Desk> OpenAsync(IStoreSnapshot snapshot, string practitionerId, Instant now)
    {
        var principal = await snapshot.FindPrincipalAsync(practitionerId);
        var hx = principal is null ? null : await snapshot.FindCollectionAsync(practitionerId, HxCalendar.CollectionName);
        var practice = await PracticeGroup.FindAsync(snapshot, principal?.PracticeId);
        if (hx is not { Kind: CollectionKind.Hx } || practice is null)
            throw new DiaryException(DiaryFault.NotFound, "There is no such practitioner.");
        return new Desk(snapshot, hx, practice, practice.Zone(), await HxAccess.ReadAsync(snapshot, practitionerId, now));
    }

    /// <summary>The diary of a colleague in the same practice group who has access to it, at the same moment.</summary>
    public async Task<Desk> OpenColleagueAsync(string practitionerId, Instant now)
    {
        var other = await OpenAsync(Snapshot, practitionerId, now);
        if (other.Practice.Id != Practice.Id) throw new DiaryException(DiaryFault.NotFound, "There is no such practitioner.");
        return await Snapshot.FindPrincipalAsync(practitionerId) is { Deactivated: not null, DisplayName: var name }
            ? throw new DiaryException(DiaryFault.Conflict, $"{name} has no access any more and would not see it: choose somebody else.")
            : other;
    }

    /// <summary>The appointment that is meant, at the version that is meant.</summary>
    public async Task<HeldAppointment> FindAsync(AppointmentTarget target)
    {
        var row = await Snapshot.FindRowByUidAsync(Hx.Id, target.Id);
        var stored = row is null ? null : await Snapshot.FindObjectAsync(Hx.Id, row.Name);
        if (stored is null) throw new DiaryException(DiaryFault.NotFound, "There is no such appointment.");
        var held = new HeldAppointment(stored, CalendarObject.Parse(stored.Bytes), AppointmentDetails.Read(stored.Row.Details), Zone);
        if (target.Version is { } version && version != held.Version)
            throw new DiaryException(DiaryFault.Stale, "The appointment has changed in the meantime: read it again.");
        if (target.Occurrence is { } key && !held.Has(key)) throw new DiaryException(DiaryFault.NotFound, "The appointment has no such occurrence.");
        return held;
    }
}

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
        DiaryFault.Conflict, "This appointment is single occurrences of a series that is not here: change it where it was made.");

    public bool Has(LocalDateTime key) => Details.Occurrence(key) is not null || Series?.Occurs(key) == true;

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
