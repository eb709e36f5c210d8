using System.Text.RegularExpressions;

namespace Sandbox.Microsoft.Events;

/// <summary>Single events and masters, without what a GET by id adds (§B3). A tag can be filtered for (§B2).</summary>
public static partial class EventsList
{
    public static readonly GraphMethod Method = new("graph.events.list", "GET", ["me/calendars/{calendarId}/events", "me/calendar/events", "me/events"],
        call => GraphPage.Answer(call, call.Mailbox().Roots(call.Calendar().Id).Where(Filter(call.Option("$filter")))), ["$select", "$expand", "$filter", "$top", "$skip"]);

    private static Func<Mailbox.Entry, bool> Filter(string? filter)
    {
        if (filter is null) return _ => true;
        if (TagFilter().Match(filter) is not { Success: true } tag) throw GraphRefusal.NotImitated($"the filter '{filter}'");
        return x => Mailbox.HasTag(x.Item, tag.Groups[2].Value, tag.Groups[3].Value);
    }

    [GeneratedRegex(@"^singleValueExtendedProperties/any\((\w+)\s*:\s*\1/id eq '([^']*)' and \1/value eq '([^']*)'\)$", RegexOptions.IgnoreCase)]
    private static partial Regex TagFilter();
}
