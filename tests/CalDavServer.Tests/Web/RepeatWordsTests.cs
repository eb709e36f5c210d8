using CalDavServer.Web.Calendar;
using NodaTime;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>How an appointment repeats, in words.</summary>
public sealed class RepeatWordsTests
{
    /// <summary>An UNTIL is in UTC, and its day there is another one on half of the earth.</summary>
    [Theory]
    [InlineData("FREQ=DAILY;UNTIL=20260629T230000Z", "Australia/Melbourne")]
    [InlineData("FREQ=DAILY;UNTIL=20260701T020000Z", "America/Los_Angeles")]
    [InlineData("FREQ=DAILY;UNTIL=20260630T090000Z", null)]
    [InlineData("FREQ=DAILY;UNTIL=20260630T090000", "Australia/Melbourne")]
    [InlineData("FREQ=DAILY;UNTIL=20260630", "America/Los_Angeles")]
    public void The_last_day_is_that_of_the_practice(string rule, string? zone) =>
        Assert.Equal("every day, until 30 June 2026", Words.Repeat(rule, zone is null ? null : DateTimeZoneProviders.Tzdb[zone]));
}
