using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;

namespace ProviderBridge.Halaxy;

/// <summary>
/// Access tokens of one key, in memory only. One request at a time asks for a new one. Halaxy says that a token lasts an hour, and documents fifteen minutes: the smaller counts.
/// </summary>
internal sealed class HalaxyTokens(HttpClient http, HalaxyKey key, HalaxyRateLimit rate, TimeSpan patience, IClock clock) : IDisposable
{
    private static readonly Duration Longest = Duration.FromMinutes(15);

    // renewed a little before its time: a request must not meet its end on the way
    private static readonly Duration Before = Duration.FromMinutes(1);
    private readonly SemaphoreSlim _one = new(1);
    private string? _token;
    private Instant _until;

    /// <summary>A token; a new one when there is none, or <paramref name="refused"/> is the one that was refused.</summary>
    /// <exception cref="HalaxyException">There is none.</exception>
    public async Task<string> GetAsync(string? refused, CancellationToken cancelled)
    {
        await _one.WaitAsync(cancelled);
        try
        {
            if (_token is { } held && held != refused && clock.GetCurrentInstant() < _until) return held;
            var asked = clock.GetCurrentInstant();
            var given = await AskAsync(cancelled);
            var lasts = given.ExpiresIn > 0 ? Duration.Min(Longest, Duration.FromSeconds(given.ExpiresIn)) : Longest;
            (_token, _until) = (given.AccessToken, asked + lasts - Before);
            return given.AccessToken!;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<Given> AskAsync(CancellationToken cancelled)
    {
        var asked = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = key.ClientId, ["client_secret"] = key.ClientSecret };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(key.Address, "oauth/token")) { Content = JsonContent.Create(asked) };
        request.Headers.Accept.ParseAdd("application/fhir+json");
        await rate.TakeAsync(patience, cancelled);
        using var answer = await HalaxyFaults.SendAsync(http, request, cancelled);
        rate.Note(answer);
        if (await IsRefusalAsync(answer, cancelled)) throw new HalaxyException(HalaxyFault.KeyRefused, "Halaxy does not know the API key, or not any more.");
        if (!answer.IsSuccessStatusCode) throw await HalaxyFaults.OfAsync(answer, clock.GetCurrentInstant(), cancelled);
        try
        {
            // whatever character set it says it is in: JSON is in UTF-8 (RFC 8259 §8.1)
            return JsonSerializer.Deserialize<Given>(await answer.Content.ReadAsByteArrayAsync(cancelled)) is { AccessToken: { Length: > 0 } token } given && token.All(static sign => sign is > ' ' and <= '~') ? given : throw Unreadable();
        }
        catch (JsonException)
        {
            throw Unreadable();
        }
    }

    /// <summary>Whether the key is refused (RFC 6749 §5.2): by the API, in whatever words, and not by something on the way.</summary>
    private static async Task<bool> IsRefusalAsync(HttpResponseMessage answer, CancellationToken cancelled)
    {
        if (answer.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)) return false;
        var body = await answer.Content.ReadAsByteArrayAsync(cancelled);
        return HalaxyFaults.IsObject(body) && (answer.StatusCode != HttpStatusCode.Forbidden || NamesError(body));
    }

    private static bool NamesError(byte[] body)
    {
        try
        {
            using var read = JsonDocument.Parse(body);
            return read.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String;
        }
        catch (InvalidOperationException)
        {
            // half a character in a name
            return false;
        }
    }

    private static HalaxyException Unreadable() => new(HalaxyFault.Unreadable, "Halaxy answered a request for a token with something else.");

    private sealed record Given([property: JsonPropertyName("access_token")] string? AccessToken, [property: JsonPropertyName("expires_in")] int ExpiresIn);
}
