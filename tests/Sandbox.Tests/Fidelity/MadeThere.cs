using System.Text.Json.Nodes;

namespace Sandbox.Tests.Fidelity;

/// <summary>What a person does to a date of what they made.</summary>
/// <param name="Verb">What, as <c>OutsideLink.PersonAsync</c> has it.</param>
/// <param name="At">When that date begins, as the person sees it.</param>
/// <param name="Start">When it begins then; null where it is not moved.</param>
internal sealed record Act(string Verb, string At, string? Start = null)
{
    /// <summary>When it ends then.</summary>
    public string? End => Start?.Replace(":00", ":45", StringComparison.Ordinal);
}

/// <summary>One thing that somebody makes in the service's own calendar: a row of the table.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Google">What it has of its own in a resource of Google's API; null where there is no such thing at Google.</param>
/// <param name="Microsoft">The same of Graph's.</param>
/// <param name="Lines">What it is in iCalendar, as <see cref="Sample"/> has it: what a CalDAV server is given, and what should be in the practice.</param>
internal sealed partial record MadeThere(string Name, string? Google, string? Microsoft, params string[] Lines)
{
    private const string OrdinaryAtGoogle =
        """{"summary":"Visit","start":{"dateTime":"2026-03-03T10:00:00","timeZone":"Australia/Melbourne"},"end":{"dateTime":"2026-03-03T10:45:00","timeZone":"Australia/Melbourne"}}""";

    private const string OrdinaryAtMicrosoft =
        """{"subject":"Visit","start":{"dateTime":"2026-03-03T10:00:00","timeZone":"AUS Eastern Standard Time"},"end":{"dateTime":"2026-03-03T10:45:00","timeZone":"AUS Eastern Standard Time"}}""";

    /// <summary>Whether a CalDAV server can have it.</summary>
    public bool IsInCalDav { get; init; } = true;

    /// <summary>What the person does to it then.</summary>
    public IReadOnlyList<Act> Acts { get; init; } = [];

    /// <summary>The lines of each series that was split off it.</summary>
    public IReadOnlyList<string[]> Rest { get; init; } = [];

    /// <summary>What it is in iCalendar, one object after another.</summary>
    public IEnumerable<Sample> Objects => Rest.Prepend(Lines).Select(lines => new Sample(Name, lines));

    /// <summary>The resource for Google's API.</summary>
    public JsonObject AtGoogle => Laid(OrdinaryAtGoogle, Google!);

    /// <summary>The resource for Graph.</summary>
    public JsonObject AtMicrosoft => Laid(OrdinaryAtMicrosoft, Microsoft!);

