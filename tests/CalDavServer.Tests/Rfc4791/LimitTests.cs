using System.Text;
using CalDavServer.Tests.Hosting;
using CalDavServer.Tests.Reports;
using Calendaring.ICalendar;
using Calendaring.Store;
using Xunit;
using static CalDavServer.Tests.Hosting.Xml;

namespace CalDavServer.Tests.Rfc4791;

/// <summary>The limits of RFC 4791 §5.2.5-§5.2.9: what lies beyond is taken by no method that brings an object into a calendar, and what is just within by all of them.</summary>
public sealed class LimitTests : ReportTest
{
    private const int MaxBytes = 1_048_576;

    private static readonly (string Condition, string Within, string Beyond)[] Limits =
    [
        ("min-date-time", Event("DTSTART:16000101T000000Z"), Event("DTSTART:15991231T235959Z")),
        ("min-date-time", Event("DTSTART;VALUE=DATE:16000101"), Event("DTSTART;VALUE=DATE:15991231")),
        ("min-date-time", Event("DTSTART:16000101T000000Z", "RRULE:FREQ=DAILY;COUNT=2"), Event("DTSTART:16000102T000000Z", "RDATE:15991231T000000Z")),
        ("max-date-time", Event("DTSTART:29991231T235959Z"), Event("DTSTART:30000101T000000Z")),
        ("max-date-time", Event("DTSTART:29991231T000000Z", "DTEND:29991231T235959Z"), Event("DTSTART:29991231T000000Z", "DTEND:30000101T000000Z")),
        ("max-date-time", Event("DTSTART:20260101T000000Z", "RDATE;VALUE=PERIOD:29991231T000000Z/29991231T010000Z"), Event("DTSTART:20260101T000000Z", "RDATE;VALUE=PERIOD:29991231T000000Z/30000101T010000Z")),
        ("min-date-time", Alarmed("16000101T000000Z"), Alarmed("15991231T235959Z")),
        ("max-date-time", Alarmed("29991231T235959Z"), Alarmed("30000101T000000Z")),
        ("max-attendees-per-instance", Attended(500), Attended(501)),
        ("max-instances", Dated(4_999), Dated(5_000)),
        ("max-resource-size", Filled(MaxBytes), Filled(MaxBytes + 1)),
        ("max-resource-size", InOneLine(MaxBytes), InOneLine(MaxBytes + 1)),
    ];

    private static string Event(params string[] lines) => Events.Component("VEVENT", "a", lines);

    private static string Alarmed(string time) => Event("DTSTART:20260601T090000Z", "BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER;VALUE=DATE-TIME:" + time, "END:VALARM");

    private static string Attended(int count) => Event(["DTSTART:20260601T090000Z", "ORGANIZER:mailto:o@example.com", .. Enumerable.Range(0, count).Select(n => $"ATTENDEE:mailto:a{n}@example.com")]);

    private static string Dated(int count)
    {
        var first = new NodaTime.LocalDate(2026, 1, 1);
        return Event(["DTSTART:20260101T090000Z", .. Enumerable.Range(1, count).Select(n => $"RDATE:{first.PlusDays(n).ToString("uuuuMMdd", null)}T090000Z")]);
    }

    private static string Filled(int bytes)
    {
        var empty = Event("DTSTART:20260601T090000Z");
        var line = "X-FILL:" + new string('x', 600) + "\r\n";
        var left = bytes - empty.Length;
        var lines = new StringBuilder();
        while (left > 2 * line.Length)
        {
            lines.Append(line);
            left -= line.Length;
        }

        lines.Append("X-FILL:").Append('x', left - 9).Append("\r\n");
        return empty.Replace("END:VEVENT", lines + "END:VEVENT", StringComparison.Ordinal);
    }

    private static string InOneLine(int bytes)
    {
        var empty = Event("DTSTART:20260601T090000Z");
        var line = "ATTACH;ENCODING=BASE64;VALUE=BINARY:";
        return empty.Replace("END:VEVENT", line + new string('A', bytes - empty.Length - line.Length - 2) + "\r\nEND:VEVENT", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_beyond_a_limit_is_refused_by_PUT_and_what_is_within_is_taken()
    {
        foreach (var (condition, within, beyond) in Limits)
        {
            var path = Home + "a.ics";
            var refused = await Client.PutAsync(path, beyond);
            Assert.Equal(403, refused.Status);
            Assert.True(refused.HasCondition(C + condition), $"{condition}: {refused.Text}");
            Assert.Equal(404, (await Client.GetAsync(path)).Status);
            var taken = await Client.PutAsync(path, within);
            Assert.True(taken.Status == 201, $"{condition}: {taken.Text}");
            Assert.True((await Client.PutAsync(path, beyond)).HasCondition(C + condition));
            Assert.Equal(within, (await Client.GetAsync(path)).Text);
            await Client.DeleteAsync(path);
        }
    }

    [Theory]
    [InlineData("COPY")]
    [InlineData("MOVE")]
    public async Task What_is_beyond_a_limit_is_refused_by_COPY_and_MOVE(string method)
    {
        var source = await MakeCalendarAsync("source", "VEVENT");
        var index = ObjectIndexer.Index(CalendarObject.Parse(Encoding.UTF8.GetBytes(Event("DTSTART:20260601T090000Z"))));
        foreach (var (condition, within, beyond) in Limits)
        {
            // as one that was stored when the limits were others
            var outcome = await Server.Store.ApplyAsync(StoreBatch.Of(new PutObject(source, "a.ics", Encoding.UTF8.GetBytes(beyond), index)));
            Assert.True(outcome.Succeeded);
            Assert.True((await TransferAsync(method)).HasCondition(C + condition), condition);
            Assert.Equal(404, (await Client.GetAsync(Home + "a.ics")).Status);
            Assert.Equal(beyond, (await Client.GetAsync(Client.Calendar("source") + "a.ics")).Text);

            outcome = await Server.Store.ApplyAsync(StoreBatch.Of(new PutObject(source, "a.ics", Encoding.UTF8.GetBytes(within), index)));
            Assert.True(outcome.Succeeded);
            Assert.Equal(201, (await TransferAsync(method)).Status);
            await Client.DeleteAsync(Home + "a.ics");
        }
    }

    [Fact]
    public async Task The_limits_are_told_as_they_are_kept()
    {
        var names = new[] { "max-resource-size", "min-date-time", "max-date-time", "max-attendees-per-instance" };
        foreach (var calendar in new[] { "home", "hx", "tasks" })
        {
            var answer = await Client.PropFindAsync(Client.Calendar(calendar), "0", [.. names.Select(name => C + name), C + "max-instances"]);
            Assert.Equal(["1048576", "16000101T000000Z", "29991231T235959Z", "500"], names.Select(name => answer.Property(C + name)!.Value));
            // an endless rule is taken, so no number of instances is told; those written out are limited nevertheless
            Assert.Equal(404, answer.PropertyStatus(C + "max-instances"));
        }
    }

    [Fact]
    public async Task An_object_that_the_practice_calendar_takes_keeps_the_limits_too()
    {
        foreach (var (condition, _, beyond) in Limits) Assert.True((await Client.PutAsync(Client.Calendar("hx") + "a.ics", beyond)).HasCondition(C + condition), condition);
    }

    private Task<DavAnswer> TransferAsync(string method) => Client.SendAsync(method, Client.Calendar("source") + "a.ics", null, ("Destination", Home + "a.ics"));
}
