using System.Security.Cryptography;
using System.Text;
using Calendaring.ICalendar;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>
/// A client's own additions to a patient appointment: alarms, categories, travel time, X- properties. They live in the calendar object like
/// every other line; what was written below full name is remembered by a hash of its content, so that it goes back to the levels that may
/// see it and nothing else does. A line without a remembered hash is shown at full name only: the list opens, it never closes.
/// </summary>
internal static class Additions
{
    /// <summary>Properties that the server owns: what a client sends in them is not taken.</summary>
    private static readonly HashSet<string> Owned = new(StringComparer.Ordinal)
    {
        "UID", "SUMMARY", "STATUS", "ATTENDEE", "ORGANIZER", "CONTACT", "REQUEST-STATUS",

        // comments by another name
        "COMMENT", "X-ALT-DESC",
    };

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        // when it is
        "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "RDATE", "EXDATE", "EXRULE",

        // what the appointment itself says
        "LOCATION", "DESCRIPTION",

        // book-keeping
        "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE",

        // of the calendar
        "VERSION", "PRODID", "CALSCALE", "METHOD",
    };

    /// <summary>Whether the server owns the property.</summary>
    public static bool IsOwned(ContentLine line) => Owned.Contains(line.Name);

    /// <summary>Whether a property is a client's own addition.</summary>
    public static bool Is(ContentLine line) => !Reserved.Contains(line.Name) && !Owned.Contains(line.Name);

    /// <summary>The content of a line however it is folded: name, parameters, value.</summary>
    public static string Content(ContentLine line)
    {
        var text = new StringBuilder(line.Name);
        foreach (var parameter in line.Parameters) text.Append(';').Append(parameter.Name).Append('=').AppendJoin(',', parameter.Values);
        return text.Append(':').Append(line.RawValue).ToString();
    }

    /// <summary>The content of a component however its lines are folded.</summary>
    public static string Content(Component component)
    {
        var text = new StringBuilder("BEGIN:").AppendLine(component.Name);
        foreach (var line in component.Properties) text.AppendLine(Content(line));
        foreach (var child in component.Components) text.Append(Content(child));
        return text.ToString();
    }

    public static string Hash(string content) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 16));

    /// <summary>
    /// Takes over what a sender added and removed, between what it was shown and what it sent. Lines it was not shown stay.
    /// </summary>
    public static AppointmentDetails Merge(Component truth, Component shown, Component sent, PrivacyLevel level, AppointmentDetails details)
    {
        var before = shown.Properties.Where(Is).ToLookup(Content);
        var after = sent.Properties.Where(Is).ToLookup(Content);
        foreach (var line in truth.Properties.Where(Is).ToList())
        {
            var content = Content(line);
            if (before.Contains(content) && !after.Contains(content)) truth.Remove(line);
        }

        var has = truth.Properties.Where(Is).Select(Content).ToHashSet();
        foreach (var line in sent.Properties.Where(Is))
        {
            var content = Content(line);
            if (before.Contains(content)) continue;
            if (has.Add(content)) truth.Add(line);
            details = Remember(details, content, level);
        }

        return MergeComponents(truth, shown, sent, level, details);
    }

    private static AppointmentDetails MergeComponents(
        Component truth, Component shown, Component sent, PrivacyLevel level, AppointmentDetails details)
    {
        if (truth.Name == "VCALENDAR") return details;
        var before = shown.Components.Select(Content).ToHashSet();
        var after = sent.Components.Select(Content).ToHashSet();
        foreach (var child in truth.Components.ToList())
        {
            var content = Content(child);
            if (before.Contains(content) && !after.Contains(content)) truth.Remove(child);
        }

        var has = truth.Components.Select(Content).ToHashSet();
        foreach (var child in sent.Components)
        {
            var content = Content(child);
            if (before.Contains(content)) continue;
            if (has.Add(content)) truth.Add(child.Clone());
            details = Remember(details, content, level);
        }

        return details;
    }

    /// <summary>
    /// Remembers the additions in an object as written at a level, except those that have one of some texts in them: calendar apps copy a
    /// title into their alarms.
    /// </summary>
    public static AppointmentDetails RememberAll(
        CalendarObject calendarObject, PrivacyLevel level, AppointmentDetails details, IReadOnlyCollection<string> hidden)
    {
        foreach (var content in All(calendarObject.Calendar))
        {
            var plain = Plain(content);
            if (!hidden.Any(text => text.Length > 0 && plain.Contains(Plain(text), StringComparison.OrdinalIgnoreCase)))
                details = Remember(details, content, level);
        }

        return details;
    }

    private static string Plain(string text) => text.Replace("\\", "", StringComparison.Ordinal);

    /// <summary>Forgets what is no longer in the object.</summary>
    public static AppointmentDetails Prune(CalendarObject calendarObject, AppointmentDetails details)
    {
        if (details.Additions.Count == 0) return details;
        var kept = All(calendarObject.Calendar).Select(Hash).ToHashSet();
        foreach (var occurrence in details.Occurrences)
        {
            if (occurrence.Override is { } text) kept.UnionWith(All(CalendarObject.Parse(Encoding.UTF8.GetBytes(text)).Calendar).Select(Hash));
        }

        return details with { Additions = [.. details.Additions.Where(addition => kept.Contains(addition.Hash))] };
    }

    /// <summary>
    /// Written again at a lower level it becomes visible there; at a higher level it stays where it was only if the content is the same.
    /// </summary>
    private static AppointmentDetails Remember(AppointmentDetails details, string content, PrivacyLevel level)
    {
        if (level == PrivacyLevel.FullName) return details;
        var hash = Hash(content);
        var known = details.Additions.FirstOrDefault(addition => addition.Hash == hash);
        if (known is not null && known.Level <= level) return details;
        var others = details.Additions.Where(addition => addition.Hash != hash);
        return details with { Additions = [.. others, new ClientAddition(hash, level)] };
    }

    private static IEnumerable<string> All(Component calendar)
    {
        foreach (var line in calendar.Properties.Where(Is)) yield return Content(line);
        foreach (var component in calendar.Components.Where(component => component.Name == "VEVENT"))
        {
            foreach (var line in component.Properties.Where(Is)) yield return Content(line);
            foreach (var child in component.Components) yield return Content(child);
        }
    }
}
