using CalDavServer.Tests.Hosting;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>What is busy, and how (RFC 4791 §7.10): by occurrence, by override, by every form of length, and by what a VFREEBUSY says.</summary>
public sealed class BusyTimeTests : ReportTest
{
    private async Task<string> BusyAsync(string start = "20260601T000000Z", string end = "20260608T000000Z", string? path = null)
    {
        var answer = await ReportAsync($"<C:free-busy-query {CalDav}>{Range(start, end)}</C:free-busy-query>", path);
        Assert.Equal(200, answer.Status);
        Assert.Contains($"DTSTART:{start}\r\n", answer.Text, StringComparison.Ordinal);
        Assert.Contains($"DTEND:{end}\r\n", answer.Text, StringComparison.Ordinal);
        // 20260601T090000Z/20260601T100000Z as 1T0900/1T1000
        return string.Join(' ', answer.Text.Split("\r\n").Where(line => line.StartsWith("FREEBUSY", StringComparison.Ordinal))
            .Select(line => line["FREEBUSY".Length..].TrimStart(';', ':').Replace("FBTYPE=BUSY-", "", StringComparison.Ordinal).Replace("2026060", "", StringComparison.Ordinal).Replace("00Z", "", StringComparison.Ordinal)));
    }

    private static string[] Event(params string[] lines) => ["BEGIN:VEVENT", "UID:series", "DTSTAMP:20260101T000000Z", .. lines, "END:VEVENT"];

    [Fact]
    public async Task Every_form_of_length_is_busy_as_long_as_it_is()
    {
        await PutAsync("end", "VEVENT", "DTSTART:20260601T090000Z", "DTEND:20260601T100000Z");
        await PutAsync("duration", "VEVENT", "DTSTART:20260602T090000Z", "DURATION:PT90M");
        await PutAsync("day", "VEVENT", "DTSTART;VALUE=DATE:20260603");
        await PutAsync("days", "VEVENT", "DTSTART;VALUE=DATE:20260605", "DTEND;VALUE=DATE:20260607");
        await PutAsync("moment", "VEVENT", "DTSTART:20260601T150000Z");
        await PutAsync("nothing", "VEVENT", "DTSTART:20260601T160000Z", "DURATION:PT0S");
        await PutAsync("zone", "VEVENT", "DTSTART;TZID=America/New_York:20260604T090000", "DURATION:PT1H");
        Assert.Equal("1T0900/1T1000 2T0900/2T1030 3T0000/4T0000 4T1300/4T1400 5T0000/7T0000", await BusyAsync());
    }

    [Fact]
    public async Task Status_and_transparency_decide_alone_and_together()
    {
        var day = 1;
        foreach (var lines in new string[][]
        {
            [], ["STATUS:CONFIRMED"], ["STATUS:TENTATIVE"], ["STATUS:CANCELLED"], ["TRANSP:OPAQUE", "STATUS:TENTATIVE"], ["TRANSP:TRANSPARENT", "STATUS:CONFIRMED"], ["TRANSP:TRANSPARENT", "STATUS:TENTATIVE"],
        })
        {
            await PutAsync($"e{day}", "VEVENT", [$"DTSTART:2026060{day}T090000Z", "DURATION:PT1H", .. lines]);
            day++;
        }

        Assert.Equal("1T0900/1T1000 2T0900/2T1000 TENTATIVE:3T0900/3T1000 TENTATIVE:5T0900/5T1000", await BusyAsync());
    }

    [Fact]
    public async Task Times_that_overlap_are_joined_within_a_type_and_told_beside_one_another_between_types()
    {
        await PutAsync("a", "VEVENT", "DTSTART:20260601T090000Z", "DURATION:PT3H");
        await PutAsync("b", "VEVENT", "DTSTART:20260601T100000Z", "DURATION:PT1H");
        await PutAsync("c", "VEVENT", "DTSTART:20260601T120000Z", "DURATION:PT1H");
        await PutAsync("d", "VEVENT", "DTSTART:20260601T110000Z", "DURATION:PT4H", "STATUS:TENTATIVE");
        await PutAsync("e", "VEVENT", "DTSTART:20260601T133000Z", "DURATION:PT4H", "STATUS:TENTATIVE");
        await PutAsync("f", "VEVENT", "DTSTART:20260601T130001Z", "DURATION:PT59S");
        Assert.Equal("1T0900/1T1300 TENTATIVE:1T1100/1T1730 1T130001Z/1T1301", await BusyAsync());
    }

    [Fact]
    public async Task An_override_is_busy_by_its_own_time_status_and_transparency()
    {
        await PutTextAsync("series", Calendar([
            .. Event("DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=7"),
            .. Event("RECURRENCE-ID:20260602T090000Z", "DTSTART:20260602T150000Z", "DTEND:20260602T170000Z"),
            .. Event("RECURRENCE-ID:20260603T090000Z", "DTSTART:20260603T090000Z", "DURATION:PT1H", "STATUS:CANCELLED"),
            .. Event("RECURRENCE-ID:20260604T090000Z", "DTSTART:20260604T090000Z", "DURATION:PT1H", "STATUS:TENTATIVE"),
            .. Event("RECURRENCE-ID:20260605T090000Z", "DTSTART:20260605T090000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT"),
            .. Event("RECURRENCE-ID:20260606T090000Z", "DTSTART:20260612T090000Z", "DURATION:PT1H"),
        ]));
        Assert.Equal("1T0900/1T1000 2T1500/2T1700 TENTATIVE:4T0900/4T1000 7T0900/7T1000", await BusyAsync());
        Assert.Equal("20260612T0900/20260612T1000", await BusyAsync("20260608T000000Z", "20260701T000000Z"));
    }

