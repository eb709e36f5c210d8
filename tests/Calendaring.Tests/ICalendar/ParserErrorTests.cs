using System.Text;
using Calendaring.ICalendar;
using Xunit;

namespace Calendaring.Tests.ICalendar;

public sealed class ParserErrorTests
{
    [Theory]
    [InlineData("", 1, "There is no VCALENDAR.")]
    [InlineData("\r\n\r\n", 1, "There is no VCALENDAR.")]
    [InlineData("hello", 1, "The line has no colon.")]
    [InlineData("BEGIN:VEVENT\r\nEND:VEVENT\r\n", 1, "The object does not begin with BEGIN:VCALENDAR.")]
    [InlineData("VERSION:2.0\r\n", 1, "The line is outside of VCALENDAR.")]
    [InlineData("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", 3, "The component VCALENDAR has no END.")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", 3, "END does not close the component VEVENT.")]
    [InlineData("BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VCALENDAR\n", 3, "END closes no component.")]
    [InlineData("BEGIN:VCALENDAR\nEND:VCALENDAR\nX:1\n", 3, "The line is outside of VCALENDAR.")]
    [InlineData("BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR\n", 3, "There is something after END:VCALENDAR.")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:\nEND:VCALENDAR\n", 2, "BEGIN does not name a component.")]
    [InlineData("BEGIN:VCALENDAR\nBEGIN:A B\nEND:VCALENDAR\n", 2, "BEGIN does not name a component.")]
    [InlineData("BEGIN:VCALENDAR\nA:1\n\n b\nEND:VCALENDAR\n", 4, "The line begins with white space but continues no line.")]
    [InlineData(" BEGIN:VCALENDAR\nEND:VCALENDAR\n", 1, "The line begins with white space but continues no line.")]
    [InlineData("BEGIN:VCALENDAR\nSUMMARY\nEND:VCALENDAR\n", 2, "The line has no colon.")]
    [InlineData("BEGIN:VCALENDAR\n:x\nEND:VCALENDAR\n", 2, "The line does not begin with a property name.")]
    [InlineData("BEGIN:VCALENDAR\nA B:x\nEND:VCALENDAR\n", 2, "The property name is not followed by a colon or semicolon.")]
    [InlineData("BEGIN:VCALENDAR\nA;B:x\nEND:VCALENDAR\n", 2, "A parameter has no name or no equals sign.")]
    [InlineData("BEGIN:VCALENDAR\nA;:x\nEND:VCALENDAR\n", 2, "A parameter has no name or no equals sign.")]
    [InlineData("BEGIN:VCALENDAR\nA;=1:x\nEND:VCALENDAR\n", 2, "A parameter has no name or no equals sign.")]
    [InlineData("BEGIN:VCALENDAR\nA;B\nEND:VCALENDAR\n", 2, "A parameter has no name or no equals sign.")]
    [InlineData("BEGIN:VCALENDAR\nA;B=\"x:y\n z\nEND:VCALENDAR\n", 2, "A quoted parameter value has no closing quote.")]
    [InlineData("BEGIN:VCALENDAR\nA;B=\"x\"y:z\nEND:VCALENDAR\n", 2, "A parameter value is quoted in part only.")]
    [InlineData("BEGIN:VCALENDAR\nA;B=x\"y\":z\nEND:VCALENDAR\n", 2, "A parameter value is quoted in part only.")]
    [InlineData("BEGIN:VCALENDAR\nA;B=x\nEND:VCALENDAR\n", 2, "The line has no colon.")]
    [InlineData("BEGIN:VCALENDAR\nA;B=\"x\"\nEND:VCALENDAR\n", 2, "The line has no colon.")]
    [InlineData("BEGIN:VCALENDAR\nA;B=x,\nEND:VCALENDAR\n", 2, "The line has no colon.")]
    [InlineData("BEGIN:VCALENDAR\nA:1\nB:x\u0001\nEND:VCALENDAR\n", 3, "The line has a control character.")]
    [InlineData("BEGIN:VCALENDAR\nA:1\nB:x\u007f\nEND:VCALENDAR\n", 3, "The line has a control character.")]
    [InlineData("BEGIN:VCALENDAR\nA:1\nB:x\0\nEND:VCALENDAR\n", 3, "The line has a control character.")]
    [InlineData("BEGIN:VCALENDAR\r\nA:1\r\nB:x\ry\r\nEND:VCALENDAR\r\n", 3, "The line has a carriage return without a line feed.")]
    [InlineData("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r", 2, "The line has a carriage return without a line feed.")]
    [InlineData("BEGIN:VCALENDAR\nA:1\nB:x\uffff\nEND:VCALENDAR\n", 3, "The line has U+FFFE or U+FFFF, which an XML answer could not carry.")]
    public void What_is_not_iCalendar_is_refused_with_line_and_reason(string text, int lineNumber, string reason) =>
        AssertRefused(Encoding.UTF8.GetBytes(text), lineNumber, reason);

    [Theory]
    [InlineData("B:\u00ff")]
    [InlineData("B:\u00c3\n \n C")]
    [InlineData("B:\u00ed\u00a0\u0080")]
    [InlineData("B:\u00c0\u00af")]
    [InlineData("B;X=\u00e9:x")]
    public void What_is_not_UTF_8_is_refused_with_its_line(string line) =>
        AssertRefused(Encoding.Latin1.GetBytes($"BEGIN:VCALENDAR\nA:\u00c3\n \u00a9\n{line}\nEND:VCALENDAR\n"), 4, "The line is not UTF-8.");

    [Fact]
    public void A_noncharacter_cannot_hide_in_a_fold() =>
        AssertRefused(
            Encoding.Latin1.GetBytes("BEGIN:VCALENDAR\nA:\u00ef\u00bf\n \u00bf\nEND:VCALENDAR\n"), 2, "The line has U+FFFE or U+FFFF, which an XML answer could not carry.");

    [Theory]
    [InlineData("A:tab\there")]
    [InlineData("A_B:underscore")]
    [InlineData("A;B=:empty")]
    [InlineData("A;B=,,:empty list")]
    [InlineData("A;B=\"\":empty quoted")]
    [InlineData("A:")]
    [InlineData("A:::;;,,\"")]
    [InlineData("A:\u0085\u2028")]
    public void What_is_odd_but_clear_is_taken(string line) =>
        Assert.True(CalendarObject.TryParse(Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\n{line}\nEND:VCALENDAR\n"), out _, out _));

    [Fact]
    public void Parse_names_the_line_in_its_exception() =>
        Assert.Equal("Line 1: There is no VCALENDAR.", Assert.Throws<FormatException>(() => CalendarObject.Parse(default)).Message);

    private static void AssertRefused(byte[] bytes, int lineNumber, string reason)
    {
        Assert.False(CalendarObject.TryParse(bytes, out var result, out var error));
        Assert.Null(result);
        Assert.Equal(new ICalendarError(lineNumber, reason), error);
    }
}
