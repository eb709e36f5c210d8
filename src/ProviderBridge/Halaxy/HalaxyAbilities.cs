using Hl7.Fhir.Model;
using Hl7.Fhir.Validation;

namespace ProviderBridge.Halaxy;

/// <summary>What the API says of itself that it can do with appointments, beyond what is documented: neither is known of the live service, and both are used as soon as it says so.</summary>
/// <param name="CanCreate">Whether it makes appointments that are sent to it, so that a personal one need not be booked with a patient.</param>
/// <param name="CanDelete">Whether it deletes appointments.</param>
public readonly record struct HalaxyAbilities(bool CanCreate, bool CanDelete)
{
    /// <summary>Asks for them (FHIR R4 §3.1.0.16, capabilities). What it does not say it cannot do; null when it cannot be asked at the moment.</summary>
    public static async Task<HalaxyAbilities?> ProbeAsync(HalaxyClient client, CancellationToken cancelled = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        try
        {
            return await client.CapabilitiesAsync(cancelled) is { } said ? Of(said) : default(HalaxyAbilities);
        }
        catch (HalaxyException failed)
        {
            return failed.Fault is HalaxyFault.Unavailable or HalaxyFault.TooMany or HalaxyFault.KeyRefused ? null : default(HalaxyAbilities);
        }
    }

    private static HalaxyAbilities Of(CapabilityStatement said)
    {
        try
        {
            var codes = said.Rest.Where(rest => rest.Mode == CapabilityStatement.RestfulCapabilityMode.Server).SelectMany(rest => rest.Resource)
                .Where(resource => resource.Type == "Appointment").SelectMany(resource => resource.Interaction).Select(interaction => interaction.Code).ToList();
            return new HalaxyAbilities(codes.Contains(CapabilityStatement.TypeRestfulInteraction.Create), codes.Contains(CapabilityStatement.TypeRestfulInteraction.Delete));
        }
        catch (CodedValidationException)
        {
            return default;
        }
    }
}
