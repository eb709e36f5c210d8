using System.Collections.Concurrent;
using System.Reflection;
using System.Security.Cryptography;

namespace CalDavServer.Web;

/// <summary>Addresses of styles and scripts: each with the version of its content, so that browsers keep it until it changes.</summary>
internal static class Assets
{
    private static readonly Assembly Built = typeof(Assets).Assembly;
    private static readonly ConcurrentDictionary<string, string> Addresses = new();

    /// <summary>The address of a file of <c>Web/Assets</c>.</summary>
    public static string Address(string name) => Addresses.GetOrAdd(name, static name =>
    {
        using var file = Built.GetManifestResourceStream($"CalDavServer.Web.Assets.{name}")
            ?? throw new InvalidOperationException($"There is no {name} in Web/Assets.");
        return $"/assets/{name}?v={Convert.ToHexStringLower(SHA256.HashData(file).AsSpan(0, 6))}";
    });
}
