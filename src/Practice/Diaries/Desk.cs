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
        var practice = await PracticeGroup.FindAsync(snapshot, principal?.GroupId);
        if (hx is not { IsHx: true } || practice is null)
            throw new DiaryException(DiaryFault.NotFound, "There is no such practitioner.");
        return new Desk(snapshot, hx, practice, practice.Zone(), await HxAccess.ReadAsync(snapshot, practitionerId, now));
    }

    /// <summary>The diary of a colleague in the same practice group who has access to it, at the same moment.</summary>
    public async Task<Desk> OpenColleagueAsync(string practitionerId, Instant now)
    {
        var other = await OpenAsync(Snapshot, practitionerId, now);
        if (other.Practice.Id != Practice.Id) throw new DiaryException(DiaryFault.NotFound, "There is no such practitioner.");
        return await Snapshot.FindPrincipalAsync(practitionerId) is { Deactivated: not null, DisplayName: var name }
            ? throw new DiaryException(DiaryFault.Conflict, $"{name} no longer has access and would not see it: choose somebody else.")
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
            throw new DiaryException(DiaryFault.Stale, "The appointment has changed in the meantime: load it again.");
        if (target.Occurrence is { } key && !held.Has(key)) throw new DiaryException(DiaryFault.NotFound, "The appointment has no such occurrence.");
        return held;
    }

    /// <summary>The same; null for what was deleted in the meantime or cannot be read: the first is not missed, the second is counted elsewhere.</summary>
    public async Task<HeldAppointment?> FindReadableAsync(string id)
    {
        try
        {
            return await FindAsync(new AppointmentTarget(id));
        }
        catch (Exception fault) when (fault is DiaryException or CorruptObjectException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether calendar synchronisation has been set up: what is new is served outside.</summary>
    public bool IsSetUp => Access.State != HxState.NotStarted;

    /// <summary>Whether it mirrors the practitioner's diary in Halaxy.</summary>
    public bool IsConnected => Practice.IsConnectedFor(Hx.PrincipalId);

    /// <summary>Any edit after the link is made serves an appointment outside (R5), unless it was taken out of the calendar.</summary>
    public bool PublishedAfterEdit(HeldAppointment held) => held.Row.Published || (IsSetUp && !held.Details.IsWithdrawn);

    /// <summary>The step that stores a new appointment.</summary>
    public PutObject PutNew(string uid, Series series, AppointmentDetails details, bool published) => new(
        Hx.Id,
        // a device's UID may have anything in it; of what it named by it there may still be a trace
        $"{(Guid.TryParse(uid, out _) ? uid : Guid.NewGuid().ToString())}.ics",
        series.Object.ToText(),
        DiaryIndex.Of(series.Object, details),
        Expectation.Absent,
        published,
        details.Write(),
        (int)details.Level);
}
