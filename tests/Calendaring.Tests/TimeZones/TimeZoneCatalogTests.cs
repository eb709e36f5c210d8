using Calendaring.TimeZones;
using NodaTime;
using NodaTime.TimeZones;
using Xunit;

namespace Calendaring.Tests.TimeZones;

public class TimeZoneCatalogTests
{
    [Theory]
    [InlineData("Australia/Sydney", "Australia/Sydney")]
    [InlineData("australia/sydney", "Australia/Sydney")]
    [InlineData("\"Europe/Berlin\"", "Europe/Berlin")]
    [InlineData("US/Eastern", "US/Eastern")]
    [InlineData("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires")]
    [InlineData("America/New York", "America/New_York")]
    [InlineData("Etc/GMT+2", "Etc/GMT+2")]
    [InlineData("UTC", "UTC")]
    [InlineData("Z", "UTC")]
    [InlineData("GMT", "GMT")]
    [InlineData("AUS Eastern Standard Time", "Australia/Sydney")]
    [InlineData("W. Europe Standard Time", "Europe/Berlin")]
    [InlineData("Pacific Standard Time", "America/Los_Angeles")]
    [InlineData("Pacific Daylight Time", "America/Los_Angeles")]
    [InlineData("new zealand standard time", "Pacific/Auckland")]
    [InlineData("UTC-11", "Etc/GMT+11")]
    [InlineData("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin")]
    [InlineData("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin")]
    [InlineData("/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires")]
    [InlineData("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin")]
    [InlineData("/softwarestudio.org/Olson_20011030_5/America/New_York", "America/New_York")]
    [InlineData("/softwarestudio.org/Tzfile/Australia/Sydney", "Australia/Sydney")]
    [InlineData("/citadel.org/20210210_1/America/New_York", "America/New_York")]
    [InlineData("/example.com/2026/America/New York", "America/New_York")]
    [InlineData("tzone://Microsoft/Utc", "UTC")]
    [InlineData("(UTC+10:00) Canberra, Melbourne, Sydney", "Australia/Sydney")]
    [InlineData("(GMT+10:00) Canberra, Melbourne, Sydney", "Australia/Sydney")]
    [InlineData("(UTC+10:00) Brisbane", "Australia/Brisbane")]
    [InlineData("(UTC+10:00) Hobart", "Australia/Hobart")]
    [InlineData("(UTC+09:30) Adelaide", "Australia/Adelaide")]
    [InlineData("(UTC+08:00) Perth", "Australia/Perth")]
    [InlineData("(UTC+12:00) Auckland, Wellington", "Pacific/Auckland")]
    [InlineData("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin")]
    [InlineData("(GMT+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin")]
    [InlineData("(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien", "Europe/Berlin")]
    [InlineData("(UTC+01:00) Bruxelles, Copenhague, Madrid, Paris", "Europe/Paris")]
    [InlineData("(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna", "Europe/Berlin")]
    [InlineData("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York")]
    [InlineData("(GMT-05:00) Eastern Time (US & Canada)", "America/New_York")]
    [InlineData("(UTC-08:00) Pacific Time (US & Canada)", "America/Los_Angeles")]
    [InlineData("(GMT-08:00) Pacific Time (US & Canada); Tijuana", "America/Los_Angeles")]
    [InlineData("(UTC-07:00) Arizona", "America/Phoenix")]
    [InlineData("(UTC-04:00) Georgetown, La Paz, Manaus, San Juan", "America/La_Paz")]
    [InlineData("(UTC-07:00) La Paz, Mazatlan", "America/Mazatlan")]
    [InlineData("(UTC+00:00) Dublin, Edinburgh, Lisbon, London", "Europe/London")]
    [InlineData("(GMT) Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London", "Europe/London")]
    [InlineData("(UTC) Coordinated Universal Time", "Etc/UTC")]
    [InlineData("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", "Asia/Kolkata")]
    [InlineData("(UTC+08:00) Beijing, Chongqing, Hong Kong, Urumqi", "Asia/Shanghai")]
    [InlineData("(UTC+09:00) Osaka, Sapporo, Tokyo", "Asia/Tokyo")]
    [InlineData("(UTC+03:00) Istanbul", "Europe/Istanbul")]
    [InlineData("(GMT+02:00) Athens, Istanbul, Minsk", "Europe/Bucharest")]
    [InlineData("(UTC+13:00) Nuku'alofa", "Pacific/Tongatapu")]
    [InlineData("(UTC+01:00) Zurich", "Europe/Zurich")]
    public void A_name_in_use_is_found(string name, string id)
    {
        var zone = TimeZoneCatalog.Find(name);
        Assert.NotNull(zone);
        var expected = DateTimeZoneProviders.Tzdb[id];
        // of zones with the same rules either will do
        Assert.True(
            zone.Id == id || zone.GetZoneIntervals(Span).SequenceEqual(expected.GetZoneIntervals(Span)),
            $"{name} is {zone.Id} and not {id}");
    }

