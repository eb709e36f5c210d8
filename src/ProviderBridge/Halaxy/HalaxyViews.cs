using Practice.Appointments;
using Practice.Diaries;

namespace ProviderBridge.Halaxy;

/// <summary>Makes views of Halaxy's appointments, with what is needed for them: who works where, and the names that are needed and may be known.</summary>
/// <param name="client">The practice's Halaxy account.</param>
/// <param name="connection">Who is who, as far as it is known.</param>
/// <param name="names">Patients' names.</param>
/// <param name="neededBy">The practitioners who need them.</param>
internal sealed class HalaxyViews(HalaxyClient client, HalaxyConnection connection, HalaxyNames names, IReadOnlyList<HalaxyNameNeed> neededBy)
{
    private static readonly Dictionary<string, Patient> Nobody = [];
    private readonly Dictionary<string, Patient> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private bool _isRead;

    /// <summary>Who is who, as it was last read.</summary>
    public HalaxyConnection Connection { get; private set; } = connection;

    /// <summary>What encrypts comments that are kept.</summary>
    public HalaxySecrets Secrets => names.Secrets;

    /// <summary>Whether a name that is needed could not be asked for.</summary>
    public bool LacksNames { get; private set; }

    /// <summary>Reads who works where.</summary>
    public async Task ReadCatalogAsync(CancellationToken cancelled)
    {
        _isRead = true;
        Connection = Connection.With(await HalaxyCatalog.ReadAsync(client, isFirst: false, cancelled));
    }

    /// <summary>A view that knows what one appointment needs.</summary>
    public async ValueTask<HalaxyView> OfAsync(HalaxyAppointment appointment, CancellationToken cancelled)
    {
        var isKnown = appointment.RoleIds.All(Connection.Knows) && (appointment.ServiceId is not { } id || Connection.Services.Any(service => service.Id == id));
        if (!isKnown && !_isRead) await ReadCatalogAsync(cancelled);
        var practitioners = appointment.RoleIds.Select(Connection.PractitionerOf).OfType<string>();
        return await OfAsync(practitioners, appointment.Patients.Select(patient => patient.PatientId), cancelled);
    }

    /// <summary>The patients of an appointment that is mirrored, by name or number as they are to be shown now.</summary>
    public async ValueTask<MirroredAppointment> RenamedAsync(HalaxyItem item, CancellationToken cancelled)
    {
        var view = await OfAsync(item.Copies.Select(copy => copy.PractitionerId), item.Shown.PatientIds, cancelled);
        return new MirroredAppointment(item.Id, item.Shown.Start, item.Shown.End) { Patients = [.. item.Shown.PatientIds.Select(view.PatientOf)], Type = item.Shown.Type };
    }

    /// <summary>Whether a copy that has other names is to be written for that: what nothing shows by name is left as it is.</summary>
    public bool ShowsNames(string practitionerId, MirroredCopy copy) => !LacksNames && (neededBy.FirstOrDefault(need => need.PractitionerId == practitionerId)?.Covers(copy) ?? true);

    /// <summary>The practitioners who need names.</summary>
    public IReadOnlyList<HalaxyNameNeed> NeededBy => neededBy;

    /// <summary>Asks at once for the names that appointments of Halaxy need.</summary>
    public Task PrepareAsync(IReadOnlyList<Hl7.Fhir.Model.Appointment> found, CancellationToken cancelled) =>
        PrepareAsync(found.Where(one => HalaxyAppointment.IdsOf(one, "PractitionerRole").Any(role => Connection.PractitionerOf(role) is { } known && IsNeededBy(known))).SelectMany(HalaxyAppointment.PatientIdsOf), cancelled);

    /// <summary>Asks at once for the names that appointments which are mirrored need.</summary>
    public Task PrepareAsync(IReadOnlyList<HalaxyItem> items, CancellationToken cancelled) =>
        PrepareAsync(items.Where(item => item.Copies.Any(copy => IsNeededBy(copy.PractitionerId))).SelectMany(item => item.Shown.PatientIds), cancelled);

    private bool IsNeededBy(string practitionerId) => neededBy.Any(need => need.PractitionerId == practitionerId);

    private async Task PrepareAsync(IEnumerable<string> patients, CancellationToken cancelled)
    {
        if (neededBy.Count == 0 || !Connection.SeesPatients) return;
        var missing = patients.Where(id => id.Length > 0 && _asked.Add(id)).ToList();
        if (missing.Count == 0) return;
        // names hold up no appointment; once Halaxy fails at them, those that are kept have to do for this pass
        var (found, isWhole) = await names.FindAsync(LacksNames ? null : client, Connection.GroupId, missing, cancelled);
        LacksNames |= !isWhole;
        foreach (var (id, patient) in found) _known[id] = patient;
    }

    // of nobody who needs no name a name is told
    private async ValueTask<HalaxyView> OfAsync(IEnumerable<string> practitioners, IEnumerable<string> patients, CancellationToken cancelled)
    {
        if (!practitioners.Any(IsNeededBy)) return new HalaxyView(Connection, Nobody);
        await PrepareAsync(patients, cancelled);
        return new HalaxyView(Connection, _known);
    }
}
