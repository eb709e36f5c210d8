using Hl7.Fhir.Model;
using Hl7.Fhir.Validation;

namespace ProviderBridge.Halaxy;

/// <summary>Who works where in a Halaxy account, and what types of appointments there are.</summary>
/// <param name="Roles">The practitioners at their clinics.</param>
/// <param name="Services">The types of appointments.</param>
public sealed record HalaxyCatalog(IReadOnlyList<HalaxyRole> Roles, IReadOnlyList<HalaxyService> Services)
{
    private const string All = "_count=100";

    /// <summary>Reads it. What the key may not see has no name.</summary>
    /// <exception cref="HalaxyException">It cannot be read.</exception>
    public static async Task<HalaxyCatalog> ReadAsync(HalaxyClient client, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            var practitioners = (await ListAsync<Practitioner>(client, cancelled)).ToLookup(one => one.Id, NameOf);
            var clinics = (await ListAsync<Organization>(client, cancelled)).ToLookup(one => one.Id, one => one.Name ?? "");
            List<HalaxyRole> roles = [];
            await foreach (var role in client.SearchAsync<PractitionerRole>(All, cancelled))
            {
                var (practitioner, clinic) = (HalaxyAppointment.Target(role.Practitioner?.Reference).Id, HalaxyAppointment.Target(role.Organization?.Reference).Id);
                if (role.Id is not { Length: > 0 } || HalaxyAppointment.IsOfAnotherPractice(role.Id) || practitioner.Length == 0) continue;
                var name = practitioners[practitioner].FirstOrDefault() ?? role.Practitioner?.Display ?? "";
                roles.Add(new HalaxyRole(role.Id, practitioner, name, clinics[clinic].FirstOrDefault() ?? role.Organization?.Display ?? "") { IsArchived = role.Active == false });
            }

            var services = (await ListAsync<HealthcareService>(client, cancelled)).Where(one => one.Id is { Length: > 0 }).Select(one => new HalaxyService(one.Id!, one.Name ?? "") { IsArchived = one.Active == false });
            return new HalaxyCatalog(roles, [.. services]);
        }
        catch (CodedValidationException)
        {
            throw new HalaxyException(HalaxyFault.Unreadable, "Halaxy has practitioners or clinics that cannot be read.");
        }
    }

    private static string NameOf(Practitioner practitioner)
    {
        var name = practitioner.Name.FirstOrDefault(one => one.Use == HumanName.NameUse.Official) ?? practitioner.Name.FirstOrDefault();
        if (name is null) return "";
        string?[] parts = [.. name.Prefix, .. name.Given, name.Family];
        return name.Text is { Length: > 0 } text ? text : string.Join(' ', parts.Where(part => !string.IsNullOrWhiteSpace(part)));
    }

    private static async Task<IReadOnlyList<T>> ListAsync<T>(HalaxyClient client, CancellationToken cancelled)
        where T : Resource
    {
        List<T> found = [];
        try
        {
            await foreach (var one in client.SearchAsync<T>(All, cancelled)) found.Add(one);
            return found;
        }
        catch (HalaxyException refused) when (refused.Fault is HalaxyFault.MissingScope or HalaxyFault.Rejected)
        {
            return [];
        }
    }
}
