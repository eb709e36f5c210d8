using System.Text;
using CalDavServer.Tests.Hosting;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4791;

/// <summary>PUT of objects that are made to hurt: each is refused with its precondition (RFC 4791 §5.3.2.1), or taken and answered in bounded work.</summary>
public sealed class HostileObjectTests : ServerTest
{
    private const string Head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n";

    private static readonly int[] Matched = [207, 403, 507];
    private static readonly int[] Busy = [200, 403];

    private string Path => Client.Calendar("home") + "a.ics";

    public static TheoryData<string, int, string> Objects => new()
    {
        { "overrides", 20_000, "max-resource-size" },
        { "overrides", 5_500, "max-resource-size" },
        { "recurrence dates", 6_000, "max-instances" },
        { "exceptions", 100_000, "max-resource-size" },
        { "exceptions in lines", 12_000, "max-resource-size" },
        { "nested components", 100_000, "max-resource-size" },
        { "nested components", 9, "max-resource-size" },
        { "bytes in a line", 10_000_000, "max-resource-size" },
        { "bytes in a line", 1_048_577, "max-resource-size" },
        { "parameters", 200_000, "max-resource-size" },
        { "attendees", 600, "max-attendees-per-instance" },
        { "years", 1500, "min-date-time" },
        { "years", 3000, "max-date-time" },
    };

    [Theory]
    [MemberData(nameof(Objects))]
    public async Task What_is_too_much_is_refused_with_its_precondition(string kind, int count, string condition)
    {
        var answer = await Client.PutAsync(Path, Object(kind, count));
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(C + condition), $"{answer.Status}: {answer.Text}");
        Assert.Equal(404, (await Client.GetAsync(Path)).Status);
        Assert.Equal(201, (await Client.PutAsync(Client.Calendar("home") + "good.ics", Events.Event("good"))).Status);
    }

    [Theory]
    [InlineData("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30")]
    [InlineData("FREQ=SECONDLY;COUNT=2147483647")]
    [InlineData("FREQ=YEARLY;INTERVAL=2147483647;BYWEEKNO=53")]
    [InlineData("FREQ=MINUTELY;INTERVAL=1439;BYMONTHDAY=29;BYMONTH=2;BYHOUR=3;BYMINUTE=3")]
    public async Task A_hostile_rule_is_taken_and_every_question_about_it_is_answered(string rule)
    {
        Assert.Equal(201, (await Client.PutAsync(Path, Events.Event("a", "x", $"RRULE:{rule}"))).Status);
        foreach (var (start, end) in new[] { ("20260601T000000Z", "20260602T000000Z"), ("20990101T000000Z", "20990108T000000Z") })
        {
            var range = $"<C:time-range start='{start}' end='{end}'/>";
            var query = $"<C:calendar-query xmlns:C='urn:ietf:params:xml:ns:caldav' xmlns='DAV:'><prop><C:calendar-data><C:expand start='{start}' end='{end}'/></C:calendar-data></prop>"
                + $"<C:filter><C:comp-filter name='VCALENDAR'><C:comp-filter name='VEVENT'>{range}</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>";
            var busy = $"<C:free-busy-query xmlns:C='urn:ietf:params:xml:ns:caldav'>{range}</C:free-busy-query>";
            Assert.Contains((await Client.SendAsync("REPORT", Client.Calendar("home"), query, ("Depth", "1"))).Status, Matched);
            Assert.Contains((await Client.SendAsync("REPORT", Client.Calendar("home"), busy, ("Depth", "1"))).Status, Busy);
        }
    }

    [Fact]
    public async Task A_free_busy_range_of_centuries_is_refused_with_number_of_matches_within_limits()
    {
        Assert.Equal(201, (await Client.PutAsync(Path, Events.Event("a", "x", "RRULE:FREQ=DAILY"))).Status);
        async Task<DavAnswer> BusyAsync(string end) => await Client.SendAsync(
            "REPORT", Client.Calendar("home"), $"<C:free-busy-query xmlns:C='urn:ietf:params:xml:ns:caldav'><C:time-range start='20260601T000000Z' end='{end}'/></C:free-busy-query>", ("Depth", "1"));
        var refused = await BusyAsync("29990101T000000Z");
        Assert.Equal(403, refused.Status);
        Assert.True(refused.HasCondition(D + "number-of-matches-within-limits"), refused.Text);
        var taken = await BusyAsync("20700101T000000Z");
        Assert.Equal(200, taken.Status);
        Assert.Contains("20690901T090000Z/20690901T100000Z", taken.Text.Replace("\r\n ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static string Object(string kind, int count)
    {
        var text = new StringBuilder(Head);
        void Event(string lines, string recurrence = "") =>
            text.Append("BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\n").Append(recurrence).Append("DTSTART:20260601T090000Z\r\n").Append(lines).Append("END:VEVENT\r\n");
        string Many(Func<int, string> make) => string.Concat(Enumerable.Range(0, count).Select(make));
        string Day(int i) => new DateTime(2026, 1, 5, 9, 0, 0).AddDays(i).ToString("yyyyMMdd'T'HHmmss'Z'", null);
        switch (kind)
        {
            case "overrides":
                Event("RRULE:FREQ=DAILY\r\n");
                for (var i = 0; i < count; i++) Event("", $"RECURRENCE-ID:{Day(i)}\r\n");
                break;
            case "recurrence dates": Event("RDATE:" + string.Join(',', Enumerable.Range(0, count).Select(Day)) + "\r\n"); break;
            case "exceptions": Event("RRULE:FREQ=DAILY\r\nEXDATE:" + string.Join(',', Enumerable.Range(0, count).Select(Day)) + "\r\n"); break;
            case "exceptions in lines": Event("RRULE:FREQ=DAILY\r\n" + Many(i => $"EXDATE:{Day(i)}\r\n")); break;
            case "nested components": text.Append(Many(_ => "BEGIN:X-A\r\n")).Append(Many(_ => "END:X-A\r\n")); break;
            case "bytes in a line": Event($"SUMMARY:{new string('a', count)}\r\n"); break;
            case "parameters": Event($"SUMMARY{Many(_ => ";X=y")}:x\r\n"); break;
            case "attendees": Event(Many(i => $"ATTENDEE:mailto:{i}@example.com\r\n")); break;
            default: Event($"DTEND:{count:d4}0601T100000Z\r\n"); text.Replace("DTSTART:2026", $"DTSTART:{count:d4}"); break;
        }

        return text.Append("END:VCALENDAR\r\n").ToString();
    }
}
