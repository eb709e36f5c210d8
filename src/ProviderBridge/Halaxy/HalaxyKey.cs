namespace ProviderBridge.Halaxy;

/// <summary>An API key that an administrator made in Halaxy, and the region where it is good. The secret is never shown: not by <see cref="ToString"/> either.</summary>
/// <param name="Address">The base of the API, with a slash at its end, such as <see cref="Au"/>.</param>
/// <param name="ClientId">The client id.</param>
/// <param name="ClientSecret">The client secret.</param>
public sealed record HalaxyKey(Uri Address, string ClientId, string ClientSecret)
{
    /// <summary>The region of all countries but those of <see cref="Eu"/>.</summary>
    public static Uri Au { get; } = new("https://au-api.halaxy.com/main/");

    /// <summary>The region of the United Kingdom and the European Union.</summary>
    public static Uri Eu { get; } = new("https://eu-api.halaxy.com/main/");

    /// <summary>Where a region is, by the word that the page has for it; null for one that is none.</summary>
    public static Uri? OfRegion(string region) => region switch
    {
        "au" => Au,
        "eu" => Eu,
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => $"a Halaxy key at {Address.Host}";
}
