using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>The eight rows of the VTODO table in RFC 4791 §9.9. D is 1 June 2026, 10:00 UTC; each range is tried where the row's conditions change.</summary>
public sealed class ToDoTimeRangeTests : ReportTest
{
    private const string Start = "DTSTART:20260601T100000Z";
    private const string Due = "DUE:20260601T120000Z";
    private const string Created = "CREATED:20260601T100000Z";
    private const string Completed = "COMPLETED:20260601T120000Z";

    [Theory]
    // 1: DTSTART and DURATION: (start <= DTSTART+DURATION) AND ((end > DTSTART) OR (end >= DTSTART+DURATION))
    [InlineData(Start + "|DURATION:PT2H", "20260601T120000Z", "20260601T130000Z", true)]
    [InlineData(Start + "|DURATION:PT2H", "20260601T120001Z", "20260601T130000Z", false)]
    [InlineData(Start + "|DURATION:PT2H", "20260601T090000Z", "20260601T100000Z", false)]
    [InlineData(Start + "|DURATION:PT2H", "20260601T090000Z", "20260601T100001Z", true)]
    [InlineData(Start + "|DURATION:PT0S", "20260601T090000Z", "20260601T100000Z", true)]
    // 2: DTSTART and DUE: ((start < DUE) OR (start <= DTSTART)) AND ((end > DTSTART) OR (end >= DUE))
    [InlineData(Start + "|" + Due, "20260601T115959Z", "20260601T130000Z", true)]
    [InlineData(Start + "|" + Due, "20260601T120000Z", "20260601T130000Z", false)]
    [InlineData(Start + "|" + Due, "20260601T090000Z", "20260601T100000Z", false)]
    [InlineData(Start + "|" + Due, "20260601T090000Z", "20260601T100001Z", true)]
    // 3: DTSTART only: (start <= DTSTART) AND (end > DTSTART)
    [InlineData(Start, "20260601T100000Z", "20260601T100001Z", true)]
    [InlineData(Start, "20260601T100001Z", "20260601T110000Z", false)]
    [InlineData(Start, "20260601T090000Z", "20260601T100000Z", false)]
    // 4: DUE only: (start < DUE) AND (end >= DUE)
    [InlineData(Due, "20260601T110000Z", "20260601T120000Z", true)]
    [InlineData(Due, "20260601T120000Z", "20260601T130000Z", false)]
    [InlineData(Due, "20260601T110000Z", "20260601T115959Z", false)]
    // 5: COMPLETED and CREATED: ((start <= CREATED) OR (start <= COMPLETED)) AND ((end >= CREATED) OR (end >= COMPLETED))
    [InlineData(Created + "|" + Completed, "20260601T110000Z", "20260601T113000Z", true)]
    [InlineData(Created + "|" + Completed, "20260601T120000Z", "20260601T130000Z", true)]
    [InlineData(Created + "|" + Completed, "20260601T120001Z", "20260601T130000Z", false)]
    [InlineData(Created + "|" + Completed, "20260601T090000Z", "20260601T100000Z", true)]
    [InlineData(Created + "|" + Completed, "20260601T090000Z", "20260601T095959Z", false)]
    // 6: COMPLETED only: (start <= COMPLETED) AND (end >= COMPLETED)
    [InlineData(Completed, "20260601T120000Z", "20260601T130000Z", true)]
    [InlineData(Completed, "20260601T110000Z", "20260601T120000Z", true)]
    [InlineData(Completed, "20260601T120001Z", "20260601T130000Z", false)]
    [InlineData(Completed, "20260601T110000Z", "20260601T115959Z", false)]
    // 7: CREATED only: (end > CREATED)
    [InlineData(Created, "20300101T000000Z", "20300102T000000Z", true)]
    [InlineData(Created, "20260601T090000Z", "20260601T100001Z", true)]
    [InlineData(Created, "20260601T090000Z", "20260601T100000Z", false)]
    // 8: none of them: TRUE
    [InlineData("SUMMARY:x", "19700101T000000Z", "19700102T000000Z", true)]
    // an all-day due time lies at the midnight that begins it, here in UTC
    [InlineData("DUE;VALUE=DATE:20260601", "20260531T230000Z", "20260601T000000Z", true)]
    [InlineData("DUE;VALUE=DATE:20260601", "20260601T000000Z", "20260602T000000Z", false)]
    // a series: each occurrence by the row of its properties
    [InlineData(Start + "|" + Due + "|RRULE:FREQ=DAILY", "20260701T115959Z", "20260701T130000Z", true)]
    [InlineData(Start + "|" + Due + "|RRULE:FREQ=DAILY", "20260701T120000Z", "20260702T100000Z", false)]
    [InlineData(Start + "|DURATION:PT2H|RRULE:FREQ=DAILY", "20260701T120000Z", "20260701T130000Z", true)]
    [InlineData(Start + "|DURATION:PT2H|RRULE:FREQ=DAILY", "20260701T120001Z", "20260702T100000Z", false)]
    [InlineData(Start + "|RRULE:FREQ=DAILY", "20260701T100000Z", "20260701T100001Z", true)]
    [InlineData(Start + "|RRULE:FREQ=DAILY", "20260701T100001Z", "20260702T100000Z", false)]
    public async Task The_table_decides(string lines, string start, string end, bool expected)
    {
        await PutAsync("todo", "VTODO", lines.Split('|'));
        Assert.Equal(expected ? "todo" : "", await FindAsync("VTODO", Range(start, end)));
    }
}
