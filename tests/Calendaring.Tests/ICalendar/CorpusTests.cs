using Calendaring.ICalendar;
using Calendaring.Store;
using Calendaring.Validation;
using Xunit;

namespace Calendaring.Tests.ICalendar;

public sealed class CorpusTests
{
    public static TheoryData<string> Names => Corpus.Theory();

    [Fact]
    public void The_corpus_is_there() => Assert.True(Corpus.Names.Length >= 24, $"{Corpus.Names.Length} objects");

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_object_is_written_byte_for_byte_as_it_was_read(string name)
    {
        var bytes = Corpus.Read(name);
        Assert.Equal(bytes, CalendarObject.Parse(bytes).ToBytes());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_object_keeps_the_rules(string name) =>
        Assert.Null(CalendarObjectRules.Check(CalendarObject.Parse(Corpus.Read(name)), Corpus.AllComponents));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_object_can_be_indexed(string name)
    {
        var index = ObjectIndexer.Index(CalendarObject.Parse(Corpus.Read(name)));
        Assert.NotEmpty(index.Uid);
        Assert.Contains(index.Component, Corpus.AllComponents);
        Assert.False(index.End < index.Start);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rewriting_one_line_leaves_every_other_byte(string name)
    {
        var bytes = Corpus.Read(name);
        var edited = CalendarObject.Parse(bytes);
        var component = edited.Calendar.Components[^1];
        var line = component.Properties[^1];
        var replacement = ContentLine.Create("X-NEW", "1");
        component.Replace(line, replacement);
        var at = bytes.AsSpan().IndexOf(line.Bytes.Span);
        byte[] expected = [.. bytes[..at], .. replacement.Bytes.Span, .. bytes[(at + line.Bytes.Length)..]];
        Assert.Equal(expected, edited.ToBytes());
    }

    [Fact]
    public void Names_parameters_and_values_are_read_as_meant()
    {
        var exchange = CalendarObject.Parse(Corpus.Read("exchange-attendees.ics")).Calendar.Components[1];
        var attendees = exchange.FindAll("ATTENDEE").ToList();
        Assert.Equal("O'Brien; Pat (Physio)", attendees[0].Parameter("CN"));
        Assert.Equal(["mailto:a@practice.example", "mailto:b@practice.example"], attendees[1].Parameters.Single(p => p.Name == "MEMBER").Values);
        Assert.Equal("Sam \"the voice\" Lee\nSpeech", attendees[1].Parameter("CN"));
        Assert.Equal("urn:uuid:1b8f6d6e-9d58-4d6b-8f5e-3f1c1e0d9a77", attendees[2].RawValue);
        Assert.Equal("Case review; bring notes.\n\n", exchange.Find("DESCRIPTION")!.Text);
        Assert.True(exchange.Find("DTSTART")!.TryReadTime(out var start));
        Assert.Equal("(UTC+10:00) Canberra, Melbourne, Sydney", start.TimeZoneId);

        var folded = CalendarObject.Parse(Corpus.Read("octet-folded-utf8.ics")).Calendar.Components[0];
        Assert.Equal("診療予約の確認と治療計画の説明を行うための面談です。よろしくお願いいたします。", folded.Find("SUMMARY")!.Text);

        var lower = CalendarObject.Parse(Corpus.Read("lower-case-bare-lf.ics")).Calendar.Components[0];
        Assert.Equal("VEVENT", lower.Name);
        Assert.Equal("europe/london", lower.Find("DTSTART")!.Parameter("TZID"));
        Assert.Equal("lower case\tfolded with a tab after the space", lower.Find("SUMMARY")!.Text);
    }
}
