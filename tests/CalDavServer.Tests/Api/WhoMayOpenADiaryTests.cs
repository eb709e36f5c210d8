using Calendaring.Store;
using Practice;
using Xunit;

namespace CalDavServer.Tests.Api;

public sealed class WhoMayOpenADiaryTests : ApiServer
{
    [Theory]
    [InlineData(PrivacyLevel.Busy)]
    [InlineData(PrivacyLevel.Type)]
    [InlineData(PrivacyLevel.Initials)]
    [InlineData(PrivacyLevel.FirstName)]
    public async Task An_app_password_below_full_name_opens_no_diary(PrivacyLevel level)
    {
        var id = await BookAsync();
        var device = await ClientAsync(Maya, level);
        foreach (var path in (string[])["/api/appointments", $"/api/appointments/{id}", $"/api/appointments/{id}/history", "/api/practitioners/maya/appointments"])
        {
            var (status, body, _) = await SendAsync(device, "GET", path);
            Assert.Equal(403, status);
            Assert.DoesNotContain("Jane", body!.ToJsonString(), StringComparison.Ordinal);
        }

        Assert.Equal(403, (await SendAsync(device, "POST", "/api/appointments", Booking)).Status);
    }

    [Fact]
    public async Task A_read_only_app_password_reads_and_does_not_write()
    {
        var id = await BookAsync();
        var device = await ClientAsync(Maya, readOnly: true);
        Assert.Equal(200, (await SendAsync(device, "GET", $"/api/appointments/{id}")).Status);
        Assert.Equal(403, (await SendAsync(device, "PATCH", $"/api/appointments/{id}", "{}")).Status);
        Assert.Equal(403, (await SendAsync(device, "POST", "/api/appointments", Booking)).Status);
    }

    [Fact]
    public async Task An_administrator_opens_the_diaries_of_the_own_practice_group_only()
    {
        var other = await Directory.CreatePracticeAsync("Hillside", "Europe/Berlin");
        await AddAsync("otto", PrincipalRole.Practitioner, other.Id);
        var ruth = await ClientAsync(await AddAsync("ruth", PrincipalRole.Administrator));
        var (status, body, response) = await SendAsync(ruth, "POST", "/api/practitioners/maya/appointments", Booking);
        Assert.Equal((201, $"/api/practitioners/maya/appointments/{body!["id"]}"), (status, response.Headers.Location!.ToString()));
        Assert.Equal(200, (await SendAsync("GET", $"/api/appointments/{body["id"]}")).Status);
        Assert.Equal(404, (await SendAsync(ruth, "GET", "/api/practitioners/otto/appointments")).Status);
        Assert.Equal(404, (await SendAsync(ruth, "GET", "/api/practitioners/ruth/appointments")).Status);
        Assert.Equal(404, (await SendAsync(ruth, "GET", "/api/appointments")).Status);
        var listed = (await SendAsync(ruth, "GET", "/api/practitioners")).Body!["practitioners"]!.AsArray();
        Assert.Equal(["maya"], listed.Select(practitioner => Text(practitioner!["id"])));
    }

    [Fact]
    public async Task A_practitioner_does_not_open_a_colleagues_diary()
    {
        var id = await BookAsync();
        var tom = await ClientAsync(await AddAsync("tom", PrincipalRole.Practitioner));
        Assert.Equal(404, (await SendAsync(tom, "GET", "/api/practitioners/maya/appointments")).Status);
        Assert.Equal(404, (await SendAsync(tom, "GET", $"/api/practitioners/maya/appointments/{id}")).Status);
        Assert.Equal(404, (await SendAsync(tom, "GET", $"/api/appointments/{id}")).Status);
    }

    [Fact]
    public async Task Nobody_opens_it_without_signing_in()
    {
        using var stranger = new HttpClient { BaseAddress = Server.Address };
        Assert.Equal(401, (int)(await stranger.GetAsync(new Uri("/api/appointments", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(401, (int)(await stranger.GetAsync(new Uri("/api/openapi.json", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
    }
}
