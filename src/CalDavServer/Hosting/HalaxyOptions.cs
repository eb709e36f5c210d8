namespace CalDavServer.Hosting;

/// <summary>Where Halaxy is: <c>halaxyaddress</c>, which is for a stand-in and takes the place of its regions.</summary>
internal static class HalaxyOptions
{
    /// <summary>Reads it; null when it is not set.</summary>
    /// <exception cref="Options.CommandFailure">It is not valid.</exception>
    public static Uri? Read(IConfiguration settings)
    {
        var none = new Uri("https://halaxy.invalid/");
        var address = Registration.Address(settings, "halaxyaddress", none);
        if (address == none) return null;
        return address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
    }
}
