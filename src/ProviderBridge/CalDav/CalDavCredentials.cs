using System.Net.Http.Headers;
using System.Text;

namespace ProviderBridge.CalDav;

/// <summary>What an account is opened with.</summary>
/// <param name="Login">Who.</param>
/// <param name="Password">The password: at iCloud one for this server alone.</param>
public sealed record CalDavCredentials(string Login, string Password)
{
    /// <summary>As Basic authentication sends it (RFC 7617).</summary>
    internal AuthenticationHeaderValue ToHeader() => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Login}:{Password}")));

    /// <inheritdoc/>
    public override string ToString() => nameof(CalDavCredentials);
}
