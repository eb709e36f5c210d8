using Calendaring.Store;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Practice.Hx;
using Practice.Subscriptions;

namespace CalDavServer.Web.Devices;

/// <summary>Finds out how sync does: from devices, the diary, its audit log and the subscription.</summary>
internal sealed class SyncHealthReader(PracticeDiaries diaries, PracticeDirectory directory, HxCalendars calendars, AuditBook audit, OwnDevices devices, Inclusions inclusions, Billing billing)
{
    // how far back the log is read for what devices did
    private const int Lines = 500;

    /// <summary>For the practitioner.</summary>
    public async Task<SyncHealth> ReadAsync(Principal practitioner, PracticeGroup practice, AuditActor by, CancellationToken cancelled)
    {
        var diary = diaries.Open(practitioner.Id, by);
        var lines = await audit.ListLastAsync(DiaryAudit.Log, practitioner.Id, long.MaxValue, Lines, cancelled: cancelled);
        return new SyncHealth
        {
            Access = (await calendars.AccessAsync(practitioner.Id, cancelled)).State,
            HasAccess = await HasAccessAsync(practitioner.Id, practice, cancelled),
            Survey = await diary.SurveyAsync(cancelled),
            Devices = [.. (await devices.ListAsync(practitioner.Id)).Select(device => HealthOf(device, lines))],
            Inclusion = await InclusionProgress.FindAsync(diaries, inclusions, practitioner, by, cancelled),
            Differences = await Difference.ListAsync(diary, practice.IsConnectedFor(practitioner.Id), cancelled),
        };
    }

    /// <summary>For an administrator.</summary>
    public async Task<IReadOnlyList<PractitionerHealth>> ListAsync(PracticeGroup practice, CancellationToken cancelled)
    {
        List<PractitionerHealth> found = [];
        foreach (var person in await directory.ListPeopleAsync(practice.Id, cancelled))
        {
            if (person.Role != PrincipalRole.Practitioner) continue;
            var own = await devices.ListAsync(person.Id);
            found.Add(new PractitionerHealth(person.DisplayName, await StateAsync(person.Id, practice, cancelled), own.Count, own.Max(device => device.LastUsed)));
        }

        return [.. found.OrderBy(row => row.Name, StringComparer.CurrentCulture)];
    }

    private async Task<SyncState> StateAsync(string practitionerId, PracticeGroup practice, CancellationToken cancelled)
    {
        var access = await calendars.AccessAsync(practitionerId, cancelled);
        return SyncState.Of(await HasAccessAsync(practitionerId, practice, cancelled), access.State);
    }

    private async Task<bool> HasAccessAsync(string practitionerId, PracticeGroup practice, CancellationToken cancelled) =>
        await billing.FindAsync(practice.Id, cancelled) is not { } account || account.Find(practitionerId) is { HasAccess: true };

    private static DeviceHealth HealthOf(Credential device, IReadOnlyList<AuditLine> lines)
    {
        var entries = lines.Select(line => line.Entry).OfType<AuditEntry>().Where(static entry => entry.Action != AuditAction.Refused).ToList();
        var elsewhere = entries.Where(entry => entry.DeviceId != device.Id).ToList();
        var pending = device.LastUsed is { } used ? elsewhere.Count(entry => entry.At > used) : 0;
        return new DeviceHealth(device, entries.FirstOrDefault(entry => entry.DeviceId == device.Id)?.At, elsewhere.FirstOrDefault()?.At, pending);
    }
}
