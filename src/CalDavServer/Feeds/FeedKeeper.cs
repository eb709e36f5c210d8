using System.Security.Cryptography;
using CalDavServer.Options;
using Calendaring.Store;
using Microsoft.AspNetCore.DataProtection;
using Practice;
using Practice.Audit;
using Practice.Feeds;

namespace CalDavServer.Feeds;

/// <summary>Makes the secret addresses of one-way feeds, and shows them again to their practitioners.</summary>
internal sealed class FeedKeeper(FeedBook book, IDataProtectionProvider protection, ServerOptions options)
{
    private readonly IDataProtector _protector = protection.CreateProtector("one-way feed");

    /// <summary>Gives a practitioner's feed a new address; false when it is another than they saw.</summary>
    public Task<bool> RenewAsync(Principal practitioner, Feed? seen, PrivacyLevel level, AuditActor by)
    {
        var secret = FeedSecret.Generate();
        return book.SetAddressAsync(practitioner, seen, FeedSecret.Hash(secret), _protector.Protect(secret), level, by);
    }

    /// <summary>The address of a feed: at the server's public address, or where it was asked for; null when the key that encrypted it is lost.</summary>
    public string? AddressOf(Feed feed, HttpRequest request)
    {
        try
        {
            var server = options.PublicAddress ?? new Uri($"{request.Scheme}://{request.Host}");
            return new Uri(server, $"{FeedHosting.Path}/{_protector.Unprotect(feed.ProtectedSecret)}.ics").AbsoluteUri;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
