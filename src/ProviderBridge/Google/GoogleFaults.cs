using System.Globalization;
using Google;
using NodaTime;
using ProviderBridge.Sync;

namespace ProviderBridge.Google;

/// <summary>
/// Tells Google's refusals apart by their reason: a 403 may be a limit for a minute, one for hours, a box that was not ticked, or one event that may not be changed. What is told of them is status and reason only: the message
/// of an error may repeat what was sent.
/// </summary>
internal static class GoogleFaults
{
    // "Calendar usage limits exceeded" lasts for hours, and does not say how many
    private static readonly Duration CalendarLimit = Duration.FromHours(1);

    public static OutsideException Of(GoogleApiException refused, Duration? retryAfter)
    {
        var reason = ReasonOf(refused);
        retryAfter = RetryAfter.AtMost(retryAfter);
        var fault = FaultOf((int)refused.HttpStatusCode, reason);
        if (fault == OutsideFault.TooMany && reason is "quotaExceeded" or "dailyLimitExceeded") retryAfter = Duration.Max(retryAfter ?? CalendarLimit, CalendarLimit);
        return new OutsideException(fault, string.Create(CultureInfo.InvariantCulture, $"Google answered {(int)refused.HttpStatusCode} {reason}.")) { RetryAfter = retryAfter, MayBeOfOne = retryAfter is null && MayBeOfOne(fault, (int)refused.HttpStatusCode, reason) };
    }

    /// <summary>Whether a refusal may be of one event, though no reason says so: that of the account, or of this server, would be of the calendar too.</summary>
    private static bool MayBeOfOne(OutsideFault fault, int status, string reason) => fault switch
    {
        OutsideFault.Unavailable => status is 408 or >= 500,
        OutsideFault.NeedsReconnecting => status == 403 && reason is not ("insufficientPermissions" or "ACCESS_TOKEN_SCOPE_INSUFFICIENT" or "authError"),
        _ => false,
    };

    private static OutsideFault FaultOf(int status, string reason) => (status, reason) switch
    {
        (_, "rateLimitExceeded" or "userRateLimitExceeded" or "quotaExceeded" or "dailyLimitExceeded" or "variableTermLimitExceeded") => OutsideFault.TooMany,
        (429, _) => OutsideFault.TooMany,
        (401, _) => OutsideFault.NeedsReconnecting,
        // one event that is somebody else's
        (403, "forbiddenForNonOrganizer" or "forbiddenForServiceAccounts") => OutsideFault.Rejected,
        // the app itself is not set up: nothing that the practitioner could do
        (403, "accessNotConfigured" or "serviceDisabled" or "SERVICE_DISABLED") => OutsideFault.NotRegistered,
        (403, _) => OutsideFault.NeedsReconnecting,
        (408 or >= 500, _) => OutsideFault.Unavailable,
        ( >= 400, _) => OutsideFault.Rejected,
        _ => OutsideFault.Unavailable,
    };

    private static string ReasonOf(GoogleApiException refused) =>
        refused.Error?.Errors?.Select(one => one.Reason).FirstOrDefault(reason => reason is { Length: > 0 and < 60 } && reason.All(letter => char.IsAsciiLetter(letter) || letter == '_')) ?? "without a reason";
}
