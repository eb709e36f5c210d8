using System.Text;
using Calendaring.ICalendar;
using Xunit;

namespace Calendaring.Tests.ICalendar;

public sealed class LosslessTests
{
    private const string Event = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Check-up\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    public static TheoryData<string> Texts => new(
    [
        Event,
        Event.Replace("\r\n", "\n", StringComparison.Ordinal),
        Event.Replace("UID:1\r\n", "UID:1\n", StringComparison.Ordinal),
        Event.TrimEnd(),
        "\uFEFF" + Event,
        "\uFEFF\r\n \r\n" + Event,
        "\r\n\r\n" + Event,
        Event + "\r\n\r\n",
        Event + " \r\n",
        Event + "\n \t \n",
        Event + "\t",
        Event.TrimEnd() + "  ",
        Event.Replace("UID:1\r\n", "UID:1\r\n\r\n\n  \r\n\r\n", StringComparison.Ordinal),
        Event.Replace("UID:1\r\n", "UID:1\r\n \r\n\t\r\n", StringComparison.Ordinal),
        Event.Replace("SUMMARY:Check-up", "SUM\r\n MARY:Check\r\n\t-\n up", StringComparison.Ordinal),
        Event.Replace("SUMMARY:Check-up", "summary;language=en:Check-up", StringComparison.Ordinal),
        Event.Replace("BEGIN:VEVENT", "begin:vevent", StringComparison.Ordinal),
        Event.Replace("BEGIN:VEVENT", "BEGIN:VEV\r\n ENT \r\n", StringComparison.Ordinal),
        Event.Replace("END:VCALENDAR", "X-AFTER:1\r\nBEGIN:X-OTHER\r\nA:\r\nEND:X-OTHER\r\nX-LAST:2\r\nEND:VCALENDAR", StringComparison.Ordinal),
        Event.Replace("SUMMARY:", "ATTENDEE;CN=\"a;b:c,d\";MEMBER=\"x\",\"y\";X=^n^^^':", StringComparison.Ordinal),
        Event.Replace("VEVENT", "X-ROSTER", StringComparison.Ordinal),
    ]);

    [Theory]
    [MemberData(nameof(Texts))]
    public void What_is_written_is_byte_for_byte_what_was_read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var parsed = CalendarObject.Parse(bytes);
        Assert.Equal(bytes, parsed.ToBytes());
        Assert.Equal(bytes, parsed.Clone().ToBytes());
    }

    [Fact]
    public void A_fold_within_a_character_is_kept_and_read()
    {
        var bytes = Encoding.UTF8.GetBytes(Event.Replace("Check-up", "Zahn\u00e4rztin", StringComparison.Ordinal)).ToList();
        bytes.InsertRange(bytes.IndexOf(0xc3) + 1, "\r\n "u8.ToArray());
        var parsed = CalendarObject.Parse(bytes.ToArray());
        Assert.Equal("Zahn\u00e4rztin", parsed.Calendar.Components[0].Find("SUMMARY")!.Text);
        Assert.Equal(bytes, parsed.ToBytes());
    }

    [Fact]
    public void An_edit_leaves_the_bytes_of_every_other_line()
    {
        var text = "BEGIN:VCALENDAR\nVERSION:2.0\r\nBEGIN:VEVENT\nUID:1\r\n\nSUMMARY:Old\n  text\nDESCR\r\n IPTION:x\n"
            + "BEGIN:VALARM\nACTION:DISPLAY\nEND:VALARM\nX-AFTER:1\nX-GONE:1\nEND:VEVENT\nEND:VCALENDAR";
        var edited = CalendarObject.Parse(Encoding.UTF8.GetBytes(text));
        var component = edited.Calendar.Components[0];
        component.Set(ContentLine.CreateText("SUMMARY", "New, longer"));
        component.RemoveAll("X-GONE");
        component.Add(ContentLine.Create("SEQUENCE", "1"));
        var expected = text.Replace("SUMMARY:Old\n  text\n", "SUMMARY:New\\, longer\r\n", StringComparison.Ordinal)
            .Replace("X-GONE:1\n", "SEQUENCE:1\r\n", StringComparison.Ordinal);
        Assert.Equal(expected, Encoding.UTF8.GetString(edited.ToBytes()));
    }

    [Fact]
    public void A_property_added_last_stands_before_the_sub_components_that_end_the_component()
    {
        var parsed = CalendarObject.Parse(Encoding.UTF8.GetBytes(Event));
        parsed.Calendar.Add(ContentLine.Create("PRODID", "x"));
        Assert.Equal(Event.Replace("VERSION:2.0\r\n", "VERSION:2.0\r\nPRODID:x\r\n", StringComparison.Ordinal), Encoding.UTF8.GetString(parsed.ToBytes()));
    }

    [Fact]
    public void Sub_components_keep_their_place_when_lines_before_them_are_removed()
    {
        var parsed = CalendarObject.Parse("BEGIN:VCALENDAR\nA:1\nBEGIN:X\nEND:X\nB:1\nBEGIN:Y\nEND:Y\nC:1\nEND:VCALENDAR\n"u8.ToArray());
        Assert.True(parsed.Calendar.Remove(parsed.Calendar.Find("A")!));
        Assert.Equal(1, parsed.Calendar.RemoveAll("C"));
        Assert.Equal("BEGIN:VCALENDAR\nBEGIN:X\nEND:X\nB:1\nBEGIN:Y\nEND:Y\nEND:VCALENDAR\n", Encoding.UTF8.GetString(parsed.ToBytes()));
        Assert.True(parsed.Calendar.Remove(parsed.Calendar.Components[0]));
        parsed.Calendar.Add(new Component("VEVENT"));
        Assert.Equal("BEGIN:VCALENDAR\nB:1\nBEGIN:Y\nEND:Y\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\n", Encoding.UTF8.GetString(parsed.ToBytes()));
    }
}
