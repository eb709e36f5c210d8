using System.Text;
using Calendaring.ICalendar;
using FsCheck.Fluent;
using Google.Apis.Calendar.v3.Data;
using Google.Apis.Json;
using NodaTime;
using ProviderBridge.Google;
using ProviderBridge.Tests.Mapping;

namespace ProviderBridge.Tests.Google;

/// <summary>An appointment written to Google and read back is the same appointment: the same occurrences at the same moments, with the same words.</summary>
public sealed class An_appointment_at_Google
{
    private static readonly DateTimeZone Melbourne = DateTimeZoneProviders.Tzdb["Australia/Melbourne"];

    private static readonly string[] Rules =
    [
        "FREQ=DAILY;COUNT=20", "FREQ=WEEKLY;COUNT=30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,TH;WKST=SU", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=WEEKLY;UNTIL=20261101T235959Z", "FREQ=WEEKLY;UNTIL=20261101", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=DAILY;BYDAY=MO,WE;BYHOUR=9,15", "FREQ=WEEKLY;BYDAY=SU;COUNT=4", "FREQ=MONTHLY;BYDAY=1MO;COUNT=1",
    ];

    [Fact]
    public void Comes_back_with_the_same_occurrences_and_the_same_words()
    {
        var (repeating, occurrences) = (0, 0);
        foreach (var seed in Gen.Choose(0, 9_999_999).Sample(600, 1))
        {
            var random = new Random(seed);
            var content = Appointments.Make(random, Rules);
            var written = SeriesWriter.Write(content, Melbourne, out var losses)!;
            if (losses.Contains("DTSTART")) continue;
            Assert.Empty(losses);
            var back = SeriesReader.Read(OverTheWire(written), "a", Melbourne)!;
            var (before, after) = (Appointments.View(content), Appointments.View(back));
            Assert.True(before.SequenceEqual(after), $"seed {seed}\n{Appointments.Text(content)}\n{Appointments.Text(back)}\n{string.Join('\n', before.Except(after))}\n--\n{string.Join('\n', after.Except(before))}");
            occurrences += before.Count;
            repeating += written.Master.Recurrence is null ? 0 : 1;

            // what is read is stable: written again it is the same
            var again = SeriesReader.Read(OverTheWire(SeriesWriter.Write(back, Melbourne, out _)!), "a", Melbourne)!;
            Assert.Equal(Appointments.Text(back), Appointments.Text(again));
        }

        Assert.True(repeating > 300 && occurrences > 5_000, $"{repeating} {occurrences}");
    }

    [Fact]
    public void Has_a_minute_when_it_has_no_length()
    {
        var written = SeriesWriter.Write(Appointments.Parse("DTSTART:20260303T100000Z\r\nDTEND:20260303T100000Z\r\n"), Melbourne, out _)!;
        Assert.Equal("2026-03-03T10:00:00+00:00", written.Master.Start!.DateTimeRaw);
        Assert.Equal("2026-03-03T10:01:00+00:00", written.Master.End!.DateTimeRaw);
        var day = SeriesWriter.Write(Appointments.Parse("DTSTART;VALUE=DATE:20260303\r\nDTEND;VALUE=DATE:20260303\r\n"), Melbourne, out _)!;
        Assert.Equal("2026-03-04", day.Master.End!.Date);
    }

