using System.Security.Cryptography;
using System.Text;
using Calendaring.Store;
using Hl7.Fhir.Validation;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using Practice;
using Practice.Appointments;
using Practice.Feeds;
using ProviderBridge.Sync;

namespace ProviderBridge.Halaxy;

/// <summary>
/// The names of patients, which are asked for only where a device, link or feed of a practitioner shows them. They are kept encrypted and for a set time.
/// </summary>
public sealed class HalaxyNames(ICalendarStore store, IClock clock, IDataProtectionProvider protection)
{
    /// <summary>What encrypts whatever else is kept of people's words.</summary>
    internal HalaxySecrets Secrets { get; } = new(protection);

    internal const string RecordKind = "halaxy-patient";
    private const int MostFailing = 3;
    private const int FewAsked = 20;
    private const int AskedAtOnce = 100;
    private const int ForgottenAtOnce = 1000;
    private static readonly Duration Kept = Duration.FromDays(30);

    /// <summary>Those of some practitioners who have a device, link or feed that shows patients' names, or their initials, and where.</summary>
    public async Task<IReadOnlyList<HalaxyNameNeed>> NeededByAsync(IEnumerable<string> practitioners, CancellationToken cancelled)
    {
        ArgumentNullException.ThrowIfNull(practitioners);
        using var snapshot = await store.OpenSnapshotAsync(cancelled);
        return await NeededByAsync(snapshot, practitioners);
    }

    private static async ValueTask<IReadOnlyList<HalaxyNameNeed>> NeededByAsync(IStoreSnapshot snapshot, IEnumerable<string> practitioners)
    {
        List<HalaxyNameNeed> needed = [];
        foreach (var practitioner in practitioners.Distinct().Order(StringComparer.Ordinal))
        {
            var need = new HalaxyNameNeed(
                practitioner,
                (await Feed.FindAsync(snapshot, practitioner))?.Feed.Level >= PrivacyLevel.Initials,
                (await snapshot.ListCredentialsAsync(practitioner)).Any(device => LevelOf(device) >= PrivacyLevel.Initials),
                (await Link.ListAsync(snapshot, practitioner)).Where(link => link.Level >= PrivacyLevel.Initials).Min(link => (long?)link.From));
            if (need is { IsEverywhere: true } or { IsOnDevices: true } or { From: not null }) needed.Add(need);
        }

        return needed;
    }

    /// <summary>The names of those patients whose names can be known, by id; those who are not kept and could not be asked for; and those of them who were not asked for at all, such as after Halaxy failed at several.</summary>
    /// <param name="client">The practice's Halaxy account; null to ask for none.</param>
    /// <param name="groupId">The practice group.</param>
    /// <param name="ids">The patients: they are asked for in this order.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="HalaxyException">Halaxy is asked too often, or refuses the key. That the key may not see patients is none: then no name is known.</exception>
    public async Task<(IReadOnlyDictionary<string, Patient> Found, IReadOnlySet<string> Missing, IReadOnlySet<string> Unasked)> FindAsync(HalaxyClient? client, string groupId, IReadOnlyCollection<string> ids, CancellationToken cancelled)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var found = new Dictionary<string, Patient>(StringComparer.Ordinal);
        var now = clock.GetCurrentInstant();
        using (var snapshot = await store.OpenSnapshotAsync(cancelled))
        {
            foreach (var id in ids.Distinct())
            {
                if (await snapshot.FindRecordAsync(RecordKind, groupId, id) is { } record && record.Due > now && record.Due <= now + Kept && Read(groupId, id, record) is { } patient) found[id] = patient;
            }
        }

        List<string> wanted = [.. ids.Where(id => !found.ContainsKey(id)).Distinct(StringComparer.Ordinal)];
        var (missing, unasked) = (wanted.ToHashSet(StringComparer.Ordinal), wanted.ToHashSet(StringComparer.Ordinal));
        if (missing.Count == 0 || client is null) return (found, missing, unasked);
        List<StoreOperation> steps = [];
        try
        {
            await foreach (var patient in AskAsync(client, wanted, missing, unasked, cancelled))
            {
                found[patient.Reference] = patient;
                steps.Add(new PutRecord(RecordKind, groupId, patient.Reference, Encoding.UTF8.GetBytes(Of(groupId, patient.Reference).Protect($"{patient.GivenName}\n{patient.FamilyName}"))) { Due = now + Kept });
            }
        }
        catch (HalaxyException refused) when (refused.Fault is HalaxyFault.MissingScope or HalaxyFault.Rejected)
        {
            // the box was unticked: what is known is known
            missing.Clear();
            unasked.Clear();
        }
        catch (HalaxyException failed) when (failed.Fault == HalaxyFault.Unavailable)
        {
            // whoever was not answered for is asked for again
        }

