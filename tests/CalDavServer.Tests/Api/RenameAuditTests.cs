using Practice.Audit;
using Xunit;

namespace CalDavServer.Tests.Api;

/// <summary>Whatever a device does to an appointment has its line in the diary's audit log.</summary>
public sealed class RenameAuditTests : ApiServer
{
    [Fact]
    public async Task A_move_inside_the_practices_calendar_is_noted_with_who_did_it()
    {
        var id = await BookAsync();
        using var move = new HttpRequestMessage(new HttpMethod("MOVE"), $"/dav/calendars/maya/hx/{id}.ics");
        move.Headers.Add("Destination", "/dav/calendars/maya/hx/renamed.ics");
        using var moved = await Client.SendAsync(move, TestContext.Current.CancellationToken);
        Assert.Equal(201, (int)moved.StatusCode);
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var lines = await AuditLine.ListLastAsync(snapshot, DiaryAudit.Log, Maya.Id, long.MaxValue, 1);
        Assert.Equal((AuditAction.Renamed, Maya.Id, ActorVia.AppPassword), (lines[0].Entry!.Action, lines[0].Entry!.PersonId, lines[0].Entry!.Via));
    }
}