    [Fact]
    public async Task An_override_for_all_that_follow_moves_and_frees_them()
    {
        await PutTextAsync("series", Calendar([
            .. Event("DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=6", "EXDATE:20260602T090000Z"),
            .. Event("RECURRENCE-ID;RANGE=THISANDFUTURE:20260603T090000Z", "DTSTART:20260603T110000Z", "DURATION:PT2H"),
            .. Event("RECURRENCE-ID;RANGE=THISANDFUTURE:20260605T090000Z", "DTSTART:20260605T090000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT"),
        ]));
        Assert.Equal("1T0900/1T1000 3T1100/3T1300 4T1100/4T1300", await BusyAsync());
    }

    [Fact]
    public async Task A_transparent_series_may_have_an_opaque_occurrence()
    {
        await PutTextAsync("series", Calendar([
            .. Event("DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=6", "TRANSP:TRANSPARENT"),
            .. Event("RECURRENCE-ID:20260603T090000Z", "DTSTART:20260603T110000Z", "DURATION:PT2H", "TRANSP:OPAQUE"),
        ]));
        Assert.Equal("3T1100/3T1300", await BusyAsync());
    }

    [Fact]
    public async Task Added_dates_and_periods_are_busy_and_the_clocks_are_followed()
    {
        await PutAsync("dates", "VEVENT", "DTSTART:20260601T090000Z", "DURATION:PT1H", "RDATE:20260603T090000Z", "RDATE;VALUE=PERIOD:20260604T120000Z/PT3H,20260605T120000Z/20260605T123000Z");
        Assert.Equal("1T0900/1T1000 3T0900/3T1000 4T1200/4T1500 5T1200/5T1230", await BusyAsync());
        await PutAsync("berlin", "VEVENT", "DTSTART;TZID=Europe/Berlin:20260328T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2");
        Assert.Equal("20260328T0800/20260328T0900 20260329T0700/20260329T0800", await BusyAsync("20260328T000000Z", "20260330T000000Z"));
    }

    [Fact]
    public async Task What_a_VFREEBUSY_says_is_told_by_its_types_and_never_as_free()
    {
        var calendar = await MakeCalendarAsync("work", "VEVENT", "VFREEBUSY");
        await StoreAsync(calendar, "busy", Events.Component(
            "VFREEBUSY", "busy", "DTSTART:20260601T000000Z", "DTEND:20260608T000000Z", "FREEBUSY:20260601T090000Z/PT1H,20260602T090000Z/20260602T100000Z", "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260603T090000Z/PT1H",
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260604T090000Z/PT1H", "FREEBUSY;FBTYPE=FREE:20260605T090000Z/PT1H", "FREEBUSY;FBTYPE=X-ODD:20260606T090000Z/PT1H", "FREEBUSY;FBTYPE=BUSY:20260601T093000Z/PT1H"));
        await StoreAsync(calendar, "alone", Events.Component("VFREEBUSY", "alone", "FREEBUSY:20260607T090000Z/PT1H"));
        await StoreAsync(calendar, "empty", Events.Component("VFREEBUSY", "empty", "DTSTART:20260601T000000Z", "DTEND:20260608T000000Z"));
        Assert.Equal(
            "1T0900/1T1030 2T0900/2T1000 UNAVAILABLE:3T0900/3T1000 TENTATIVE:4T0900/4T1000 6T0900/6T1000 7T0900/7T1000", await BusyAsync(path: Client.Calendar("work")));
        Assert.Equal("1T0945/1T1030 2T0900/2T0930", await BusyAsync("20260601T094500Z", "20260602T093000Z", Client.Calendar("work")));
    }

    [Fact]
    public async Task To_dos_and_journals_take_no_time()
    {
        await PutAsync("todo", "VTODO", "DTSTART:20260601T090000Z", "DUE:20260601T100000Z");
        await PutAsync("journal", "VJOURNAL", "DTSTART;VALUE=DATE:20260601");
        Assert.Equal("", await BusyAsync());
    }

    [Fact]
    public async Task An_endless_series_is_busy_in_the_last_years_there_are()
    {
        await PutAsync("series", "VEVENT", "DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY");
        Assert.Equal("29991230T0900/29991230T1000 29991231T0900/29991231T1000", await BusyAsync("29991230T000000Z", "29991231T235959Z"));
    }

    [Theory]
    [InlineData("2T0900/2T1000", "DTSTART:20260602T090000Z", "DURATION:PT1H")]
    [InlineData("2T0900/3T1000", "DTSTART:20260602T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2")]
    [InlineData("2T0900/8T0000", "DTSTART:20260602T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")]
    public async Task A_damaged_object_is_busy_from_its_first_time_to_its_last(string expected, params string[] lines)
    {
        await PutAsync("before", "VEVENT", "DTSTART:20260601T090000Z", "DURATION:PT1H");
        await PutAsync("damaged", "VEVENT", lines);
        await PutAsync("task", "VTODO", "DTSTART:20260604T090000Z", "DUE:20260604T100000Z");
        await Server.DamageAsync("damaged.ics");
        await Server.DamageAsync("task.ics");
        Assert.Equal("1T0900/1T1000 " + expected, await BusyAsync());
    }
}
