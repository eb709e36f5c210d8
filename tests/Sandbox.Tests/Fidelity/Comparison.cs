using System.Text;
using Calendaring.ICalendar;
using Calendaring.Occurrences;
using Calendaring.Recurrence;
using Calendaring.TimeZones;
using NodaTime;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Fidelity;

/// <summary>What became of an appointment outside, in words.</summary>
internal static class Comparison
{
    private const int Compared = 60;
    private static readonly Instant First = Instant.FromUtc(1990, 1, 1, 0, 0);
    private static readonly Instant Last = Instant.FromUtc(2060, 1, 1, 0, 0);
    private static readonly HashSet<string> Ours = ["UID", "DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE"];

    /// <summary>Asks an outside calendar to have an appointment, and says what it has then.</summary>
    public static async Task<string> AskAsync(IOutsideCalendar outside, Sample sample, DateTimeZone floating, CancellationToken cancelled)
    {
        var uid = Guid.NewGuid().ToString();
        var sent = CalendarObject.Parse(Encoding.UTF8.GetBytes(sample.Text(uid)));
        try
        {
            var made = await outside.CreateAsync(uid, 0, sent, cancelled);
            if (made.Parts is { } parts) return await PartsAsync(outside, sample, sent, [.. parts.Keys], floating, cancelled);
            var answered = made.Content;
            var (wanted, shown) = (Times(sent, floating), Times(answered, floating));
            if (shown.SequenceEqual(wanted)) return WordsOf(sent, answered, "not sent");
            // outside, nothing takes no time
            if (shown.SequenceEqual(wanted.Select(static one => (one.Start, one.End > one.Start ? one.End : one.Start + Duration.FromMinutes(1))))) return "as one minute";
            if (sent.Calendar.Components.Any(static one => one.Find("RECURRENCE-ID") is not null) && shown.All(wanted.Contains) && shown.Count == wanted.Count - 1) return "shown without that one";
            return $"**other times**, a fault: `{string.Join(' ', sample.Lines)}`";
        }
        catch (OutsideException refused) when (refused.Fault == OutsideFault.Rejected)
        {
            return "not shown there; said on the link's page";
        }
    }

    /// <summary>Looks at each of the events that stand for a series: each is an occurrence, and none between two of them is missing.</summary>
    private static async Task<string> PartsAsync(IOutsideCalendar outside, Sample sample, CalendarObject sent, IReadOnlyList<string> ids, DateTimeZone floating, CancellationToken cancelled)
    {
        List<(Instant Start, Instant End)> shown = [];
        foreach (var id in ids) shown.AddRange(Times((await outside.ReadAsync(id, cancelled))!.Content, floating));
        if (shown.Count == 0) return "as single events, when it is near enough";
        var (first, last) = (shown.Min(), shown.Max());
        var wanted = RecurrenceSet.Of(sent, new ZoneResolver(sent.Calendar, floating)).Between(first.Start, last.End, new ExpansionBudget(ExpansionBudget.DefaultSteps))
            .Select(static one => (one.Start, End: one.End > one.Start ? one.End : one.Start + Duration.FromMinutes(1))).Where(one => one.Start >= first.Start && one.Start <= last.Start);
        return shown.Order().SequenceEqual(wanted.Order()) ? "as single events" : $"**other times**, a fault: `{string.Join(' ', sample.Lines)}`";
    }

    /// <summary>What of a thing that was made outside is in the practice.</summary>
    public static string TakenIn(Sample sample, CalendarObject has, DateTimeZone floating)
    {
        var meant = CalendarObject.Parse(Encoding.UTF8.GetBytes(sample.Text("one")));
        if (!Times(has, floating).SequenceEqual(Times(meant, floating))) return $"**other times**: `{string.Join(' ', sample.Lines)}`";
        var words = WordsOf(meant, has, "not taken");
        var more = LinesOf(has).Except(LinesOf(meant)).Where(static line => !IsOfTime(NameOf(line)) && !line.StartsWith("X-", StringComparison.Ordinal)).ToList();
        if (words == "kept") return more.Count == 0 ? words : $"with `{Short(more[0])}`";
        if (words != "not taken") return words;
        // some of it is here, and some is not
        var (own, here) = (sample.Lines.Where(static line => line.Contains(':', StringComparison.Ordinal)).ToList(), LinesOf(has));
        return own.Any(here.Contains) ? $"without `{string.Join("`, `", own.Where(line => !here.Contains(line)).Select(NameOf).Distinct())}`" : words;
    }

    /// <summary>What became of several, where they are one thing to people.</summary>
    public static string OfAll(IReadOnlyCollection<string> answers) =>
        answers.All(static one => one == "kept") ? "kept" : string.Join("; ", answers.Where(static one => one != "kept").Distinct());

    /// <summary>The occurrences, the first of them.</summary>
    public static IReadOnlyList<(Instant Start, Instant End)> Times(CalendarObject content, DateTimeZone floating) =>
        [.. RecurrenceSet.Of(content, new ZoneResolver(content.Calendar, floating)).Between(First, Last, new ExpansionBudget(ExpansionBudget.DefaultSteps))
            .Where(static one => !IsTakenOut(one.Component)).Take(Compared).Select(static one => (one.Start, one.End)).Order()];

    /// <summary>A line without its folds.</summary>
    public static string Unfold(ContentLine line) => Encoding.UTF8.GetString(line.Bytes.Span).Replace("\r\n ", "", StringComparison.Ordinal).TrimEnd();

    private static bool IsTakenOut(Component component) => component.Find("RECURRENCE-ID") is not null && component.Find("STATUS")?.RawValue == "CANCELLED";

    private static string WordsOf(CalendarObject sent, CalendarObject answered, string missing)
    {
        var (before, after) = (LinesOf(sent), LinesOf(answered));
        var (lost, made) = (before.Except(after).ToList(), after.Except(before).ToList());
        if (lost.Count == 0) return "kept";
        var names = lost.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        var others = made.Where(line => names.Contains(NameOf(line))).ToList();
        if (names.All(IsOfTime)) return "same times, written differently";
        return others.Count > 0 ? $"as `{Short(others[0])}`" : missing;
    }

    private static bool IsOfTime(string name) => name is "DTSTART" or "DTEND" or "DURATION" or "RRULE" or "EXRULE" or "RDATE" or "EXDATE" or "RECURRENCE-ID";

    private static List<string> LinesOf(CalendarObject content) =>
        [.. content.Calendar.Components.Where(static one => one.Name == "VEVENT" && !IsTakenOut(one)).SelectMany(one => Flat(one)).Where(static line => !Ours.Contains(NameOf(line))).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Flat(Component component) =>
        component.Properties.Select(Unfold).Concat(component.Components.Select(static part => $"{part.Name}:"));

    private static string NameOf(string line) => line[..line.IndexOfAny([':', ';'])];

    private static string Short(string line) => line.Length <= 60 ? line : string.Concat(line.AsSpan(0, 57), "…");
}
