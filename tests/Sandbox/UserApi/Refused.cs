using System.Text.Json;
using System.Text.Json.Nodes;
using NodaTime.Text;
using Sandbox.Google;
using Sandbox.Halaxy;
using Sandbox.Microsoft;

namespace Sandbox.UserApi;

/// <summary>What a person cannot do is said with 400 and a sentence.</summary>
public static class Refused
{
    public static async Task GuardAsync(HttpContext http, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception refusal) when (Is(refusal))
        {
            await new Reply(400, new JsonObject { ["error"] = refusal.Message }).WriteAsync(http);
        }
    }

    private static bool Is(Exception exception) =>
        exception is NotThereException or GoogleException or GraphException or HalaxyException or ShapeException or JsonException or UnparsableValueException or InvalidOperationException or FormatException;
}
