using Calendaring.ICalendar;
using Google.Apis.Calendar.v3.Data;
using NodaTime;
using Practice.Hx;

namespace ProviderBridge.Google;

/// <summary>
/// Whether the rules of a series have to be written: only then. A write to a series takes from its single occurrences what they have by themselves, and one that Google split off another is deleted by a change of its rules.
/// An occurrence that is not there is taken out by itself.
/// </summary>
internal static class RulesToWrite
{
    /// <summary>Whether what a series should repeat by is not what Google has, but for occurrences that can be taken out or put back one by one.</summary>
    public static bool Differs(GoogleSeries had, Event wanted, DateTimeZone zone)
    {
        var isSeries = had.Master.Recurrence is { Count: > 0 };
        if (isSeries != wanted.Recurrence is { Count: > 0 }) return true;
        if (!isSeries) return false;
        var cancelled = had.Occurrences.Where(one => one.Status == "cancelled").ToList();
        if (SeriesReader.Read(had with { Occurrences = cancelled }, "one", zone) is not { } said || SeriesReader.Read(new GoogleSeries(wanted, []), "one", zone) is not { } says) return true;
        var times = ExternalPatch.Differences(said, says).Where(one => one.Group == FieldGroup.Times).ToList();
        if (times.Any(one => one.Occurrence is null)) return true;
        var (wantedOut, ruledOut) = (Exclusions(wanted, zone), Exclusions(had.Master, zone));
        return times.Any(one => !wantedOut.Contains(one.Occurrence!.Value) && ruledOut.Contains(one.Occurrence.Value)) || !Dates(had.Master, zone).SetEquals(Dates(wanted, zone));
    }

    /// <summary>The occurrences that a series should not have.</summary>
    public static HashSet<LocalDateTime> Exclusions(Event master, DateTimeZone zone) => TimesIn("EXDATE", master, zone);

    private static HashSet<LocalDateTime> Dates(Event master, DateTimeZone zone) => TimesIn("RDATE", master, zone);

    private static HashSet<LocalDateTime> TimesIn(string name, Event master, DateTimeZone zone)
    {
        var events = SeriesReader.Read(new GoogleSeries(master, []), "one", zone)?.Calendar.Components.Where(component => component.Name == "VEVENT") ?? [];
        return [.. events.SelectMany(one => one.FindAll(name)).SelectMany(line => line.TryReadPeriods(out var periods) ? periods : []).Select(period => period.Start.Local)];
    }
}
