using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace ProviderBridge.Halaxy;

/// <summary>What webhooks of a practice's Halaxy account are known by.</summary>
/// <param name="Secret">The part of their address that nobody can guess.</param>
/// <param name="Header">What they say in their Authentication Header, where it is asked for.</param>
public sealed record HalaxyHook(string Secret, string Header)
{
    /// <summary>Another one, which nobody knows.</summary>
    public static HalaxyHook Make() => new(RandomNumberGenerator.GetHexString(48, lowercase: true), $"Bearer {RandomNumberGenerator.GetHexString(48, lowercase: true)}");

    /// <inheritdoc/>
    public override string ToString() => nameof(HalaxyHook);
}

/// <summary>What opens Halaxy accounts, and what their webhooks are known by: encrypted wherever it is kept.</summary>
public sealed class HalaxySecrets(IDataProtectionProvider protection)
{
    /// <summary>Encrypts a client secret.</summary>
    public string Protect(string groupId, string clientSecret) => Of(groupId, "key").Protect(clientSecret);

    /// <summary>Encrypts what webhooks are known by.</summary>
    public string Protect(string groupId, HalaxyHook hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        return Of(groupId, "hook").Protect($"{hook.Secret}\n{hook.Header}");
    }

    /// <summary>The key of a connection; null when there is none, or this server has lost what it was encrypted with.</summary>
    public HalaxyKey? KeyOf(HalaxyConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return Read(connection.GroupId, "key", connection.ProtectedSecret) is { } secret ? new HalaxyKey(connection.Address, connection.ClientId, secret) : null;
    }

    /// <summary>What the webhooks of a connection are known by; null when there is nothing, or this server has lost what it was encrypted with.</summary>
    public HalaxyHook? HookOf(HalaxyConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return Read(connection.GroupId, "hook", connection.ProtectedHook)?.Split('\n') is [var secret, var header] ? new HalaxyHook(secret, header) : null;
    }

    /// <summary>A version of a diary that did not count with its comments encrypted, as it is kept.</summary>
    internal HalaxyOverruled Hide(HalaxyOverruled lost) => lost with { ProtectedComments = lost.Comments is { Length: > 0 } comments ? Of(lost.GroupId, "comments").Protect(comments) : null };

    /// <summary>It with its comments to be read, unless this server has lost what they were encrypted with.</summary>
    internal HalaxyOverruled Show(HalaxyOverruled lost) => lost with { Comments = Read(lost.GroupId, "comments", lost.ProtectedComments ?? "") };

    private string? Read(string groupId, string what, string text)
    {
        if (text.Length == 0) return null;
        try
        {
            return Of(groupId, what).Unprotect(text);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector Of(string groupId, string what) => protection.CreateProtector("halaxy", groupId, what);
}
