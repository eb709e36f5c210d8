namespace ProviderBridge.CalDav;

/// <summary>The addresses at which an account may be, of what a person typed: an address, the name of a server, or an e-mail address (RFC 6764 §6).</summary>
internal static class CalDavAddress
{
    private const string WellKnown = "/.well-known/caldav";

    /// <summary>Where to look, the likeliest first.</summary>
    /// <exception cref="CalDavException">It is none of these.</exception>
    public static IReadOnlyList<Uri> Candidates(string typed, CalDavReach reach)
    {
        if (Read(typed.Trim(), reach) is not { } address) throw new CalDavException(CalDavProblem.NoAddress, "What was typed is not an address.");
        var root = new Uri(address, "/");
        List<Uri> candidates = address.AbsolutePath == "/" ? [] : [address];
        candidates.AddRange([new Uri(root, WellKnown), root]);
        return [.. candidates.Distinct()];
    }

    private static Uri? Read(string typed, CalDavReach reach)
    {
        var isAddress = typed.Contains("://", StringComparison.Ordinal);
        if (!isAddress && !typed.Contains('/', StringComparison.Ordinal)) typed = typed[(typed.LastIndexOf('@') + 1)..];
        if (!Uri.TryCreate(isAddress ? typed : $"https://{typed}", UriKind.Absolute, out var address) || address.Host.Length == 0) return null;
        if (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp) return null;
        // a password goes over https, whatever was typed
        var isPlain = address.Scheme == Uri.UriSchemeHttp && reach.MaySend(address);
        var port = isPlain || !address.IsDefaultPort ? address.Port : 443;
        return new UriBuilder(isPlain ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, address.IdnHost, port, address.AbsolutePath).Uri;
    }
}
