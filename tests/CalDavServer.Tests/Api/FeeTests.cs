using Calendaring.Store;
using Practice;
using Xunit;

namespace CalDavServer.Tests.Api;

/// <summary>A fee is an amount that can be charged, by whatever way it comes.</summary>
public sealed class FeeTests : ApiServer
{
    [Theory]
    [InlineData("-0.01")]
    [InlineData("-100")]
    [InlineData("87.505")]
    [InlineData("0.001")]
    [InlineData("1000000")]
    [InlineData("79228162514264337593543950335")]
    public async Task What_cannot_be_charged_is_refused_when_it_is_booked_and_when_it_is_edited(string fee)
    {
        var (booked, said, _) = await SendAsync("POST", "/api/appointments", WithFee(fee));
        Assert.Equal(400, booked);
        Assert.StartsWith("A fee ", Text(said!["detail"]), StringComparison.Ordinal);
        var id = await BookAsync();
        Assert.Equal(400, (await SendAsync("PATCH", $"/api/appointments/{id}", $"{{\"fee\": {fee}}}")).Status);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("87.5")]
    [InlineData("87.500")]
    [InlineData("999999.99")]
    public async Task What_can_be_charged_is_taken(string fee) => Assert.Equal(201, (await SendAsync("POST", "/api/appointments", WithFee(fee))).Status);

    [Theory]
    [InlineData("Asia/Tokyo", "5000", "5000.5", "A fee in JPY is a whole amount")]
    [InlineData("Asia/Kuwait", "12.375", "12.3755", "A fee in KWD has at most 3 decimals")]
    [InlineData("Australia/Melbourne", "87.50", "87.505", "A fee in AUD has at most 2 decimals")]
    [InlineData("Etc/UTC", "87.50", "87.505", "A fee has at most 2 decimals")]
    public async Task A_fee_has_the_decimals_of_the_practices_currency(string zone, string right, string wrong, string sentence)
    {
        var there = await Directory.CreatePracticeAsync($"Practice in {zone}", zone);
        var client = await ClientAsync(await AddAsync("rin", PrincipalRole.Practitioner, there.Id));
        Assert.Equal(201, (await SendAsync(client, "POST", "/api/appointments", WithFee(right))).Status);
        var (status, said, _) = await SendAsync(client, "POST", "/api/appointments", WithFee(wrong));
        Assert.Equal(400, status);
        Assert.StartsWith(sentence, Text(said!["detail"]), StringComparison.Ordinal);
    }

    private static string WithFee(string fee)
    {
        var booking = System.Text.Json.Nodes.JsonNode.Parse(Booking)!.AsObject();
        booking.Remove("fee");
        return booking.ToJsonString()[..^1] + $",\"fee\":{fee}}}";
    }
}
