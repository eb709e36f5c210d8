namespace ProviderBridge.CalDav;

/// <summary>An account that was found at a CalDAV server.</summary>
/// <param name="Server">The server that the person named: from there it is found again, wherever it moves.</param>
/// <param name="Principal">Names the account (RFC 5397).</param>
/// <param name="Homes">The collections that hold its calendars (RFC 4791 §6.2.1).</param>
public sealed record CalDavAccountFacts(Uri Server, Uri Principal, IReadOnlyList<Uri> Homes)
{
    /// <summary>Names the account for ever: the host may be another tomorrow.</summary>
    public string Subject => $"{Server.IdnHost} {Uri.UnescapeDataString(Principal.AbsolutePath).TrimEnd('/')}";
}
