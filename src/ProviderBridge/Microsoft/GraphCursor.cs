using System.Globalization;
using NodaTime;

namespace ProviderBridge.Microsoft;

/// <summary>From where changes are read: Graph's own link, and when all was last listed.</summary>
/// <param name="Listed">When all was last listed.</param>
/// <param name="Link">Graph's link.</param>
internal sealed record GraphCursor(Instant Listed, string Link)
{
    // changes far from today are told as a rule, and not for certain
    private static readonly Duration Good = Duration.FromDays(7);

    /// <summary>Reads a cursor; null when there is none, or all has to be listed again.</summary>
    public static GraphCursor? Read(string? text, Instant now)
    {
        if (text?.Split(' ', 2) is not [var at, var link] || !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return null;
        var cursor = new GraphCursor(Instant.FromUnixTimeSeconds(seconds), link);
        return cursor.Listed <= now && now - cursor.Listed < Good ? cursor : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Listed.ToUnixTimeSeconds()} {Link}");
}
