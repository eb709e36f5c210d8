using Hl7.Fhir.Model;
using Hl7.Fhir.Validation;

namespace ProviderBridge.Halaxy;

/// <summary>Who works where in a Halaxy account, and what types of appointments there are.</summary>
/// <param name="Roles">The practitioners at their clinics.</param>
/// <param name="Services">The types of appointments.</param>
public sealed record HalaxyCatalog(IReadOnlyList<HalaxyRole> Roles, IReadOnlyList<HalaxyService> Services)
{
    private const string All = "_count=100";

    /// <summary>Whether Halaxy listed as many practitioners at clinics as it said that there are, and some.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>Reads it. What the key may not see has no name.</summary>
    /// <param name="client">The practice's Halaxy account.</param>
    /// <param name="isFirst">Whether nothing is known yet. Later, names at which Halaxy fails are as they were known: appointments go on without.</param>
    /// <param name="cancelled">Ends it.</param>
    /// <exception cref="HalaxyException">It cannot be read.</exception>
    public static async Task<HalaxyCatalog> ReadAsync(HalaxyClient client, bool isFirst, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var practitioners = Read(await ListAsync<Practitioner>(client, isFirst, cancelled), one => (one.Id, Name: NameOf(one))).ToLookup(one => one.Id, one => one.Name);
        var clinics = Read(await ListAsync<Organization>(client, isFirst, cancelled), one => (one.Id, Name: one.Name ?? "")).ToLookup(one => one.Id, one => one.Name);
        List<PractitionerRole> roles = [];
        var total = 0;
        await foreach (var role in client.SearchAsync<PractitionerRole>(All, all => total = all, cancelled)) roles.Add(role);
        var services = Read(await ListAsync<HealthcareService>(client, isFirst, cancelled), one => new HalaxyService(one.Id ?? "", one.Name ?? "") { IsArchived = one.Active == false });
        return new HalaxyCatalog(
            [.. Read(roles, one => RoleOf(one, practitioners, clinics)).Where(role => role is { Id.Length: > 0, PractitionerId.Length: > 0 } && !HalaxyAppointment.IsOfAnotherPractice(role.Id))],
            [.. services.Where(service => service.Id.Length > 0)])
        {
            IsWhole = roles.Count > 0 && roles.Count >= total,
        };
    }

    private static HalaxyRole RoleOf(PractitionerRole role, ILookup<string?, string> practitioners, ILookup<string?, string> clinics)
    {
        var (practitioner, clinic) = (HalaxyAppointment.Target(role.Practitioner?.Reference).Id, HalaxyAppointment.Target(role.Organization?.Reference).Id);
        var name = practitioners[practitioner].FirstOrDefault() ?? role.Practitioner?.Display ?? "";
        return new HalaxyRole(role.Id ?? "", practitioner, name, clinics[clinic].FirstOrDefault() ?? role.Organization?.Display ?? "") { IsArchived = role.Active == false };
    }

    // one that cannot be read is as it was known before, and hides no other
    private static List<TRead> Read<T, TRead>(IEnumerable<T> found, Func<T, TRead> read)
    {
        List<TRead> all = [];
        foreach (var one in found)
        {
            try
            {
                all.Add(read(one));
            }
            catch (CodedValidationException)
            {
                continue;
            }
        }

        return all;
    }

    private static string NameOf(Practitioner practitioner)
    {
        var name = practitioner.Name.FirstOrDefault(one => one.Use == HumanName.NameUse.Official) ?? practitioner.Name.FirstOrDefault();
        if (name is null) return "";
        string?[] parts = [.. name.Prefix, .. name.Given, name.Family];
        return name.Text is { Length: > 0 } text ? text : string.Join(' ', parts.Where(part => !string.IsNullOrWhiteSpace(part)));
    }

    private static async Task<IReadOnlyList<T>> ListAsync<T>(HalaxyClient client, bool isFirst, CancellationToken cancelled)
        where T : Resource
    {
        List<T> found = [];
        try
        {
            await foreach (var one in client.SearchAsync<T>(All, cancelled)) found.Add(one);
            return found;
        }
        catch (HalaxyException refused) when (refused.Fault is HalaxyFault.MissingScope or HalaxyFault.Rejected || (refused.Fault is HalaxyFault.Unavailable or HalaxyFault.Unreadable && !isFirst))
        {
            return [];
        }
    }
}
