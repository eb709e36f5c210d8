using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace CalDavServer.Tests.Api;

/// <summary>A body that is not what is expected is refused with problem details, whatever is wrong with it, and nothing is booked.</summary>
public sealed class BodyTests : ApiServer
{
    public static TheoryData<string, string?, string?, int, string> Bodies => new()
    {
        { "not JSON", "{", "application/json", 400, "The JSON is not what is expected here, at $." },
        { "the wrong shape", "[]", "application/json", 400, "The JSON is not what is expected here, at $." },
        { "null", "null", "application/json", 400, "The body is empty." },
        { "nothing", "", "application/json", 400, "The JSON is not what is expected here, at $." },
        { "no body and no type", null, null, 415, "Send JSON, with Content-Type: application/json." },
        { "a number in quotes", """{"minutes":"45"}""", "application/json", 400, "The JSON is not what is expected here, at $.minutes." },
        { "another case", """{"Minutes":45}""", "application/json", 400, "The JSON is not what is expected here, at $.Minutes." },
        { "no type", "{}", null, 415, "Send JSON, with Content-Type: application/json." },
        { "too much", "large", "application/json", 413, "The body is too large or ended early." },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task What_cannot_be_read_is_said(string what, string? body, string? type, int status, string sentence)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/appointments");
        var text = body == "large" ? $$"""{"comments":"{{new string('x', 300_000)}}"}""" : body ?? "";
        if (body is not null) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        if (type is not null) request.Content!.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal((what, status), (what, (int)response.StatusCode));
        Assert.Equal((what, "application/problem+json"), (what, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(sentence, Text(JsonNode.Parse(answer)!["detail"]));
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task A_body_without_a_length_that_goes_on_is_cut_off()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/appointments") { Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"comments":"{{new string('x', 900_000)}}"}"""))) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = true;
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(413, (int)response.StatusCode);
        Assert.Contains("The body is too large or ended early.", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json; charset=utf8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json; charset=bogus")]
    [InlineData("application/json; charset=iso-8859-1")]
    public async Task A_body_is_UTF_8_whatever_charset_is_named(string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/appointments") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Booking.Replace("Jane", "Zoë", StringComparison.Ordinal))) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(201, (int)response.StatusCode);
        Assert.Equal("Zoë", Text(JsonNode.Parse(answer)!["patients"]![0]!["givenName"]));
        // ASCII only: no reader can take it for another charset, and no page for markup
        Assert.Contains("Zo\\u00EB", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("~%21%21")]
    [InlineData("~A")]
    [InlineData("none")]
    [InlineData("~%21%21?occurrence=x")]
    [InlineData("~%21%21/history")]
    public async Task An_id_that_nobody_has_is_404(string id)
    {
        var (status, body, _) = await SendAsync("GET", $"/api/appointments/{id}");
        Assert.Equal((404, "There is no such appointment."), (status, Text(body!["detail"])));
    }

    [Fact]
    public async Task The_description_has_every_parameter_and_body()
    {
        var description = (await SendAsync("GET", "/api/openapi.json")).Body!;
        var edit = description["paths"]!["/api/appointments/{id}"]!["patch"]!;
        Assert.Equal(["id", "If-Match"], edit["parameters"]!.AsArray().Select(one => Text(one!["name"])));
        Assert.NotNull(edit["requestBody"]!["content"]!["application/json"]);
        Assert.Equal(["200"], edit["responses"]!.AsObject().Select(one => one.Key));
        var book = description["paths"]!["/api/appointments"]!["post"]!;
        Assert.Contains("ApiBooking", book["requestBody"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["201"], book["responses"]!.AsObject().Select(one => one.Key));
    }
}
