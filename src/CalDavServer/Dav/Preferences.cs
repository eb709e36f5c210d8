using Microsoft.Extensions.Primitives;

namespace CalDavServer.Dav;

/// <summary>
/// What a client would rather have (RFC 7240, RFC 8144): <c>return=minimal</c> with its old spelling <c>return-minimal</c> and <c>Brief: t</c>,
/// <c>return=representation</c>, <c>depth-noroot</c>.
/// </summary>
internal readonly record struct Preferences(bool ReturnMinimal, bool ReturnRepresentation, bool DepthNoRoot)
{
    public static Preferences Of(HttpRequest request)
    {
        var headers = request.Headers;
        var minimal = headers.TryGetValue("Brief", out var brief) && brief.Count == 1 && brief[0].AsSpan().Trim() is "t" or "T";
        if (!headers.TryGetValue("Prefer", out var prefer)) return new Preferences(minimal, false, false);

        var representation = false;
        var noRoot = false;
        foreach (var value in prefer)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                var name = value.AsSpan()[range];
                var end = name.IndexOf(';');
                name = (end < 0 ? name : name[..end]).Trim();
                minimal |= Is(name, "return=minimal") || Is(name, "return-minimal") || Is(name, "return=\"minimal\"");
                representation |= Is(name, "return=representation") || Is(name, "return-representation");
                noRoot |= Is(name, "depth-noroot");
            }
        }

        return new Preferences(minimal, representation, noRoot);
    }

    /// <summary>Says in the answer that a preference was followed, and that the answer depends on it (RFC 7240 §3).</summary>
    public static void Applied(HttpResponse response, string preference)
    {
        response.Headers["Preference-Applied"] = preference;
        response.Headers.Vary = StringValues.Concat(response.Headers.Vary, "Prefer, Brief");
    }

    private static bool Is(ReadOnlySpan<char> name, string preference) => name.Equals(preference, StringComparison.OrdinalIgnoreCase);
}
