using Calendaring.Store;
using NodaTime;
using Practice;
using Practice.Audit;
using Practice.Diaries;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Api;

/// <summary>The API of a practice that is connected to Halaxy takes what Halaxy can be told, and says of the rest that it is done there.</summary>
public sealed class ConnectedPracticeApiTests : ApiServer
{
    [Fact]
    public async Task A_patient_appointment_is_not_booked_by_the_API()
    {
        await ConnectAsync();
        await RefusedAsync("POST", "/api/appointments", Booking);
        var (status, own, _) = await SendAsync("POST", "/api/appointments/personal", """{"title":"Dentist","start":"2026-03-03T10:00:00+11:00","minutes":30}""");
        Assert.Equal(201, status);
        await RefusedAsync("POST", $"/api/appointments/{own!["id"]}/convert", """{"patients":[{"reference":"PT-1","givenName":"Jane","familyName":"Brownlow"}],"type":"Standard consultation"}""");
        Assert.Equal("personal", (string?)(await SendAsync("GET", $"/api/appointments/{own["id"]}")).Body!["kind"]);
    }

    [Theory]
    [InlineData("PATCH", "", """{"type":"Other"}""")]
    [InlineData("PATCH", "", """{"location":"Elsewhere"}""")]
    [InlineData("PATCH", "", """{"fee":1}""")]
    [InlineData("PATCH", "", """{"status":"attended"}""")]
    [InlineData("PATCH", "", """{"patients":[{"reference":"PT-2","givenName":"Zoe","familyName":"Able"}]}""")]
    [InlineData("POST", "/cancel", """{"choice":"nonAttendance"}""")]
    [InlineData("POST", "/cancel", """{"choice":"delete"}""")]
    [InlineData("POST", "/cancel", """{"choice":"cancelAndDeleteInvoice"}""")]
    [InlineData("PUT", "/invoice", """{"reference":"INV-1"}""")]
    [InlineData("PUT", "/note", """{"reference":"N-1"}""")]
    public async Task What_is_done_in_Halaxy_is_refused_with_a_sentence(string method, string path, string body)
    {
        await ConnectAsync();
        var id = await MirrorAsync();
        await RefusedAsync(method, $"/api/appointments/{id}{path}", body);
    }

    [Fact]
    public async Task Times_and_comments_are_taken_and_a_cancellation_and_its_end()
    {
        await ConnectAsync();
        var path = $"/api/appointments/{await MirrorAsync()}";
        Assert.Equal(200, (await SendAsync("PATCH", path, """{"start":"2026-03-04T12:00:00+11:00","comments":"Later"}""")).Status);
        Assert.Equal(200, (await SendAsync("POST", path + "/cancel", """{"choice":"cancel"}""")).Status);
        Assert.Equal(200, (await SendAsync("POST", path + "/restore", "{}")).Status);
        var read = (await SendAsync("GET", path)).Body!;
        Assert.Equal(("2026-03-04T12:00:00", "Later", "booked"), ((string?)read["start"]!["local"], (string?)read["comments"], (string?)read["status"]));
    }

    [Fact]
    public async Task The_diary_of_who_is_nobody_in_Halaxy_is_the_practices_own()
    {
        await ConnectAsync([]);
        var path = $"/api/appointments/{await MirrorAsync()}";
        Assert.Equal(200, (await SendAsync("PATCH", path, """{"type":"Other","location":"Elsewhere"}""")).Status);
        Assert.Equal(201, (await SendAsync("POST", "/api/appointments", Booking)).Status);
        await ConnectAsync([Maya.Id]);
        await RefusedAsync("POST", "/api/appointments", Booking);
    }

    private async Task RefusedAsync(string method, string path, string body)
    {
        var (status, answer, _) = await SendAsync(method, path, body);
        Assert.Equal(409, status);
        Assert.Contains("Halaxy", (string?)answer!["detail"], StringComparison.Ordinal);
    }

    private async Task ConnectAsync(IReadOnlyList<string>? practitioners = null)
    {
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.True((await Server.Store.ApplyAsync(new StoreBatch(await PracticeGroup.SetConnectedAsync(snapshot, Group.Id, true, practitioners)), TestContext.Current.CancellationToken)).Succeeded);
    }

    /// <summary>What the mirror writes of an appointment of Halaxy.</summary>
    private async Task<string> MirrorAsync()
    {
        var uid = Guid.NewGuid().ToString();
        var start = Instant.FromUtc(2026, 3, 3, 22, 0);
        var wanted = new MirroredAppointment("123", start, start + Duration.FromMinutes(50)) { Patients = [new Practice.Appointments.Patient("5", "Jane", "Brownlow")], Type = "Standard consultation" };
        using var snapshot = await Server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var steps = await Mirroring.WriteAsync(snapshot, Server.Clock.GetCurrentInstant(), AuditActor.InHalaxy("halaxy-1"), new AppointmentKey(Maya.Id, uid), wanted, MirroredFields.All);
        Assert.True((await Server.Store.ApplyAsync(new StoreBatch(steps), TestContext.Current.CancellationToken)).Succeeded);
        return uid;
    }
}
