using Calendaring.ICalendar;
using NodaTime;
using Practice.Appointments;

namespace Practice.Hx;

/// <summary>
/// A copy, made outside, of a private appointment, where nothing is known of that but when it is: "this and all that follow" of a series, say. The copy says when it is, and the original says everything else.
/// It is hidden from everybody from whom the original is hidden (docs/rules.md P9).
/// </summary>
internal static class HiddenCopy
{
    /// <summary>What the copy itself says.</summary>
    private static readonly HashSet<string> Own =
        new(["UID", "RECURRENCE-ID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "STATUS", "TRANSP"], StringComparer.Ordinal);

    /// <summary>The copy with the words of the original.</summary>
    public static CalendarObject Of(CalendarObject copy, CalendarObject original)
    {
        var content = copy.Clone();
        if (Series.Of(content) is not { } series || Series.Of(original) is not { } known) return content;
        TakeWords(series.Master, known.Master);
        foreach (var (key, own) in series.Overrides) TakeWords(own, known.Overrides.GetValueOrDefault(Same(series, key, known, known.Overrides.ContainsKey)) ?? known.Master);
        // what differs from its series in its words only is nothing by itself where only times are known
        foreach (var (key, single) in known.Overrides.Where(one => series.Rule is not null && HasOwnWords(one.Value, known.Master)))
        {
            var own = Same(known, key, series, series.Occurs);
            if (!series.Overrides.ContainsKey(own) && !series.Exclusions.Contains(own) && series.Occurs(own)) TakeWords(series.OverrideAt(own), single);
        }

        if (!content.Events().Any(EventFlags.IsPrivate)) series.Master.Set(ContentLine.Create("CLASS", "PRIVATE"));
        return content;
    }

    /// <summary>What is known of the copy: its words are by whoever wrote the original.</summary>
    public static AppointmentDetails DetailsOf(CalendarObject copy, CalendarObject original, AppointmentDetails details)
    {
        var own = new AppointmentDetails { Origin = details.Origin, OriginId = details.OriginId, WrittenAt = details.WrittenAt, MadePrivateBy = details.MadePrivateBy };
        return AdditionLevels.Prune(copy, own with { Additions = AdditionLevels.Placed(original, details).Additions });
    }

    /// <summary>Whether an appointment is private, and hidden from a link.</summary>
    public static bool IsHidden(CalendarObject full, AppointmentDetails details, string linkId) => details.Kind == AppointmentKind.Personal && details.IsHiddenFrom(linkId) && full.Events().Any(EventFlags.IsPrivate);

    /// <summary>What an occurrence of one is called in the other: at the same moment, or on the same day, as the rest of a series may begin at another time of the day.</summary>
    private static LocalDateTime Same(Series from, LocalDateTime key, Series to, Func<LocalDateTime, bool> has) =>
        to.KeyOf(from.TimeOf(key)) is var same && has(same) ? same : key.Date + to.Start.Local.TimeOfDay;

    private static bool HasOwnWords(Component single, Component master) => !WordsOf(single).SequenceEqual(WordsOf(master), StringComparer.Ordinal);

    private static IEnumerable<string> WordsOf(Component component) => component.Properties.Where(line => !Own.Contains(line.Name)).Select(line => $"{line.Name}:{line.RawValue}").Order(StringComparer.Ordinal);

    private static void TakeWords(Component into, Component from)
    {
        foreach (var line in into.Properties.Where(line => !Own.Contains(line.Name)).ToList()) into.Remove(line);
        foreach (var inner in into.Components.ToList()) into.Remove(inner);
        foreach (var line in from.Properties.Where(line => !Own.Contains(line.Name))) into.Add(line);
        foreach (var inner in from.Components) into.Add(inner.Clone());
    }
}
