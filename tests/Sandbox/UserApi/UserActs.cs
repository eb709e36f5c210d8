using System.Text.Json.Nodes;
using Sandbox.State;

namespace Sandbox.UserApi;

/// <summary>What a person does, as JSON for tests and as a form for the sandbox's pages; each is one step.</summary>
public static class UserActs
{
    public static void Map(IEndpointRouteBuilder routes, Store store, string path, Func<HttpContext, JsonObject, JsonNode?> act, string back = "/") => routes.MapPost(path, http => Refused.GuardAsync(http, async () =>
    {
        var body = await ReadAsync(http);
        var answer = store.Locked(() => act(http, body));
        if (http.Request.HasFormContentType) http.Response.Redirect(back);
        else await Json(http, answer);
    }));

    public static string Need(JsonObject body, string name) => (string?)body[name] is { Length: > 0 } value ? value : throw new NotThereException($"\"{name}\" is missing.");

    public static Task Json(HttpContext http, JsonNode? node) => new Reply(200, node ?? new JsonObject()).WriteAsync(http);

    public static JsonNode? Done(Action act)
    {
        act();
        return null;
    }

    private static async Task<JsonObject> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType) return http.Request.ContentLength is 0 or null ? [] : await JsonNode.ParseAsync(http.Request.Body) as JsonObject ?? [];
        var form = await http.Request.ReadFormAsync();
        return new JsonObject(form.Select(x => KeyValuePair.Create(x.Key, (JsonNode?)x.Value.ToString())));
    }
}
