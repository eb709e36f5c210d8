namespace Sandbox.Google;

/// <summary>Google's refusals by name.</summary>
public static class Refusal
{
    public static GoogleException Invalid(string message, string? parameter = null) =>
        new(400, "invalid", message, location: parameter, locationType: parameter is null ? null : "parameter");

    public static GoogleException Required(string message) => new(400, "required", message);

    public static GoogleException BadRequest() => new(400, "badRequest", "Bad Request");

    public static GoogleException TimeRangeEmpty() => new(400, "timeRangeEmpty", "The specified time range is empty.", "calendar");

    public static GoogleException NotFound() => new(404, "notFound", "Not Found");

    public static GoogleException Deleted() => new(410, "deleted", "Resource has been deleted");

    public static GoogleException Duplicate() => new(409, "duplicate", "The requested identifier already exists.");

    public static GoogleException ConditionNotMet() => new(412, "conditionNotMet", "Precondition Failed", location: "If-Match", locationType: "header");

    public static GoogleException FullSyncRequired() =>
        new(410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.", "calendar", "syncToken", "parameter");

    public static GoogleException UpdatedMinTooLongAgo() =>
        new(410, "updatedMinTooLongAgo", "The requested minimum modification time lies too far in the past.", "calendar", "updatedMin", "parameter");

    public static GoogleException Unauthorized() => new(401, "authError", "Invalid Credentials", location: "Authorization", locationType: "header");

    public static GoogleException Scope() => new(403, "insufficientPermissions", "Request had insufficient authentication scopes.");

    public static GoogleException Forbidden() => new(403, "forbidden", "Forbidden");

    public static GoogleException UserRate() => new(403, "userRateLimitExceeded", "User Rate Limit Exceeded", "usageLimits");

    public static GoogleException Rate() => new(429, "rateLimitExceeded", "Rate Limit Exceeded", "usageLimits");

    public static GoogleException CalendarLimits() => new(403, "quotaExceeded", "Calendar usage limits exceeded.", "usageLimits");

    /// <summary>Said by the sandbox, not by Google: what it does not imitate it does not pretend.</summary>
    public static GoogleException NotImitated(string what) => new(501, "notImplemented", $"The sandbox does not imitate {what}.");
}
