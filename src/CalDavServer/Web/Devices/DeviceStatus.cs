using Calendaring.Store;
using NodaTime;

namespace CalDavServer.Web.Devices;

/// <summary>Whether a device has come, in the practice's time zone.</summary>
internal sealed record DeviceStatus(Credential Device, DateTimeZone Zone, Instant Now)
{
    public bool IsConnected => Device.LastUsed is not null;

    public string App => DeviceWords.Client(Device) ?? "a calendar app";

    public string At => DeviceWords.At(Device.LastUsed!.Value, Zone, Now);
}
