using System.Text.Json.Nodes;

namespace Sandbox.Tests;

internal sealed record Answer(int Status, JsonNode? Json, IReadOnlyDictionary<string, string> Headers)
{
    public string? Reason => (string?)Json?["error"]?["errors"]?[0]?["reason"];

    public static async Task<Answer> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        var headers = answer.Headers.Concat(answer.Content.Headers).ToDictionary(x => x.Key, x => string.Join(",", x.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), headers);
    }
}