    [Theory]
    [InlineData("FREQ=WEEKLY;BYDAY=SU;COUNT=3", "RRULE:FREQ=WEEKLY;BYDAY=SU;COUNT=2")]
    [InlineData("FREQ=WEEKLY;BYDAY=SU;COUNT=1", "RRULE:FREQ=WEEKLY;BYDAY=SU;UNTIL=20260308T220000Z")]
    [InlineData("FREQ=MONTHLY;BYMONTHDAY=31", "RRULE:FREQ=MONTHLY;BYMONTHDAY=31")]
    public void Has_a_first_day_beside_its_rule_that_the_rule_does_not_have(string rule, string expected)
    {
        var content = Appointments.Parse($"DTSTART;TZID=Australia/Melbourne:20260309T090000\r\nDTEND;TZID=Australia/Melbourne:20260309T100000\r\nRRULE:{rule}\r\n");
        var written = SeriesWriter.Write(content, Melbourne, out _)!;
        Assert.Equal([expected, "RDATE;TZID=Australia/Melbourne:20260309T090000"], written.Master.Recurrence);
        var back = SeriesReader.Read(OverTheWire(written), "a", Melbourne)!;
        Assert.Equal(Appointments.View(content), Appointments.View(back));
        Assert.DoesNotContain("RDATE", Appointments.Text(back), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FREQ=WEEKLY;UNTIL=20260223T211459Z", "RRULE:FREQ=WEEKLY;UNTIL=20260308T220000Z")]
    [InlineData("FREQ=WEEKLY;UNTIL=20260223", "RRULE:FREQ=WEEKLY;UNTIL=20260308T220000Z")]
    public void Has_an_end_that_is_not_before_its_start(string rule, string expected)
    {
        var content = Appointments.Parse($"DTSTART;TZID=Australia/Melbourne:20260309T090000\r\nDTEND;TZID=Australia/Melbourne:20260309T100000\r\nRRULE:{rule}\r\n");
        var written = SeriesWriter.Write(content, Melbourne, out _)!;
        Assert.Equal([expected], written.Master.Recurrence);
        Assert.Equal(Appointments.View(content), Appointments.View(SeriesReader.Read(OverTheWire(written), "a", Melbourne)!));
    }

    [Fact]
    public void Is_not_taken_out_by_a_rule_that_ended_before_it()
    {
        var content = Appointments.Parse("DTSTART;TZID=Australia/Melbourne:20260309T090000\r\nDTEND;TZID=Australia/Melbourne:20260309T100000\r\nRRULE:FREQ=WEEKLY\r\nEXRULE:FREQ=WEEKLY;UNTIL=20260223T211459Z\r\n");
        Assert.Equal(["RRULE:FREQ=WEEKLY"], SeriesWriter.Write(content, Melbourne, out _)!.Master.Recurrence);
    }

    [Fact]
    public void Repeats_in_the_zone_with_a_name_that_keeps_the_time_of_its_own_rules()
    {
        const string zone = "BEGIN:VTIMEZONE\r\nTZID:Our rooms\r\nBEGIN:STANDARD\r\nDTSTART:20080406T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU\r\nTZOFFSETFROM:+1100\r\nTZOFFSETTO:+1000\r\nEND:STANDARD\r\n"
            + "BEGIN:DAYLIGHT\r\nDTSTART:20081005T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU\r\nTZOFFSETFROM:+1000\r\nTZOFFSETTO:+1100\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n";
        var written = SeriesWriter.Write(Appointments.Parse("DTSTART;TZID=Our rooms:20260303T100000\r\nDTEND;TZID=Our rooms:20260303T110000\r\nRRULE:FREQ=WEEKLY\r\n", zone), Melbourne, out var losses)!;
        Assert.Empty(losses);
        Assert.Equal("Australia/Melbourne", written.Master.Start!.TimeZone);
    }

    [Theory]
    [InlineData("RRULE:RSCALE=HEBREW;FREQ=YEARLY", "RRULE")]
    [InlineData("RRULE:FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD;RSCALE=GREGORIAN", "RRULE")]
    public void Tells_what_Google_cannot_say(string line, string lost)
    {
        SeriesWriter.Write(Appointments.Parse($"DTSTART:20260303T100000Z\r\nDTEND:20260303T110000Z\r\n{line}\r\n"), Melbourne, out var losses);
        Assert.Equal([lost], losses);
    }

    [Fact]
    public void Has_the_words_of_what_the_user_wrote_with_markup()
    {
        var series = new GoogleSeries(new Event { Summary = "A & B", Description = "<p>First&nbsp;line<br>second &amp; last</p><ul><li>one</li></ul>", Start = new EventDateTime { Date = "2026-03-03" }, End = new EventDateTime { Date = "2026-03-04" } }, []);
        var text = Appointments.Text(SeriesReader.Read(series, "a", Melbourne)!);
        Assert.Contains("DESCRIPTION:First line\\nsecond & last\\none\r\n", text, StringComparison.Ordinal);
        Assert.Contains("SUMMARY:A & B\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_not_broken_by_what_a_calendar_should_not_have()
    {
        var odd = new Event
        {
            Summary = "a\rEND:VEVENT\u0000",
            Start = new EventDateTime { DateTimeRaw = "2026-03-03T10:00:00+11:00", TimeZone = "Nowhere/Here" },
            End = new EventDateTime { DateTimeRaw = "nonsense" },
            Recurrence = ["RRULE:FREQ=WEEKLY", "nonsense", "EXDATE:\r\nEND:VCALENDAR", "SUMMARY:x"],
        };
        var text = Appointments.Text(SeriesReader.Read(new GoogleSeries(odd, [new Event { OriginalStartTime = new EventDateTime(), Start = new EventDateTime() }]), "a", Melbourne)!);
        Assert.Contains("DTSTART;TZID=Australia/Melbourne:20260303T100000\r\n", text, StringComparison.Ordinal);
        Assert.Contains("SUMMARY:a\\nEND:VEVENT\r\n", text, StringComparison.Ordinal);
        Assert.Single(CalendarObject.Parse(Encoding.UTF8.GetBytes(text)).Calendar.Components, component => component.Name == "VEVENT");
        Assert.Null(SeriesReader.Read(new GoogleSeries(new Event { Start = new EventDateTime { Date = "3 March" } }, []), "a", Melbourne));
    }

    /// <summary>As the other side gets it: JSON.</summary>
    private static GoogleSeries OverTheWire(GoogleSeries series)
    {
        var json = NewtonsoftJsonSerializer.Instance;
        Event Send(Event one) => json.Deserialize<Event>(json.Serialize(one));
        return new GoogleSeries(Send(series.Master), [.. series.Occurrences.Select(Send)]);
    }
}
