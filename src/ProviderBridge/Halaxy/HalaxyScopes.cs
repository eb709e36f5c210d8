using Hl7.Fhir.Model;

namespace ProviderBridge.Halaxy;

/// <summary>What a key is let see of one kind of resource, and what that means to a practice.</summary>
/// <param name="Resource">The name that Halaxy gives the box, such as <c>PractitionerRole</c>.</param>
/// <param name="IsGiven">Whether the key has it.</param>
/// <param name="Without">What is not possible without it, as a sentence.</param>
/// <param name="IsNeeded">Whether nothing can be connected without it.</param>
public sealed record HalaxyScope(string Resource, bool IsGiven, string Without, bool IsNeeded);

/// <summary>Tries a key: Halaxy has no list of what a key may do, so each kind of resource is asked for once.</summary>
public static class HalaxyScopes
{
    private const string One = "_count=1";

    /// <summary>What the key may do, kind by kind.</summary>
    /// <exception cref="HalaxyException">The key is refused, or Halaxy cannot be reached.</exception>
    public static async Task<IReadOnlyList<HalaxyScope>> ProbeAsync(HalaxyClient client, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return
        [
            await AskAsync<Appointment>(client, true, cancelled),
            await AskAsync<PractitionerRole>(client, true, cancelled),
            await AskAsync<Practitioner>(client, false, cancelled),
            await AskAsync<Organization>(client, false, cancelled),
            await AskAsync<HealthcareService>(client, false, cancelled),
            await AskAsync<Patient>(client, false, cancelled),
        ];
    }

    /// <summary>Why a key cannot be used for mirroring at this moment; null when it can.</summary>
    public static async Task<HalaxyFault?> RefusalOfAsync(HalaxyClient client, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            await foreach (var _ in client.SearchAsync<Appointment>(One, cancelled)) break;
            await foreach (var _ in client.SearchAsync<PractitionerRole>(One, cancelled)) break;
            return null;
        }
        catch (HalaxyException refused)
        {
            return refused.Fault;
        }
    }

    /// <summary>What of the kinds that are needed the key may not see now.</summary>
    /// <exception cref="HalaxyException">The key is refused, or Halaxy cannot be reached.</exception>
    public static async Task<IReadOnlyList<string>> FindNeededAsync(HalaxyClient client, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        HalaxyScope[] needed = [await AskAsync<Appointment>(client, true, cancelled), await AskAsync<PractitionerRole>(client, true, cancelled)];
        return [.. needed.Where(scope => !scope.IsGiven).Select(scope => scope.Resource)];
    }

    /// <summary>Whether nothing can be connected without a kind of resource.</summary>
    public static bool IsNeeded(string resource) => resource is "Appointment" or "PractitionerRole";

    /// <summary>The boxes that have to be ticked for a connection's key in Halaxy before anything goes on.</summary>
    public static string BoxesOf(HalaxyConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        string[] needed = [.. connection.NeededScopes];
        return string.Join(" and ", (needed.Length > 0 ? needed : ["Appointment", "PractitionerRole"]).Select(NameOf));
    }

    /// <summary>What the box of a kind of resource is called.</summary>
    public static string NameOf(string resource) => resource switch
    {
        "Appointment" => "Appointments",
        "PractitionerRole" => "Practitioner roles",
        "Practitioner" => "Practitioners",
        "Organization" => "Organisations (clinics)",
        "HealthcareService" => "Healthcare services (appointment types)",
        "Patient" => "Patients",
        _ => resource,
    };

    /// <summary>What is not possible without a kind of resource, as a sentence.</summary>
    public static string WithoutOf(string resource) => resource switch
    {
        "Appointment" => "No appointment can be read or moved.",
        "PractitionerRole" => "It is not known whose appointment is whose.",
        "Practitioner" => "Practitioners cannot be proposed by name: each has to be chosen by the number that Halaxy gives them.",
        "Organization" => "Clinics have no names, and appointments have no location.",
        "HealthcareService" => "Appointments have no type, and no patient appointment can be booked from here.",
        "Patient" => "Patients are shown by the number that Halaxy gives them, and never by name. No patient appointment can be booked from here.",
        _ => "",
    };

    private static async Task<HalaxyScope> AskAsync<T>(HalaxyClient client, bool isNeeded, CancellationToken cancelled)
        where T : Resource
    {
        var name = ModelInfo.GetFhirTypeNameForType(typeof(T))!;
        try
        {
            await foreach (var _ in client.SearchAsync<T>(One, cancelled)) break;
            return new HalaxyScope(name, true, WithoutOf(name), isNeeded);
        }
        catch (HalaxyException refused) when (refused.Fault == HalaxyFault.MissingScope || (!isNeeded && refused.Fault == HalaxyFault.Rejected))
        {
            return new HalaxyScope(name, false, WithoutOf(name), isNeeded);
        }
    }
}
