using System.Text.Json.Nodes;
using NodaTime;
using NodaTime.Text;
using Practice.Appointments;
using Practice.Diaries;
using Practice.Hx;
using ProviderBridge.Halaxy;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Halaxy;

// What there is in the end.
internal sealed partial class HalaxyHistory
{
    private async Task SettleAsync()
    {
        for (var n = 0; n < 5; n++)
        {
            await _scene.AdvanceAsync(Duration.FromHours(7));
            var result = await _scene.PassAsync();
            Said.Add($"settling: {result}");
            _ledger.Note(await _scene.OverruledAsync());
            await ReviveAsync();
        }
    }

    private async Task CheckAsync()
    {
        var (tasks, connection) = (await _scene.TasksAsync(), (await _scene.ConnectionAsync())!);
        var there = (await _scene.ThereAsync()).ToDictionary(one => (string)one["id"]!);
        Assert.Equal(_ledger.Roles.Keys.Order(), there.Keys.Order());
        foreach (var practitioner in new[] { _scene.Maya, _ben })
        {
            var person = connection.Matches.FirstOrDefault(match => match.PractitionerId == practitioner)?.HalaxyPractitionerId;
            var here = await _scene.HereAsync(_scene.DiaryOf(practitioner));
            var faults = _ledger.Faults(practitioner, person, here, there, tasks).ToList();
            Assert.True(faults.Count == 0, string.Join('\n', faults));
            // who is not in Halaxy has what they had
            if (person is null) continue;
            foreach (var copy in here.Where(one => one.HalaxyId is not null)) Compare(copy.HalaxyId!, there[copy.HalaxyId!], copy, tasks.FirstOrDefault(task => task.Id == copy.HalaxyId && task.PractitionerId == practitioner));
            Assert.All(here.Where(one => _turned.Contains(one.Id) && _ledger.Own.ContainsKey(one.Id)), one => Assert.Equal((true, null), (Assert.Single(one.Patients).GivenName is "Jane" or "Tim", one.HalaxyId)));
        }

        foreach (var id in _kept.Where(id => there.ContainsKey(id) && !_cancelled.Contains(id))) Assert.True((bool)there[id]["takesPlace"]!, $"{id} has an invoice, and was cancelled by a phone");
    }

    private static void Compare(string id, JsonObject shown, Appointment copy, HalaxyTask? task)
    {
        var fields = task?.Fields ?? MirroredFields.None;
        if (copy.Kind == AppointmentKind.Patient) Assert.Equal(("Main Street", (bool)shown["invoiced"]!, "Zora"), (copy.Location, copy.Invoice is not null, Assert.Single(copy.Patients) is { GivenName: "Client" } ? "Zora" : copy.Patients[0].GivenName));
        if (!fields.HasFlag(MirroredFields.Times)) Assert.True(OffsetDateTimePattern.ExtendedIso.Parse((string)shown["start"]!).Value.ToInstant() == copy.Start.ToInstant(), $"{id} is at {shown["start"]} there and at {copy.Start} here");
        if (!fields.HasFlag(MirroredFields.Comments)) Assert.True(((string?)shown["comments"] ?? "") == (copy.Comments ?? ""), $"{id} says {shown["comments"]} there and {copy.Comments} here");
        if (!fields.HasFlag(MirroredFields.Status)) Assert.True((bool)shown["takesPlace"]! == copy.Status is not (AppointmentStatus.Cancelled or AppointmentStatus.Rejected), $"{id} takes place on one side only");
    }

    private async Task QuietAsync()
    {
        var (before, asked) = (await ChangesAsync(), _scene.Asked.Paths.Count);
        Assert.Equal(PassResult.Done, await _scene.PassAsync());
        Assert.Equal(before, await ChangesAsync());
        var writes = _scene.Asked.Paths.Skip(asked).Where(path => !path.StartsWith("GET", StringComparison.Ordinal) && !path.Contains("/oauth/", StringComparison.Ordinal)).ToList();
        Assert.True(writes.Count == 0, $"a quiet pass wrote {string.Join(", ", writes)}");
    }

    private async Task<(long, long)> ChangesAsync()
    {
        using var snapshot = await _scene.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        return ((await snapshot.FindCollectionAsync(_scene.Maya, HxCalendar.CollectionName))!.Change, (await snapshot.FindCollectionAsync(_ben, HxCalendar.CollectionName))!.Change);
    }
}