    /// <summary>Everything but times and rules.</summary>
    public static IReadOnlyList<MadeThere> Words { get; } =
    [
        new("Title", """{"summary":"Lunch with Ann"}""", """{"subject":"Lunch with Ann"}""", "SUMMARY:Lunch with Ann"),
        new("Title with marks and emoji", """{"summary":"<b>A & B</b>, 50% 😀"}""", """{"subject":"<b>A & B</b>, 50% 😀"}""", "SUMMARY:<b>A & B</b>\\, 50% 😀"),
        new("Without a title", """{"summary":null}""", """{"subject":null}"""),
        new("Description of several lines", """{"description":"First line\n\n  indented\nlast"}""", Body("text", "First line\\n\\n  indented\\nlast"), "DESCRIPTION:First line\\n\\n  indented\\nlast"),
        new("Description in HTML", """{"description":"Ring <b>before</b> 5<br>&amp; after"}""", Body("html", "<html><body><p>Ring <b>before</b> 5<br>&amp; after</p></body></html>"), "DESCRIPTION:Ring <b>before</b> 5<br>&amp\\; after"),
        new("Description of 8 000 characters", $$"""{"description":"{{Long}}"}""", Body("text", Long), $"DESCRIPTION:{Long}"),
        new("Place", """{"location":"Room 2, Main St"}""", """{"location":{"displayName":"Room 2, Main St"}}""", "LOCATION:Room 2\\, Main St"),
        new("Place with an address and coordinates", null, """{"location":{"displayName":"Clinic","address":{"street":"1 Main St","city":"Melbourne"},"coordinates":{"latitude":-37.8,"longitude":144.9}}}""", "LOCATION:Clinic", "GEO:-37.8;144.9", "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=Clinic:geo:-37.8,144.9"),
        new("Tentative", """{"status":"tentative"}""", """{"showAs":"tentative"}""", "STATUS:TENTATIVE"),
        new("Confirmed", """{"status":"confirmed"}""", null, "STATUS:CONFIRMED"),
        new("Cancelled by its organiser", null, """{"isCancelled":true}""", "STATUS:CANCELLED"),
        new("Free (takes no time)", """{"transparency":"transparent"}""", """{"showAs":"free"}""", "TRANSP:TRANSPARENT"),
        new("Out of office", null, """{"showAs":"oof"}""", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"),
        new("Working elsewhere", null, """{"showAs":"workingElsewhere"}""", "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"),
        new("Public", """{"visibility":"public"}""", null, "CLASS:PUBLIC"),
        new("Private", """{"visibility":"private"}""", """{"sensitivity":"private"}""", "CLASS:PRIVATE"),
        new("Confidential", """{"visibility":"confidential"}""", """{"sensitivity":"confidential"}""", "CLASS:CONFIDENTIAL"),
        new("Personal", null, """{"sensitivity":"personal"}""", "CLASS:X-PERSONAL"),
        new("Colour", """{"colorId":"11"}""", null, "COLOR:tomato"),
        new("Categories", null, """{"categories":["Red category"]}""", "CATEGORIES:Red category"),
        new("Importance", null, """{"importance":"high"}""", "PRIORITY:1"),
        new("Alert", """{"reminders":{"useDefault":false,"overrides":[{"method":"popup","minutes":30}]}}""", """{"isReminderOn":true,"reminderMinutesBeforeStart":30}""", "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT30M", "END:VALARM"),
        new("Guests", """{"attendees":[{"email":"ann@example.com","responseStatus":"accepted"}],"guestsCanModify":true}""", """{"attendees":[{"type":"required","status":{"response":"accepted"},"emailAddress":{"name":"Ann","address":"ann@example.com"}}],"allowNewTimeProposals":false}""",
            "ORGANIZER:mailto:sam@example.com", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.com"),
        new("Somebody else's invitation", """{"organizer":{"email":"ann@example.com"},"attendees":[{"email":"sam@gmail.com","self":true,"responseStatus":"needsAction"}]}""",
            """{"isOrganizer":false,"organizer":{"emailAddress":{"name":"Ann","address":"ann@example.com"}},"attendees":[{"type":"required","status":{"response":"notResponded"},"emailAddress":{"name":"Sam","address":"sam@outlook.com"}}]}""",
            "ORGANIZER:mailto:ann@example.com", "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:sam@example.com"),
        new("Video call", """{"conferenceData":{"conferenceId":"abc","entryPoints":[{"entryPointType":"video","uri":"https://meet.google.com/abc"}]},"hangoutLink":"https://meet.google.com/abc"}""",
            $$$"""{"isOnlineMeeting":true,"body":{"contentType":"html","content":"{{{Teams}}}"}}""", "DESCRIPTION:Agenda", "CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://example.com/call"),
        new("Attachment", """{"attachments":[{"fileUrl":"https://example.com/a.pdf","title":"a.pdf"}]}""", null, "ATTACH:https://example.com/a.pdf"),
        new("Link", """{"source":{"title":"x","url":"https://example.com/x"}}""", null, "URL:https://example.com/x"),
        new("Comment and contact", null, null, "COMMENT:x", "CONTACT:Ann"),
        new("What an app keeps with it", """{"extendedProperties":{"shared":{"app":"1"},"private":{"app":"2"}}}""", $$"""{"singleValueExtendedProperties":[{"id":"{{AppsOwn}}","value":"1"}]}""", "X-APP:1"),
    ];

    /// <summary>The property that another app has at Graph.</summary>
    public const string AppsOwn = "String {11111111-2222-3333-4444-555555555555} Name App";

    private const string Teams =
        "<html><body><div>Agenda</div><div>________________________________________________________________________________</div><div>Microsoft Teams meeting</div><div>Join: https://teams.microsoft.com/meet/123</div><div>________________________________________________________________________________</div></body></html>";

    private static string Long => new('x', 8_000);

    private static string Body(string type, string content) => $$$"""{"body":{"contentType":"{{{type}}}","content":"{{{content}}}"}}""";

    private static JsonObject Laid(string ordinary, string own)
    {
        var laid = JsonNode.Parse(ordinary)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(own)!.AsObject())
        {
            laid.Remove(name);
            if (value is not null) laid[name] = value.DeepClone();
        }

        return laid;
    }
}
