using System.Text.Json.Nodes;

namespace Sandbox;

/// <summary>An answer of an imitated method.</summary>
public sealed record Reply(int Status, JsonNode? Body = null)
{
    public Dictionary<string, string> Headers { get; } = [];

    public async Task WriteAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        foreach (var (name, value) in Headers) http.Response.Headers[name] = value;
        if (Body is null) return;
        http.Response.ContentType = "application/json; charset=UTF-8";
        await http.Response.WriteAsync(Body.ToJsonString());
    }
}
