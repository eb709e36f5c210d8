using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;
using NodaTime.Text;
using NodaTime.TimeZones;

namespace CalDavServer.Tests.Reports.Reference;

/// <summary>A DATE or DATE-TIME with the zone that it is in: its own, or that of whoever looks.</summary>
internal sealed partial record PlainTime(LocalDateTime Local, DateTimeZone Zone, bool IsDate)
{
    private static readonly LocalDateTimePattern Pattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss");

    /// <summary>RFC 5545 §3.3.5: a time that occurs twice is the first, one that does not occur takes the offset before the gap.</summary>
    public Instant Instant => Local.InZone(Zone, Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnForwardShifted)).ToInstant();

    /// <summary>The time so many days by the calendar and so many seconds by the clock later.</summary>
    public Instant Plus(int days, long seconds) => (this with { Local = Local.PlusDays(days) }).Instant + Duration.FromSeconds(seconds);

    /// <summary>The value of a line.</summary>
    public static PlainTime? Of(PlainLine? line, DateTimeZone floating) => line is null ? null : Of(line.Value, line.Parameter("TZID"), floating);

    /// <summary>One value.</summary>
    public static PlainTime Of(string value, string? zone, DateTimeZone floating)
    {
        if (value.Length == 8) return new PlainTime(Pattern.Parse(value + "T000000").Value, floating, true);
        if (value.EndsWith('Z')) return new PlainTime(Pattern.Parse(value[..^1]).Value, DateTimeZone.Utc, false);
        return new PlainTime(Pattern.Parse(value).Value, zone is null ? floating : DateTimeZoneProviders.Tzdb[zone.Replace("My own ", "", StringComparison.Ordinal)], false);
    }

    /// <summary>A time in UTC, as a filter has it.</summary>
    public static Instant Utc(string value) => Of(value, null, DateTimeZone.Utc).Instant;

    /// <summary>Days and seconds of a DURATION.</summary>
    public static (int Days, long Seconds) Length(string value)
    {
        var match = DurationPattern().Match(value);
        int Part(string name) => match.Groups[name] is { Success: true } group ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
        var sign = value.StartsWith('-') ? -1 : 1;
        return (sign * ((Part("w") * 7) + Part("d")), sign * ((Part("h") * 3600L) + (Part("m") * 60) + Part("s")));
    }

    [GeneratedRegex(@"^[+-]?P((?<w>\d+)W)?((?<d>\d+)D)?(T((?<h>\d+)H)?((?<m>\d+)M)?((?<s>\d+)S)?)?$")]
    private static partial Regex DurationPattern();
}
