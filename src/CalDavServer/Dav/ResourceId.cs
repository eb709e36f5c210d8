using System.Security.Cryptography;
using System.Text;
using Calendaring.Store;

namespace CalDavServer.Dav;

/// <summary>Stable <c>urn:uuid</c> names (RFC 5842 §3.1, RFC 6638 §2.4.1), made from the opaque ids of the store.</summary>
internal static class ResourceId
{
    public static string Of(Principal principal) => Of("principal:" + principal.Id);

    public static string Of(Collection collection) => Of("collection:" + collection.Incarnation);

    // RFC 9562 §5.8: version 8, a hash of our own choice
    private static string Of(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return "urn:uuid:" + new Guid(hash[..16], bigEndian: true).ToString("D");
    }
}
