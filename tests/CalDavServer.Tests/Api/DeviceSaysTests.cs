using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Practice;
using Xunit;

namespace CalDavServer.Tests.Api;

/// <summary>What a device says of an appointment, over the API.</summary>
public sealed class DeviceSaysTests : ApiServer
{
    [Fact]
    public async Task A_private_appointment_is_Private_to_an_administrator()
    {
        using var phone = Server.Client(await Server.AddPasswordAsync(Maya));
        await phone.PutAsync(
            $"{phone.Calendar("hx")}own.ics",
            Events.Component("VEVENT", "own", "DTSTART:20260302T230000Z", "DTEND:20260303T000000Z", "SUMMARY:Oncologist", "LOCATION:Ward 7", "DESCRIPTION:Letter", "CLASS:CONFIDENTIAL", "TRANSP:TRANSPARENT"));
        var ruth = await ClientAsync(await AddAsync("ruth", PrincipalRole.Administrator));
        foreach (var path in (string[])["/api/practitioners/maya/appointments?from=2026-03-01&until=2026-03-08", "/api/practitioners/maya/appointments/own", "/api/practitioners/maya/appointments/own/history"])
        {
            var text = (await SendAsync(ruth, "GET", path)).Body!.ToJsonString();
            foreach (var secret in (string[])["Oncologist", "Ward 7", "Letter"]) Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        }

        var (_, seen, _) = await SendAsync(ruth, "GET", "/api/practitioners/maya/appointments/own");
        Assert.Equal(("Private", true, true), ((string)seen!["title"]!, (bool)seen["private"]!, (bool)seen["transparent"]!));
        Assert.Equal(409, (await SendAsync(ruth, "PATCH", "/api/practitioners/maya/appointments/own", """{"title":"x"}""")).Status);
        Assert.Equal("Oncologist", (string)(await SendAsync("GET", "/api/appointments/own")).Body!["title"]!);
    }

    [Fact]
    public async Task P9_A_personal_appointment_is_added_private_and_made_public_and_private_again()
    {
        var (status, added, _) = await SendAsync("POST", "/api/appointments/personal", """{"title":"Oncologist","start":"2026-03-03T10:00:00+11:00","minutes":60,"private":true}""");
        Assert.Equal((201, true, "Oncologist"), (status, (bool)added!["private"]!, (string)added["title"]!));
        var path = $"/api/appointments/{added["id"]}";
        var ruth = await ClientAsync(await AddAsync("ruth", PrincipalRole.Administrator));
        var seen = $"/api/practitioners/maya/appointments/{added["id"]}";
        Assert.Equal("Private", (string)(await SendAsync(ruth, "GET", seen)).Body!["title"]!);
        Assert.Equal(409, (await SendAsync(ruth, "PATCH", seen, """{"private":false}""")).Status);
        Assert.True((bool)(await SendAsync("PATCH", path, """{"location":"Ward 7"}""")).Body!["private"]!);
        Assert.Null((await SendAsync("PATCH", path, """{"private":false}""")).Body!["private"]);
        Assert.Equal("Oncologist", (string)(await SendAsync(ruth, "GET", seen)).Body!["title"]!);
        Assert.True((bool)(await SendAsync("PATCH", path, """{"private":true}""")).Body!["private"]!);
        Assert.Equal(400, (await SendAsync("PATCH", $"/api/appointments/{await BookAsync()}", """{"private":true}""")).Status);
        Assert.Equal(400, (await SendAsync("POST", "/api/appointments", Booking.Replace("\"minutes\"", "\"private\":true,\"minutes\"", StringComparison.Ordinal))).Status);
    }

    [Fact]
    public async Task Whole_days_become_a_time_of_day_and_the_other_way_round()
    {
        var id = await BookAsync();
        var (status, flipped, _) = await SendAsync("PATCH", $"/api/appointments/{id}", """{"allDay":true,"start":"2026-03-04","days":2}""");
        Assert.Equal((200, true, "2026-03-04", "2026-03-06"), (status, (bool)flipped!["allDay"]!, (string)flipped["start"]!["local"]!, (string)flipped["end"]!["local"]!));
        foreach (var body in (string[])["""{"allDay":false}""", """{"allDay":false,"start":"2026-03-03T10:00:00+11:00"}""", """{"allDay":false,"minutes":45}""", """{"allDay":false,"start":"2026-03-03","minutes":45}"""])
            Assert.Equal(400, (await SendAsync("PATCH", $"/api/appointments/{id}", body)).Status);
        var (_, back, _) = await SendAsync("PATCH", $"/api/appointments/{id}", """{"allDay":false,"start":"2026-03-03T10:00:00+11:00","minutes":45}""");
        Assert.Equal((false, "2026-03-03T10:00:00", "2026-03-03T10:45:00"), ((bool)back!["allDay"]!, (string)back["start"]!["local"]!, (string)back["end"]!["local"]!));
        Assert.Equal("2026-03-03", (string)(await SendAsync("PATCH", $"/api/appointments/{id}", """{"allDay":true}""")).Body!["start"]!["local"]!);
    }
}
