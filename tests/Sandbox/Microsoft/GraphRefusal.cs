namespace Sandbox.Microsoft;

/// <summary>Graph's refusals by name.</summary>
public static class GraphRefusal
{
    public static GraphException BadRequest(string message) => new(400, "ErrorInvalidRequest", message);

    public static GraphException Property(string message) => new(400, "ErrorPropertyValidationFailure", message);

    public static GraphException Unauthorized() => new(401, "InvalidAuthenticationToken", "Access token is empty, expired or revoked.");

    public static GraphException Denied() => new(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");

    public static GraphException NotFound() => new(404, "ErrorItemNotFound", "The specified object was not found in the store.");

    public static GraphException Conflict() =>
        new(412, "ErrorIrresolvableConflict", "The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.");

    public static GraphException SameTransaction(string existing) =>
        new(409, "ErrorDuplicateTransactionId", "Your request can't be completed. The TransactionId specified in the request has already been used to create a different event.") { ExistingEvent = existing };

    public static GraphException Crossing() => new(400, "ErrorOccurrenceCrossingBoundary", "Modified occurrence is crossing or overlapping adjacent occurrence.");

    public static GraphException SyncState() => new(410, "SyncStateNotFound", "The sync state generation is not found.");

    public static GraphException Throttled() => new(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.") { RetryAfter = 1 };

    /// <summary>Said by the sandbox, not by Graph.</summary>
    public static GraphException NotImitated(string what) => new(501, "notImplemented", $"The sandbox does not imitate {what}.");
}
