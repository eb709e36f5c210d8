using System.Text;
using Calendaring.ICalendar;
using NodaTime;
using Xunit;

namespace Calendaring.Tests.ICalendar;

public sealed class ContentLineTests
{
    [Fact]
    public void A_long_line_is_folded_at_75_bytes_between_characters()
    {
        foreach (var filler in new[] { "a", "é", "語", "👩" })
        {
            for (var lead = 0; lead < 5; lead++)
            {
                var text = new string('x', lead) + string.Concat(Enumerable.Repeat(filler, 200));
                var line = ContentLine.CreateText("SUMMARY", text);
                var physical = Encoding.UTF8.GetString(line.Bytes.Span).Split("\r\n");
                Assert.All(physical, part => Assert.InRange(Encoding.UTF8.GetByteCount(part), 0, 75));
                Assert.All(physical[..^2], part => Assert.InRange(Encoding.UTF8.GetByteCount(part), 72, 75));
                Assert.All(physical[1..^1], part => Assert.StartsWith(" ", part, StringComparison.Ordinal));
                Assert.DoesNotContain('\ufffd', string.Concat(physical));
                Assert.Equal(text, line.Text);
            }
        }
    }

    [Theory]
    [InlineData(74, 1)]
    [InlineData(75, 1)]
    [InlineData(76, 2)]
    [InlineData(149, 2)]
    [InlineData(150, 3)]
    public void A_line_is_folded_only_where_it_must_be(int bytes, int physicalLines)
    {
        var line = ContentLine.Create("X", new string('a', bytes - 2));
        Assert.Equal(physicalLines, Encoding.UTF8.GetString(line.Bytes.Span).Split('\n').Length - 1);
    }

    [Theory]
    [InlineData("a\r\nATTENDEE:mailto:x")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    [InlineData("a\u007fb")]
    public void A_raw_value_that_would_be_another_line_is_refused(string rawValue) =>
        Assert.Throws<ArgumentException>(() => ContentLine.Create("SUMMARY", rawValue));

    [Theory]
    [InlineData("SUMMARY:x\r\nX")]
    [InlineData("SUM MARY")]
    [InlineData("SUMMARY;X=1")]
    [InlineData("")]
    [InlineData("ÄRZTE")]
    public void A_name_that_is_none_is_refused(string name)
    {
        Assert.ThrowsAny<ArgumentException>(() => ContentLine.Create(name, "x"));
        Assert.ThrowsAny<ArgumentException>(() => ContentLine.Create("X", "x", new Parameter(name, "x")));
        Assert.ThrowsAny<ArgumentException>(() => new Component(name));
    }

    [Fact]
    public void Text_and_parameters_cannot_inject_a_line()
    {
        var line = ContentLine.CreateText("SUMMARY", "a\r\nATTENDEE:x\rb\nc\0d", new Parameter("CN", "e\r\nORGANIZER:\"y\";z\0"));
        Assert.Equal("SUMMARY;CN=\"e^nORGANIZER:^'y^';z\":a\\nATTENDEE:x\\nb\\ncd\r\n", Encoding.UTF8.GetString(line.Bytes.Span));
        Assert.Equal("a\nATTENDEE:x\nb\ncd", line.Text);
        Assert.Equal("e\nORGANIZER:\"y\";z", line.Parameter("CN"));
    }

    [Fact]
    public void Parameters_are_quoted_and_escaped_only_where_needed()
    {
        var line = ContentLine.Create("attendee", "mailto:a@b", new Parameter("CN", "Kim ^ Lee"), new Parameter("MEMBER", ["mailto:x", "y"]), new Parameter("X-E", ""));
        Assert.Equal("ATTENDEE;CN=Kim ^^ Lee;MEMBER=\"mailto:x\",y;X-E=:mailto:a@b\r\n", Encoding.UTF8.GetString(line.Bytes.Span));
        Assert.Equal("ATTENDEE", line.Name);
        Assert.Equal(["mailto:x", "y"], line.Parameters[1].Values);
        Assert.Equal("", line.Parameter("X-E"));
        Assert.Null(line.Parameter("X-F"));
    }

    [Fact]
    public void Circumflexes_before_anything_else_stand_for_themselves()
    {
        var line = Parse("X;A=^a^;B=^^n^N:v");
        Assert.Equal("^a^", line.Parameter("A"));
        Assert.Equal("^n^N", line.Parameter("B"));
    }

    [Fact]
    public void Times_are_written_in_their_form()
    {
        var local = new LocalDateTime(2026, 3, 5, 9, 8, 7);
        Assert.Equal("DTSTART;VALUE=DATE:20260305\r\n", Write(CalendarTime.OfDate(local.Date)));
        Assert.Equal("DTSTART:20260305T090807\r\n", Write(new CalendarTime(local, CalendarTimeKind.Floating)));
        Assert.Equal("DTSTART:20260305T090807Z\r\n", Write(CalendarTime.OfUtc(Instant.FromUtc(2026, 3, 5, 9, 8, 7))));
        Assert.Equal("DTSTART;TZID=\"a, b\":20260305T090807\r\n", Write(new CalendarTime(local, CalendarTimeKind.Zoned, "a, b")));

        static string Write(CalendarTime time)
        {
            var line = ContentLine.CreateTime("DTSTART", time);
            Assert.True(line.TryReadTime(out var read));
            Assert.Equal(time, read);
            return Encoding.UTF8.GetString(line.Bytes.Span);
        }
    }

    [Theory]
    [InlineData(@"a\\nb", @"a\nb")]
    [InlineData(@"a\Nb\nc", "a\nb\nc")]
    [InlineData(@"a\,b\;c\\d", @"a,b;c\d")]
    [InlineData(@"a\:b\""c", "a:b\"c")]
    [InlineData(@"C:\Users", @"C:\Users")]
    [InlineData(@"end\", @"end\")]
    public void Text_escapes_are_decoded(string raw, string text) => Assert.Equal(text, TextValue.Unescape(raw));

    [Theory]
    [InlineData("", new[] { "" })]
    [InlineData("a", new[] { "a" })]
    [InlineData(@"a,b\,c,,d\\,e\", new[] { "a", "b,c", "", @"d\", @"e\" })]
    public void Text_lists_are_cut_at_commas_that_are_not_escaped(string raw, string[] parts) =>
        Assert.Equal(parts, ContentLine.Create("CATEGORIES", raw).ReadTextList());

    [Fact]
    public void A_line_knows_its_physical_line()
    {
        var parsed = CalendarObject.Parse("\nBEGIN:VCALENDAR\nA:1\n 2\n\nB:3\nBEGIN:X\nEND:X\nEND:VCALENDAR"u8.ToArray()).Calendar;
        Assert.Equal(2, parsed.LineNumber);
        Assert.Equal(3, parsed.Find("A")!.LineNumber);
        Assert.Equal(6, parsed.Find("B")!.LineNumber);
        Assert.Equal(7, parsed.Components[0].LineNumber);
        Assert.Equal(0, ContentLine.Create("A", "").LineNumber);
    }

    internal static ContentLine Parse(string line) =>
        CalendarObject.Parse(Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\r\n{line}\r\nEND:VCALENDAR\r\n")).Calendar.Properties[0];
}