    private static readonly Interval Span = new(Instant.FromUtc(2015, 1, 1, 0, 0), Instant.FromUtc(2040, 1, 1, 0, 0));

    [Theory]
    [InlineData("GMT+2", 7200)]
    [InlineData("UTC+02:00", 7200)]
    [InlineData("GMT-0500", -18000)]
    [InlineData("+05:30", 19800)]
    [InlineData("GMT -0500 (Standard) / GMT -0400 (Daylight)", -18000)]
    [InlineData("(UTC+10:00) Nowhere", 36000)]
    public void An_offset_in_a_name_is_taken_when_nothing_else_says_more(string name, int seconds)
    {
        Assert.Null(TimeZoneCatalog.FindNamed(name));
        Assert.Equal(DateTimeZone.ForOffset(Offset.FromSeconds(seconds)), TimeZoneCatalog.Find(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Customized Time Zone")]
    [InlineData("Customized Time Zone 1")]
    [InlineData("tzone://Microsoft/Custom")]
    [InlineData("Nowhere/Land")]
    [InlineData("/")]
    [InlineData("///////")]
    [InlineData("(UTC+10:00")]
    [InlineData("(UTC+99:00) Sydney")]
    [InlineData("(")]
    [InlineData("+")]
    [InlineData("GMT+")]
    [InlineData(",")]
    public void A_name_that_says_nothing_is_null(string name) => Assert.Null(TimeZoneCatalog.Find(name));

    [Fact]
    public void A_name_that_is_too_long_is_null() => Assert.Null(TimeZoneCatalog.Find(new string('/', 100_000) + "UTC"));

    [Fact]
    public void A_place_is_not_taken_for_one_of_the_same_name_far_off() => Assert.Null(TimeZoneCatalog.FindNamed("(UTC+05:00) Sydney"));

    [Fact]
    public void Every_iana_and_windows_id_is_found()
    {
        foreach (var id in DateTimeZoneProviders.Tzdb.Ids) Assert.Equal(id, TimeZoneCatalog.Find(id)?.Id);
        foreach (var (windows, id) in TzdbDateTimeZoneSource.Default.WindowsMapping.PrimaryMapping)
        {
            if (!DateTimeZoneProviders.Tzdb.Ids.Contains(windows)) Assert.Equal(id, TimeZoneCatalog.Find(windows)?.Id);
        }
    }

    [Theory]
    [InlineData("Australia/Sydney", "2026-10-03T16:00:00Z", 10, 11)]
    [InlineData("Australia/Lord_Howe", "2026-10-03T15:30:00Z", 10.5, 11)]
    [InlineData("America/New_York", "2026-03-08T07:00:00Z", -5, -4)]
    [InlineData("Europe/London", "2026-10-25T01:00:00Z", 1, 0)]
    [InlineData("Pacific/Apia", "2011-12-30T10:00:00Z", -10, 14)]
    [InlineData("Asia/Pyongyang", "2018-05-04T15:00:00Z", 8.5, 9)]
    public void Known_changes_of_offset_are_where_the_iana_rules_have_them(string id, string at, double before, double after)
    {
        var zone = TimeZoneCatalog.Find(id)!;
        var instant = NodaTime.Text.InstantPattern.General.Parse(at).Value;
        Assert.Equal(before, zone.GetUtcOffset(instant - Duration.Epsilon).Seconds / 3600.0);
        Assert.Equal(after, zone.GetUtcOffset(instant).Seconds / 3600.0);
    }
}
