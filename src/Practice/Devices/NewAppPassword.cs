using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace Practice.Devices;

/// <summary>The one place in which a device gets an app password, whoever makes it: on the pages, by a command, for a demonstration. None is made without its lines of audit.</summary>
public static class NewAppPassword
{
    /// <summary>The steps that make a device. They fail when it is there already.</summary>
    /// <param name="person">Whose it is.</param>
    /// <param name="device">The device, with the hash of its secret.</param>
    /// <param name="at">When.</param>
    /// <param name="by">Who makes it.</param>
    public static IEnumerable<StoreOperation> Steps(Principal person, Credential device, Instant at, AuditActor by)
    {
        ArgumentNullException.ThrowIfNull(device);
        return [new PutCredential(device, OnlyNew: true), .. PracticeAudit.LinesAbout(person, at, by, AuditAction.AppPasswordMade, device.Id, device.Label)];
    }
}
