namespace Sandbox.Google;

/// <summary>The resources that the stand-in takes and gives.</summary>
public static class Shapes
{
    private static readonly Dictionary<string, string> StringMap = [];

    public static readonly Shape Time = new("EventDateTime", new() { ["date"] = "string", ["dateTime"] = "string", ["timeZone"] = "string" });

    private static readonly Shape Reminder = new("EventReminder", new() { ["method"] = "string", ["minutes"] = "integer" });

    private static readonly Shape Attendee = new("EventAttendee", new()
    {
        ["additionalGuests"] = "integer",
        ["comment"] = "string",
        ["displayName"] = "string",
        ["email"] = "string",
        ["id"] = "string",
        ["optional"] = "boolean",
        ["organizer"] = "boolean",
        ["resource"] = "boolean",
        ["responseStatus"] = "string",
        ["self"] = "boolean",
    });

    private static readonly Shape Person = new("", new() { ["displayName"] = "string", ["email"] = "string", ["id"] = "string", ["self"] = "boolean" });

    public static readonly Shape Event = new("Event", new()
    {
        ["anyoneCanAddSelf"] = "boolean",
        ["attachments"] = "any",
        ["attendees"] = new object[] { Attendee },
        ["attendeesOmitted"] = "boolean",
        ["colorId"] = "string",
        ["conferenceData"] = "any",
        ["created"] = "string",
        ["creator"] = Person,
        ["description"] = "string",
        ["end"] = Time,
        ["endTimeUnspecified"] = "boolean",
        ["etag"] = "string",
        ["eventType"] = "string",
        ["extendedProperties"] = new Shape("", new() { ["private"] = StringMap, ["shared"] = StringMap }),
        ["guestsCanInviteOthers"] = "boolean",
        ["guestsCanModify"] = "boolean",
        ["guestsCanSeeOtherGuests"] = "boolean",
        ["hangoutLink"] = "string",
        ["htmlLink"] = "string",
        ["iCalUID"] = "string",
        ["id"] = "string",
        ["kind"] = "string",
        ["location"] = "string",
        ["locked"] = "boolean",
        ["organizer"] = Person,
        ["originalStartTime"] = Time,
        ["privateCopy"] = "boolean",
        ["recurrence"] = new object[] { "string" },
        ["recurringEventId"] = "string",
        ["reminders"] = new Shape("", new() { ["overrides"] = new object[] { Reminder }, ["useDefault"] = "boolean" }),
        ["sequence"] = "integer",
        ["source"] = new Shape("", new() { ["title"] = "string", ["url"] = "string" }),
        ["start"] = Time,
        ["status"] = "string",
        ["summary"] = "string",
        ["transparency"] = "string",
        ["updated"] = "string",
        ["visibility"] = "string",
    });

    public static readonly Shape Calendar = new("Calendar", new()
    {
        ["conferenceProperties"] = "any",
        ["description"] = "string",
        ["etag"] = "string",
        ["id"] = "string",
        ["kind"] = "string",
        ["location"] = "string",
        ["summary"] = "string",
        ["timeZone"] = "string",
    });

    public static readonly Shape CalendarListEntry = new("CalendarListEntry", new()
    {
        ["accessRole"] = "string",
        ["backgroundColor"] = "string",
        ["colorId"] = "string",
        ["conferenceProperties"] = "any",
        ["defaultReminders"] = new object[] { Reminder },
        ["deleted"] = "boolean",
        ["description"] = "string",
        ["etag"] = "string",
        ["foregroundColor"] = "string",
        ["hidden"] = "boolean",
        ["id"] = "string",
        ["kind"] = "string",
        ["location"] = "string",
        ["notificationSettings"] = "any",
        ["primary"] = "boolean",
        ["selected"] = "boolean",
        ["summary"] = "string",
        ["summaryOverride"] = "string",
        ["timeZone"] = "string",
    });

    public static readonly Shape Channel = new("Channel", new()
    {
        ["address"] = "string",
        ["expiration"] = "integer",
        ["id"] = "string",
        ["kind"] = "string",
        ["params"] = StringMap,
        ["payload"] = "boolean",
        ["resourceId"] = "string",
        ["resourceUri"] = "string",
        ["token"] = "string",
        ["type"] = "string",
    });
}
