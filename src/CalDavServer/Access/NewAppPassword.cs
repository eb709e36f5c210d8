using Calendaring.Store;
using NodaTime;
using Practice.Audit;

namespace CalDavServer.Access;

/// <summary>The one place in which a device gets an app password, whoever makes it: on the pages, by a command, for a demonstration. None is made without its lines of audit.</summary>
internal static class NewAppPassword
{
    /// <summary>The steps that make a device. They fail when it is there already.</summary>
    public static IEnumerable<StoreOperation> Steps(Principal person, Credential device, Instant at, AuditActor by) =>
        [new PutCredential(device, OnlyNew: true), .. PracticeAudit.LinesAbout(person, at, by, AuditAction.AppPasswordMade, device.Id, device.Label)];
}