        if (steps.Count > 0) await store.ApplyAsync(new StoreBatch(steps), cancelled);
        return (found, missing, unasked);
    }

    /// <summary>Forgets what is too old, and the names in a practice group that nobody needs any more, however its connection stands.</summary>
    /// <param name="groupId">The practice group.</param>
    /// <param name="thorough">Whether each name is looked at though everyone who needed names needs them still.</param>
    /// <param name="cancelled">Ends it.</param>
    public async Task ForgetAsync(string groupId, bool thorough, CancellationToken cancelled)
    {
        var forgotten = new Dictionary<(string, string), StoreOperation>();
        IReadOnlyList<StoreOperation> old;
        using (var snapshot = await store.OpenSnapshotAsync(cancelled))
        {
            foreach (var due in await snapshot.ListDueRecordsAsync(RecordKind, clock.GetCurrentInstant(), ForgottenAtOnce)) forgotten[(due.Owner, due.Id)] = Forget(due);
            // comments that did not count are kept for a set time too, however the connection stands
            old = await HalaxyOverruled.ForgetOldAsync(snapshot, groupId, clock.GetCurrentInstant());
            if (await HalaxyConnection.FindAsync(snapshot, groupId) is { } connection)
            {
                foreach (var step in await ForgetUnneededAsync(snapshot, connection, thorough)) forgotten[(step.Owner, step.Id)] = step;
            }
        }

        if (forgotten.Count + old.Count > 0) await store.ApplyAsync(new StoreBatch([.. forgotten.Values, .. old]), cancelled);
    }

    /// <summary>The steps that forget the names of patients who have no appointment with a practitioner who needs names; of a practice group that is not connected, or whose key may not see patients, all.</summary>
    /// <param name="snapshot">The store as it is.</param>
    /// <param name="connection">The practice group's connection.</param>
    /// <param name="thorough">Whether each name is looked at though everyone who needed names needs them still.</param>
    internal static async ValueTask<IReadOnlyList<DeleteRecord>> ForgetUnneededAsync(IStoreSnapshot snapshot, HalaxyConnection connection, bool thorough)
    {
        var neededBy = (connection is { IsConnected: true, SeesPatients: true } ? await NeededByAsync(snapshot, connection.Matches.Select(match => match.PractitionerId)) : []).Select(need => need.PractitionerId).ToHashSet(StringComparer.Ordinal);
        if (!thorough && neededBy.Count > 0 && connection.NameNeeds.All(need => neededBy.Contains(need.PractitionerId))) return [];
        var kept = await snapshot.ListRecordsAsync(RecordKind, connection.GroupId);
        if (kept.Count == 0) return [];
        var needed = new HashSet<string>(StringComparer.Ordinal);
        if (neededBy.Count > 0)
        {
            foreach (var item in await HalaxyItem.ListAsync(snapshot, connection.GroupId))
            {
                if (item.Copies.Any(copy => neededBy.Contains(copy.PractitionerId))) needed.UnionWith(item.Shown.PatientIds);
            }
        }

        return [.. kept.Where(record => !needed.Contains(record.Id)).Select(Forget)];
    }

    private static DeleteRecord Forget(StoredRecord record) => new(RecordKind, record.Owner, record.Id, record.Version);

    private static PrivacyLevel LevelOf(Credential device) => Enum.TryParse<PrivacyLevel>(device.LevelName, out var level) ? level : PrivacyLevel.Busy;

    /// <summary>Asks for patients; whoever Halaxy has answered for is open no longer, with a name or without, and whoever it was asked for is not unasked.</summary>
    private static async IAsyncEnumerable<Patient> AskAsync(HalaxyClient client, List<string> ids, HashSet<string> open, HashSet<string> unasked, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancelled)
    {
        var (many, failed) = (ids.Count > FewAsked, 0);
        foreach (var some in ids.Chunk(many ? AskedAtOnce : 1))
        {
            var found = many ? await AskManyAsync(client, some, cancelled) : null;
            many = found is not null;
            if (found is not null)
            {
                open.ExceptWith(some);
                unasked.ExceptWith(some);
            }

            found ??= [];
            foreach (var id in many ? [] : some)
            {
                unasked.Remove(id);
                try
                {
                    if (await AskOneAsync(client, id, cancelled) is { } one) found.Add(one);
                    open.Remove(id);
                }
                catch (HalaxyException failure) when (failure.Fault == HalaxyFault.Unavailable && failed < MostFailing)
                {
                    // one at whom Halaxy fails keeps nobody else from having a name
                    failed++;
                }
            }

            foreach (var patient in found) yield return patient;
        }
    }

    /// <summary>Many at once; null when Halaxy does not take such a search, or answers with others: they are asked for one by one then.</summary>
    private static async Task<List<Patient>?> AskManyAsync(HalaxyClient client, string[] ids, CancellationToken cancelled)
    {
        List<Patient> found = [];
        try
        {
            await foreach (var one in client.SearchAsync<Hl7.Fhir.Model.Patient>($"_id={string.Join(',', ids.Select(Uri.EscapeDataString))}&_count={AskedAtOnce}", cancelled))
            {
                if (one.Id is not { } id || !ids.Contains(id)) return null;
                if (Of(one) is { } patient) found.Add(patient);
            }

            return found;
        }
        catch (HalaxyException refused) when (refused.Fault is HalaxyFault.Rejected or HalaxyFault.Unreadable or HalaxyFault.Unavailable)
        {
            return null;
        }
    }

    // who cannot be read has a number for a name, and holds up nobody
    private static async Task<Patient?> AskOneAsync(HalaxyClient client, string id, CancellationToken cancelled)
    {
        try
        {
            return await client.FindAsync<Hl7.Fhir.Model.Patient>(id, cancelled) is { } one && Of(one) is { } patient ? patient with { Reference = id } : null;
        }
        catch (HalaxyException unreadable) when (unreadable.Fault == HalaxyFault.Unreadable)
        {
            return null;
        }
    }

    /// <summary>The name that counts of a patient's: the official one, or else the first.</summary>
    internal static Hl7.Fhir.Model.HumanName? OfficialOf(Hl7.Fhir.Model.Patient patient)
    {
        var names = patient.Name.OfType<Hl7.Fhir.Model.HumanName>().ToList();
        return names.Find(one => one.Use == Hl7.Fhir.Model.HumanName.NameUse.Official) ?? names.FirstOrDefault();
    }

    /// <summary>The given names of a name: where one of them is nothing, the library's own list of them fails.</summary>
    internal static IEnumerable<string?> GivenOf(Hl7.Fhir.Model.HumanName name) => name.GivenElement.Where(given => given is not null).Select(given => given.Value);

    private static Patient? Of(Hl7.Fhir.Model.Patient patient)
    {
        try
        {
            var name = OfficialOf(patient);
            var (given, family) = (string.Join(' ', (name is null ? [] : GivenOf(name)).Where(part => !string.IsNullOrWhiteSpace(part))).Trim(), name?.Family?.Trim() ?? "");
            if (given.Length + family.Length == 0) given = name?.Text?.Trim() ?? "";
            return patient.Id is { Length: > 0 } id && given.Length + family.Length > 0 ? new Patient(id, given, family) : null;
        }
        catch (CodedValidationException)
        {
            return null;
        }
    }

    private Patient? Read(string groupId, string id, StoredRecord record)
    {
        try
        {
            return Of(groupId, id).Unprotect(Encoding.UTF8.GetString(record.Document.Span)).Split('\n') is [var given, var family] ? new Patient(id, given, family) : null;
        }
        catch (CryptographicException)
        {
            // the key is lost: asked for again
            return null;
        }
    }

    private IDataProtector Of(string groupId, string id) => protection.CreateProtector("halaxy-patient", groupId, id);
}
