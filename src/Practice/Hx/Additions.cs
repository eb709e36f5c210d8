using System.Security.Cryptography;
using System.Text;
using Calendaring.ICalendar;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>One addition in a component: a line or a component of its own.</summary>
/// <param name="Content">What it says, however it is folded.</param>
/// <param name="Line">The line, or null.</param>
/// <param name="Child">The component, or null.</param>
internal readonly record struct Addition(string Content, ContentLine? Line, Component? Child)
{
    public string Hash => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Content)).AsSpan(0, 16));

    /// <summary>Adds it as it stands.</summary>
    public void AddTo(Component component)
    {
        if (Line is not null) component.Add(Line);
        else component.Add(Child!.Clone());
    }

    public void RemoveFrom(Component component)
    {
        if (Line is not null) component.Remove(Line);
        else component.Remove(Child!);
    }
}

/// <summary>
/// What a client writes besides the times of an appointment. Of a patient appointment its own additions: alarms, categories, travel time, X-
/// properties. Of a personal one every text. They live in the calendar object like every other line; which level sees which is decided by
/// <see cref="AdditionLevels"/>.
/// </summary>
internal static class Additions
{
    /// <summary>Properties that the server owns in a patient appointment: what a client sends in them is not taken.</summary>
    private static readonly HashSet<string> Owned = new(StringComparer.Ordinal)
    {
        "UID", "SUMMARY", "STATUS", "ATTENDEE", "ORGANIZER", "CONTACT", "REQUEST-STATUS",

        // comments by another name
        "COMMENT", "X-ALT-DESC",
    };

    private static readonly HashSet<string> Texts = new(StringComparer.Ordinal) { "LOCATION", "DESCRIPTION" };

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        // when it is
        "DTSTART", "DTEND", "DUE", "COMPLETED", "PERCENT-COMPLETE", "DURATION", "RECURRENCE-ID", "RRULE", "RDATE", "EXDATE", "EXRULE",

        // book-keeping
        "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE",

        // of the calendar
        "VERSION", "PRODID", "CALSCALE", "METHOD",
    };

    /// <summary>Whether the server owns the property in a patient appointment.</summary>
    public static bool IsOwned(ContentLine line) => Owned.Contains(line.Name);

    /// <summary>Whether a property is a client's own addition.</summary>
    public static bool Is(ContentLine line, AppointmentKind kind)
    {
        if (Reserved.Contains(line.Name)) return false;
        return kind == AppointmentKind.Patient ? !Owned.Contains(line.Name) && !Texts.Contains(line.Name) : line.Name is not ("UID" or "STATUS" or "TRANSP" or "CLASS");
    }

    /// <summary>The additions in a component; those of a calendar are its lines only.</summary>
    public static IEnumerable<Addition> In(Component component, AppointmentKind kind)
    {
        foreach (var line in component.Properties)
        {
            if (Is(line, kind)) yield return new Addition(Content(line), line, null);
        }

        if (component.Name == "VCALENDAR") yield break;
        foreach (var child in component.Components) yield return new Addition(Content(child), null, child);
    }

    /// <summary>The components that have additions, each with its place.</summary>
    public static IEnumerable<(string Place, Component Component)> Components(CalendarObject calendarObject)
    {
        yield return (AdditionPlace.Calendar, calendarObject.Calendar);
        Series? series = null;
        foreach (var component in calendarObject.Calendar.Components.Where(component => component.Name is "VEVENT" or "VTODO" or "VJOURNAL"))
        {
            if (component.Find("RECURRENCE-ID") is { } id) yield return (PlaceOf(id, series ??= Series.Of(calendarObject)), component);
            else yield return (AdditionPlace.Series, component);
        }
    }

    /// <summary>The content of a line however it is folded and quoted: name, parameters, value. No two lines that say something else have the same.</summary>
    public static string Content(ContentLine line)
    {
        var text = new StringBuilder(line.Name);
        foreach (var parameter in line.Parameters)
        {
            text.Append(';').Append(parameter.Name);
            foreach (var value in parameter.Values) text.Append('=').Append(value.Length).Append('=').Append(value);
        }

        return text.Append(':').Append(line.RawValue).ToString();
    }

    /// <summary>The same in the way in which it was hashed before additions had a place.</summary>
    public static string ContentBefore(Addition addition) => addition.Line is { } line ? ContentBefore(line) : ContentBefore(addition.Child!);

    /// <summary>A line rewritten, so that nothing is left of how another writer folded or quoted it.</summary>
    public static ContentLine Plain(ContentLine line) => ContentLine.Create(line.Name, line.RawValue, [.. line.Parameters]);

    /// <summary>A component rewritten.</summary>
    public static Component Plain(Component component)
    {
        var plain = new Component(component.Name);
        foreach (var line in component.Properties) plain.Add(Plain(line));
        foreach (var child in component.Components) plain.Add(Plain(child));
        return plain;
    }

    private static string PlaceOf(ContentLine id, Series? series)
    {
        if (!id.TryReadTime(out var time)) return id.RawValue;
        return AdditionPlace.Of(series?.KeyOf(time) ?? time.Local);
    }

    private static string Content(Component component)
    {
        var text = new StringBuilder("BEGIN:").AppendLine(component.Name);
        foreach (var line in component.Properties) text.AppendLine(Content(line));
        foreach (var child in component.Components) text.Append(Content(child));
        return text.Append("END:").AppendLine(component.Name).ToString();
    }

    private static string ContentBefore(ContentLine line)
    {
        var text = new StringBuilder(line.Name);
        foreach (var parameter in line.Parameters) text.Append(';').Append(parameter.Name).Append('=').AppendJoin(',', parameter.Values);
        return text.Append(':').Append(line.RawValue).ToString();
    }

    private static string ContentBefore(Component component)
    {
        var text = new StringBuilder("BEGIN:").AppendLine(component.Name);
        foreach (var line in component.Properties) text.AppendLine(ContentBefore(line));
        foreach (var child in component.Components) text.Append(ContentBefore(child));
        return text.ToString();
    }
}
