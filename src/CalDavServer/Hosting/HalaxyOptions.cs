namespace CalDavServer.Hosting;

/// <summary>Where Halaxy is: <c>halaxyaddress</c>, which is for a stand-in and takes the place of its regions.</summary>
internal static class HalaxyOptions
{
    /// <summary>Reads it; null when it is not set.</summary>
    /// <exception cref="Options.CommandFailure">It is not valid.</exception>
    public static Uri? Read(IConfiguration settings)
    {
        if (settings.ReadAddress("halaxyaddress") is not { } address) return null;
        return address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
    }
}
