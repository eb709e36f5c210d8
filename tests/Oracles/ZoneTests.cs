using System.Text;
using Calendaring.ICalendar;
using Calendaring.TimeZones;
using NodaTime;
using NodaTime.TimeZones;
using Xunit;

namespace Oracles;

/// <summary>
/// Every zone's changes of offset from 1970 to 2037 as we have them, by name and by the VTIMEZONE that we write, and as the system's own compiled files of tzdata have them. The two
/// databases may be of different versions; then the zones that changed between them are the difference, and no others.
/// </summary>
public sealed class ZoneTests
{
    private const int From = 1970;
    private const int Until = 2038;

    /// <summary>
    /// What changed from tzdata 2025b, which Debian has, to our 2026f: Canada's west and Manitoba without winter time, and the dates of Cuba and Morocco, from 2026 on, and better knowledge of the past of
    /// the others. EET and WET have been links to Athens and Lisbon since 2024b, and Debian keeps them as they were.
    /// </summary>
    private static readonly string[] Since2025b =
    [
        "Africa/Casablanca", "Africa/El_Aaiun", "America/Bogota", "America/Edmonton", "America/Havana", "America/Inuvik", "America/Tijuana", "America/Vancouver", "America/Winnipeg", "Asia/Tehran", "EET", "Europe/Chisinau", "WET",
    ];

    /// <summary>What changed before, from 2024a on.</summary>
    private static readonly string[] Since2024a = ["America/Asuncion", "America/Mexico_City", "America/Monterrey", "America/Merida", "Asia/Almaty", "Asia/Manila", "Asia/Qostanay", "CET", "EST", "EST5EDT", "CST6CDT", "HST", "MET", "MST", "MST7MDT", "PST8PDT"];

    [Fact]
    public void Every_zone_changes_its_offset_when_tzdata_says_so()
    {
        List<string> compared = [], different = [], wrong = [];
        foreach (var id in Ids())
        {
            compared.Add(id);
            if (FirstDifference(ZoneFile.Read(id).Changes(From, Until), ChangesOf(TimeZoneCatalog.Find(id)!)) is not { } difference) continue;
            different.Add(id);
            if (!Since2025b.Contains(Canonical(id)) && !Since2024a.Contains(Canonical(id))) wrong.Add($"{id}: {difference}");
        }

        var (system, ours) = (SystemVersion(), DateTimeZoneProviders.Tzdb.VersionId);
        TestContext.Current.SendDiagnosticMessage($"tzdata {system} and {ours}: {different.Count} of {compared.Count} zones differ");
        Assert.True(compared.Count > 400, $"{compared.Count} zones compared");
        // what is to come nobody knows
        if (string.CompareOrdinal(system, "2026f") > 0) Assert.True(different.Count * 20 < compared.Count, string.Join('\n', wrong));
        else Assert.True(wrong.Count == 0, $"tzdata {system} and {ours}\n{string.Join('\n', wrong)}");
        if (system == "2025b") Assert.Equal(Since2025b, different.Select(Canonical).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_VTIMEZONE_that_we_write_has_every_change_of_its_zone()
    {
        List<string> wrong = [];
        foreach (var id in Ids())
        {
            var zone = TimeZoneCatalog.Find(id)!;
            var read = ReadBack(ZoneDefinition.Of(zone, new LocalDateTime(From, 1, 1, 0, 0)));
            if (FirstDifference(ChangesOf(zone), ChangesOf(read)) is { } difference) wrong.Add($"{id}: {difference}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static IEnumerable<string> Ids()
    {
        Assert.True(Directory.Exists(ZoneFile.Folder), "The zones of tzdata are not installed: their Debian package is tzdata.");
        return DateTimeZoneProviders.Tzdb.Ids.Where(id => File.Exists(Path.Combine(ZoneFile.Folder, id)));
    }

    // EET and WET are zones of their own in Debian's files, and links in ours
    private static string Canonical(string id) => id is "EET" or "WET" or "CET" or "MET" or "EST" or "HST" or "MST" ? id : TzdbDateTimeZoneSource.Default.CanonicalIdMap[id];

    private static DateTimeZone ReadBack(Component definition)
    {
        definition.Set(ContentLine.Create("TZID", "nobody-knows-it"));
        var calendar = new Component("VCALENDAR");
        calendar.Add(definition);
        var read = CalendarObject.Parse(new CalendarObject(calendar).ToBytes());
        return new ZoneResolver(read.Calendar, DateTimeZone.Utc).ZoneOf(new CalendarTime(new LocalDateTime(2026, 1, 1, 0, 0), CalendarTimeKind.Zoned, "nobody-knows-it"));
    }

    private static List<(Instant Instant, int Offset)> ChangesOf(DateTimeZone zone)
    {
        var changes = new List<(Instant, int)>();
        int? offset = null;
        foreach (var interval in zone.GetZoneIntervals(Instant.FromUtc(From, 1, 1, 0, 0), Instant.FromUtc(Until, 1, 1, 0, 0)))
        {
            if (offset is not null && offset != interval.WallOffset.Seconds) changes.Add((interval.Start, interval.WallOffset.Seconds));
            offset = interval.WallOffset.Seconds;
        }

        return changes;
    }

    private static string? FirstDifference(IReadOnlyList<(Instant Instant, int Offset)> expected, List<(Instant Instant, int Offset)> actual)
    {
        for (var i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            if (i >= expected.Count || i >= actual.Count || expected[i] != actual[i])
                return $"expected {(i < expected.Count ? expected[i] : null)}, was {(i < actual.Count ? actual[i] : null)} (change {i} of {expected.Count})";
        }

        return null;
    }

    private static string SystemVersion()
    {
        var file = Path.Combine(ZoneFile.Folder, "tzdata.zi");
        return File.Exists(file) ? File.ReadLines(file, Encoding.UTF8).First().Split(' ')[^1] : "of unknown version";
    }
}
