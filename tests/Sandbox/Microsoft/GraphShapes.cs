namespace Sandbox.Microsoft;

/// <summary>The resources that may be sent.</summary>
public static class GraphShapes
{
    public static readonly Shape Time = new("DateTimeTimeZone", new() { ["dateTime"] = "string", ["timeZone"] = "string" });

    private static readonly Shape Pattern = new("RecurrencePattern", new()
    {
        ["type"] = "string",
        ["interval"] = "integer",
        ["month"] = "integer",
        ["dayOfMonth"] = "integer",
        ["daysOfWeek"] = new object[] { "string" },
        ["firstDayOfWeek"] = "string",
        ["index"] = "string",
    });

    private static readonly Shape Range = new("RecurrenceRange", new()
    {
        ["type"] = "string",
        ["startDate"] = "string",
        ["endDate"] = "string",
        ["recurrenceTimeZone"] = "string",
        ["numberOfOccurrences"] = "integer",
    });

    private static readonly Shape Property = new("SingleValueLegacyExtendedProperty", new() { ["id"] = "string", ["value"] = "string" });

    public static readonly Shape Event = new("Event", new()
    {
        ["subject"] = "string",
        ["body"] = new Shape("ItemBody", new() { ["contentType"] = "string", ["content"] = "string" }),
        ["start"] = Time,
        ["end"] = Time,
        ["isAllDay"] = "boolean",
        ["location"] = new Shape("Location", new()
        {
            ["displayName"] = "string",
            ["locationType"] = "string",
            ["uniqueId"] = "string",
            ["uniqueIdType"] = "string",
            ["address"] = "any",
            ["coordinates"] = "any",
            ["locationEmailAddress"] = "string",
            ["locationUri"] = "string",
        }),
        ["recurrence"] = new Shape("PatternedRecurrence", new() { ["pattern"] = Pattern, ["range"] = Range }),
        ["showAs"] = "string",
        ["sensitivity"] = "string",
        ["importance"] = "string",
        ["categories"] = new object[] { "string" },
        ["isReminderOn"] = "boolean",
        ["reminderMinutesBeforeStart"] = "integer",
        ["transactionId"] = "string",
        ["attendees"] = "any",
        ["responseRequested"] = "boolean",
        ["isOnlineMeeting"] = "boolean",
        ["allowNewTimeProposals"] = "boolean",
        ["hideAttendees"] = "boolean",
        ["singleValueExtendedProperties"] = new object[] { Property },
    });

    public static readonly Shape Calendar = new("Calendar", new() { ["name"] = "string", ["color"] = "string", ["hexColor"] = "string", ["isDefaultCalendar"] = "boolean" });

    public static readonly Shape Subscription = new("Subscription", new()
    {
        ["changeType"] = "string",
        ["notificationUrl"] = "string",
        ["lifecycleNotificationUrl"] = "string",
        ["resource"] = "string",
        ["expirationDateTime"] = "string",
        ["clientState"] = "string",
        ["latestSupportedTlsVersion"] = "string",
    });
}
