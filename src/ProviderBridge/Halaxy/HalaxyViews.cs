using Practice.Appointments;

namespace ProviderBridge.Halaxy;

/// <summary>Makes views of Halaxy's appointments, with what is needed for them: who works where, and the names that are needed and may be known.</summary>
/// <param name="client">The practice's Halaxy account.</param>
/// <param name="connection">Who is who, as far as it is known.</param>
internal sealed class HalaxyViews(HalaxyClient client, HalaxyConnection connection)
{
    private static readonly IReadOnlyDictionary<string, Patient> Nobody = new Dictionary<string, Patient>();
    private bool _isRead;

    /// <summary>Who is who, as it was last read.</summary>
    public HalaxyConnection Connection { get; private set; } = connection;

    /// <summary>Reads who works where.</summary>
    public async Task ReadCatalogAsync(CancellationToken cancelled)
    {
        _isRead = true;
        Connection = Connection.With(await HalaxyCatalog.ReadAsync(client, cancelled));
    }

    /// <summary>A view that knows what one appointment needs.</summary>
    public async ValueTask<HalaxyView> OfAsync(HalaxyAppointment appointment, CancellationToken cancelled)
    {
        var isKnown = appointment.RoleIds.All(Connection.Knows) && (appointment.ServiceId is not { } id || Connection.Services.Any(service => service.Id == id));
        if (!isKnown && !_isRead) await ReadCatalogAsync(cancelled);
        return new HalaxyView(Connection, Nobody);
    }
}
