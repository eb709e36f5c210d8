using System.Text.Json;

namespace ProviderBridge.CalDav;

/// <summary>An object as a CalDAV server has it.</summary>
/// <param name="Href">Its address, as it was listed.</param>
/// <param name="Version">Its version.</param>
/// <param name="Modified">When that was made, in seconds since 1970; null when the server does not say.</param>
/// <param name="Text">All that is in it.</param>
internal sealed record ObjectCopy(string Href, string Version, long? Modified, string Text)
{
    public string Write() => JsonSerializer.Serialize(this, CalDavJson.Default.ObjectCopy);

    public static ObjectCopy Read(string text) => JsonSerializer.Deserialize(text, CalDavJson.Default.ObjectCopy)!;
}
