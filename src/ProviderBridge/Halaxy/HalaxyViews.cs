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
    /// <summary>At how many patients Halaxy may fail in one pass before it is taken for one that gives no names.</summary>
    private const int MostFailing = 3;

    private readonly Dictionary<string, Patient> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unasked = new(StringComparer.Ordinal);
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);
    private bool _isRead;
    private int _failed;

    /// <summary>Who is who, as it was last read.</summary>
    public HalaxyConnection Connection { get; private set; } = connection;

    /// <summary>What encrypts comments that are kept.</summary>
    public HalaxySecrets Secrets => names.Secrets;

    /// <summary>Patients whose names Halaxy failed at a short while ago: it is left alone with them for now.</summary>
    public IReadOnlySet<string> Paused { get; init; } = new HashSet<string>();

    /// <summary>Patients whose names are needed, and could not be asked for.</summary>
    public IReadOnlySet<string> Missing => _missing;

    /// <summary>Those of them who were not asked for in this pass.</summary>
    public IReadOnlySet<string> Unasked => _unasked;

    /// <summary>Patients who were in an appointment of somebody who needs names.</summary>
    public IReadOnlySet<string> Wanted => _wanted;

    /// <summary>Whether a practitioner needs names, and that of one of these patients could not be asked for.</summary>
    public bool Lacks(string practitionerId, IEnumerable<string> patients) => IsNeededBy(practitionerId) && _missing.Overlaps(patients);

    /// <summary>Asks again for patients whose names could not be asked for before; those who are answered for now.</summary>
    public async Task<IReadOnlySet<string>> AskAgainAsync(IReadOnlyCollection<string> patients, CancellationToken cancelled)
    {
        await AskAsync(patients, cancelled);
        return patients.Where(id => !_missing.Contains(id)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Reads who works where.</summary>
    public async Task ReadCatalogAsync(CancellationToken cancelled)
    {
        _isRead = true;
        Connection = Connection.With(await HalaxyCatalog.ReadAsync(client, isFirst: false, cancelled));
    }

    /// <summary>A view that knows what one appointment needs.</summary>
    public async ValueTask<HalaxyView> OfAsync(HalaxyAppointment appointment, CancellationToken cancelled)
    {
        if (!_isRead && UnknownIn(appointment).Any(id => !client.Unlisted.Contains(id)))
        {
            await ReadCatalogAsync(cancelled);
            client.Unlisted.Add(UnknownIn(appointment));
        }

        var practitioners = appointment.RoleIds.Select(Connection.PractitionerOf).OfType<string>();
        return await OfAsync(practitioners, appointment.Patients.Select(patient => patient.PatientId), cancelled);
    }

    private IEnumerable<string> UnknownIn(HalaxyAppointment appointment) =>
        [.. appointment.RoleIds.Where(role => !Connection.Knows(role)), .. appointment.ServiceId is { } id && Connection.Services.All(service => service.Id != id) ? new[] { id } : []];

    /// <summary>A view that knows what one appointment that is mirrored needs.</summary>
    public ValueTask<HalaxyView> OfAsync(HalaxyItem item, CancellationToken cancelled) => OfAsync(item.Copies.Select(copy => copy.PractitionerId), item.Shown.PatientIds, cancelled);

    /// <summary>Whether a copy that has other names is to be written for that: what nothing shows by name is left as it is.</summary>
    public bool ShowsNames(string practitionerId, MirroredCopy copy) => neededBy.FirstOrDefault(need => need.PractitionerId == practitionerId)?.Covers(copy) ?? true;

    /// <summary>The practitioners who need names.</summary>
    public IReadOnlyList<HalaxyNameNeed> NeededBy => neededBy;

    /// <summary>Asks at once for the names that appointments of Halaxy need.</summary>
    public Task PrepareAsync(IReadOnlyList<Hl7.Fhir.Model.Appointment> found, CancellationToken cancelled) =>
        PrepareAsync(found.Where(one => HalaxyAppointment.IdsOf(one, "PractitionerRole").Any(role => Connection.PractitionerOf(role) is { } known && IsNeededBy(known))).SelectMany(HalaxyAppointment.PatientIdsOf), cancelled);

    /// <summary>Asks at once for the names that appointments which are mirrored need.</summary>
    public Task PrepareAsync(IReadOnlyList<HalaxyItem> items, CancellationToken cancelled) =>
        PrepareAsync(items.Where(IsNeededIn).SelectMany(item => item.Shown.PatientIds), cancelled);

    /// <summary>Whether an appointment that is mirrored is in the diary of somebody who needs names.</summary>
    public bool IsNeededIn(HalaxyItem item) => item.Copies.Any(copy => IsNeededBy(copy.PractitionerId));

    private bool IsNeededBy(string practitionerId) => neededBy.Any(need => need.PractitionerId == practitionerId);

    private async Task PrepareAsync(IEnumerable<string> patients, CancellationToken cancelled)
    {
        List<string> wanted = [.. patients];
        _wanted.UnionWith(wanted);
        await AskAsync(wanted, cancelled);
    }

    private async Task AskAsync(IReadOnlyCollection<string> patients, CancellationToken cancelled)
    {
        if (neededBy.Count == 0 || !Connection.SeesPatients) return;
        var asked = patients.Where(id => id.Length > 0 && _asked.Add(id)).ToLookup(Paused.Contains);
        await FindAsync([.. asked[true]], null, cancelled);
        // names hold up no appointment; once Halaxy fails at several, those that are kept have to do for this pass
        await FindAsync([.. asked[false]], _failed < MostFailing ? client : null, cancelled);
    }

    private async Task FindAsync(IReadOnlyCollection<string> patients, HalaxyClient? asking, CancellationToken cancelled)
    {
        if (patients.Count == 0) return;
        var (found, missing, unasked) = await names.FindAsync(asking, Connection.GroupId, patients, cancelled);
        _missing.UnionWith(missing);
        _unasked.UnionWith(unasked);
        _failed += missing.Count - unasked.Count;
        foreach (var (id, patient) in found) _known[id] = patient;
    }

    // for nobody who needs no name a name is asked
    private async ValueTask<HalaxyView> OfAsync(IEnumerable<string> practitioners, IEnumerable<string> patients, CancellationToken cancelled)
    {
        if (practitioners.Any(IsNeededBy)) await PrepareAsync(patients, cancelled);
        return new HalaxyView(Connection, _known, IsNeededBy);
    }
}
