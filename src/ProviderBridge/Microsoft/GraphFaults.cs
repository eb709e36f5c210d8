using System.Globalization;
using Microsoft.Graph.Models.ODataErrors;
using Microsoft.Kiota.Abstractions;
using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Microsoft;

/// <summary>
/// Tells Graph's refusals apart by their code, and by their status only where the code says nothing: a 404 may be a mailbox that is being moved, and no deletion. What is told of them is status and code only: the message of an error
/// may repeat what was sent.
/// </summary>
internal static class GraphFaults
{
    /// <summary>An occurrence may neither pass its neighbour nor be on the same day.</summary>
    public const string Crossing = "ErrorOccurrenceCrossingBoundary";

    // a mailbox that is full stays so for a while
    private static readonly Duration Full = Duration.FromHours(1);

    public static OutsideException Of(ApiException refused, Instant now)
    {
        var (status, code) = (refused.ResponseStatusCode, CodeOf(refused));
        var (fault, wait) = (FaultOf(status, code), RetryAfter.AtMost(WaitOf(refused, now)));
        if (code is "ErrorQuotaExceeded" or "ErrorExceededMaxRecipientLimit") wait = Duration.Max(wait ?? Full, Full);
        // a mailbox that is not there, and a service that is away, are so for the calendar too
        var mayBeOfOne = wait is null && fault == OutsideFault.Unavailable && status is 403 or 404 or 408 or >= 500;
        return new OutsideException(fault, string.Create(CultureInfo.InvariantCulture, $"Microsoft answered {status} {code}.")) { RetryAfter = wait, MayBeOfOne = mayBeOfOne };
    }

    /// <summary>Whether Graph says of the one thing that was asked for that it is not there.</summary>
    public static bool IsGone(ApiException refused) => refused.ResponseStatusCode == 404 && CodeOf(refused) is "ErrorItemNotFound" or "itemNotFound" or "ResourceNotFound" or "ErrorCalendarFolderNotFound";

    public static bool IsTaken(ApiException refused) => CodeOf(refused) is "ErrorDuplicateTransactionId" || (refused.ResponseStatusCode == 409 && CodeOf(refused) != "ErrorIrresolvableConflict");

    public static bool IsChanged(ApiException refused) => refused.ResponseStatusCode == 412 || CodeOf(refused) == "ErrorIrresolvableConflict";

    public static bool IsLost(ApiException refused) => refused.ResponseStatusCode == 410 || CodeOf(refused) is "SyncStateNotFound" or "SyncStateInvalid" or "resyncRequired";

    public static string CodeOf(ApiException refused) =>
        (refused as ODataError)?.Error?.Code is { Length: > 0 and < 80 } code && code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') ? code : "without a code";

    private static OutsideFault FaultOf(int status, string code) => (status, code) switch
    {
        (_, "ApplicationThrottled" or "TooManyRequests" or "ErrorServerBusy" or "ErrorQuotaExceeded" or "ErrorExceededConnectionCount") => OutsideFault.TooMany,
        (429, _) => OutsideFault.TooMany,
        (401, _) => OutsideFault.NeedsReconnecting,
        (403, "ErrorAccessDenied" or "AccessDenied" or "accessDenied" or "Authorization_RequestDenied") => OutsideFault.NeedsReconnecting,
        // a mailbox that is moved, blocked or suspended is there again some time
        (403 or 404, _) => OutsideFault.Unavailable,
        (408 or >= 500, _) => OutsideFault.Unavailable,
        ( >= 400, _) => OutsideFault.Rejected,
        _ => OutsideFault.Unavailable,
    };

    private static Duration? WaitOf(ApiException refused, Instant now)
    {
        if (refused.ResponseHeaders?.FirstOrDefault(header => header.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault() is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return Duration.FromSeconds(seconds);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? Duration.Max(Duration.Zero, Instant.FromDateTimeOffset(date) - now) : null;
    }
}
