using System.Buffers;
using System.Globalization;
using System.Text;
using CalDavServer.Dav.Filters;
using CalDavServer.Dav.Xml;
using CalDavServer.Http;
using CalDavServer.Tests.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace CalDavServer.Tests.Reports;

/// <summary>What an answer may grow to: refused with number-of-matches-within-limits and a sentence, or sent piece by piece.</summary>
public sealed class AnswerLimitTests : ReportTest
{
    private const string TenYears = "start=\"20260101T000000Z\" end=\"20360101T000000Z\"";
    private const string Everything = "<C:filter><C:comp-filter name=\"VCALENDAR\"/></C:filter>";

    private Task<DavAnswer> ExpandAsync(string window, string parts = "") =>
        ReportAsync($"<C:calendar-query {CalDav}><D:prop><C:calendar-data>{parts}<C:expand {window}/></C:calendar-data></D:prop>{Everything}</C:calendar-query>");

    private async Task PutHeavyAsync(string name)
    {
        var attachment = string.Concat(Enumerable.Range(0, 4_400).Select(_ => "\r\n " + new string('Q', 73)));
        await PutAsync(name, "VEVENT", "DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "SUMMARY:Heavy", $"ATTACH;ENCODING=BASE64;VALUE=BINARY:{attachment}");
    }

    [Fact]
    public async Task A_large_event_expanded_over_ten_years_is_refused_with_a_sentence_and_the_others_are_answered()
    {
        await PutHeavyAsync("heavy");
        await PutAsync("light", "VEVENT", "DTSTART:20260601T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", "SUMMARY:Light");
        var answer = await ExpandAsync(TenYears);
        Assert.Equal(207, answer.Status);
        var refused = answer.Response(Home + "heavy.ics");
        Assert.Contains(" 507 ", refused.Element(Xml.D + "status")!.Value, StringComparison.Ordinal);
        Assert.NotNull(refused.Element(Xml.D + "error")!.Element(Xml.D + "number-of-matches-within-limits"));
        Assert.Contains("ask for a shorter one", refused.Element(Xml.D + "responsedescription")!.Value, StringComparison.Ordinal);
        Assert.Equal(3_502, answer.Property(Xml.C + "calendar-data", Home + "light.ics")!.Value.Split("BEGIN:VEVENT").Length);
        Assert.True(answer.Bytes.Length < 2_000_000);
    }

    [Fact]
    public async Task A_month_of_a_large_event_and_ten_years_of_its_times_are_within_the_limits()
    {
        await PutHeavyAsync("heavy");
        var month = (await ExpandAsync("start=\"20260601T000000Z\" end=\"20260701T000000Z\"")).Property(Xml.C + "calendar-data")!.Value;
        Assert.Equal(31, month.Split("ATTACH;").Length);
        var times = (await ExpandAsync(TenYears, "<C:comp name=\"VCALENDAR\"><C:comp name=\"VEVENT\"><C:prop name=\"DTSTART\"/></C:comp></C:comp>")).Property(Xml.C + "calendar-data")!.Value;
        Assert.Equal(3_502, times.Split("DTSTART:").Length);
        Assert.DoesNotContain("ATTACH", times, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_all_objects_of_an_answer_grow_to_is_limited_together()
    {
        for (var n = 0; n < 12; n++) await PutHeavyAsync($"heavy{n:D2}");
        var answer = await ExpandAsync("start=\"20260601T000000Z\" end=\"20260710T000000Z\"");
        Assert.Equal(207, answer.Status);
        var refused = answer.Hrefs.Count(href => answer.Response(href).Element(Xml.D + "status") is not null);
        Assert.InRange(refused, 1, 4);
    }

    [Fact]
    public async Task Busy_times_that_are_too_many_are_refused_with_a_sentence()
    {
        for (var n = 0; n < 8; n++) await PutAsync($"often{n}", "VEVENT", $"DTSTART:20260601T0900{n * 2:D2}Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY;INTERVAL=20");
        var answer = await ReportAsync($"<C:free-busy-query {CalDav}>{Range("20260601T000000Z", "20260602T000000Z")}</C:free-busy-query>");
        Assert.Equal(200, answer.Status);
        var refused = await ReportAsync($"<C:free-busy-query {CalDav}>{Range("20260601T000000Z", "20260603T000000Z")}</C:free-busy-query>");
        Assert.Equal(403, refused.Status);
        Assert.True(refused.HasCondition(Xml.D + "number-of-matches-within-limits"), refused.Text);
        Assert.Contains("shorter", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200_000)]
    [InlineData(1_001)]
    public async Task A_text_that_is_looked_for_is_bounded(int length)
    {
        var answer = await QueryAsync($"<C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:prop-filter name=\"SUMMARY\"><C:text-match>{new string('a', length)}</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter>");
        Assert.Equal(403, answer.Status);
        Assert.True(answer.HasCondition(Condition("valid-filter")), answer.Text);
        var people = await ReportAsync(
            $"<D:principal-property-search {CalDav}><D:property-search><D:prop><D:displayname/></D:prop><D:match>{new string('a', length)}</D:match></D:property-search><D:prop/></D:principal-property-search>",
            "/dav/principals/", "0");
        Assert.Equal(400, people.Status);
    }

    [Fact]
    public void Any_text_is_found_where_it_is_and_nowhere_else()
    {
        var random = new Random(11);
        string Make(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "aab"[random.Next(3)]));
        for (var round = 0; round < 20_000; round++)
        {
            var (pattern, text) = (Make(random.Next(7)), Make(random.Next(30)));
            Assert.Equal(text.Contains(pattern, StringComparison.Ordinal), new TextSearch(pattern).IsIn(text));
        }
    }

    [Theory]
    [InlineData("i;ascii-casemap")]
    [InlineData("i;octet")]
    [InlineData("i;unicode-casemap")]
    public void A_text_is_found_across_the_pieces_in_which_a_long_value_is_looked_at(string name)
    {
        var collation = Collation.Find(name)!;
        var random = new Random(7);
        string[] emails = ["\u0301", "\u0323", "\uFB03", "\u00E9", "\U0001F600", "\u01C6", "a", "A", "b", "e"];
        for (var round = 0; round < 400; round++)
        {
            var few = round % 4 == 0 ? 6 : emails.Length;
            string Make(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => emails[random.Next(few)]));
            var value = Make(random.Next(3_000));
            var at = Math.Max(0, Math.Min(value.Length, 1_024) - random.Next(1, 30));
            var pattern = round % 2 == 0 ? Make(random.Next(1, 6)) : value.Substring(at, Math.Min(value.Length - at, random.Next(60)));
            var found = collation.Fold(value).Contains(collation.Fold(pattern), StringComparison.Ordinal);
            Assert.Equal(found, new TextMatch(pattern, collation, TextMatchType.Contains, false).Matches(value));
        }
    }

    [Fact]
    public void Looking_at_a_long_value_keeps_nothing_of_it()
    {
        var value = new string('x', 1_000_000);
        var match = new TextMatch("y", Collation.Find("i;unicode-casemap")!, TextMatchType.Contains, false);
        Assert.False(match.Matches(value));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(match.Matches(value));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void Looking_for_a_text_takes_time_that_grows_with_the_text_alone()
    {
        // the worst there is for a search that begins anew at each character
        var text = new string('a', 1_000_000);
        var (small, large) = (new TextSearch(new string('a', 10) + "b"), new TextSearch(new string('a', 999) + "b"));
        var (shortest, longest) = (TimeOf(() => small.IsIn(text)), TimeOf(() => large.IsIn(text)));
        Assert.True(longest < 20 * shortest, $"{longest} for a hundred times the pattern, {shortest} before.");

        static TimeSpan TimeOf(Func<bool> find)
        {
            var least = TimeSpan.MaxValue;
            for (var round = 0; round < 9; round++)
            {
                var since = System.Diagnostics.Stopwatch.GetTimestamp();
                Assert.False(find());
                var took = System.Diagnostics.Stopwatch.GetElapsedTime(since);
                if (took < least) least = took;
            }

            return least;
        }
    }

    [Fact]
    public void A_filter_looks_at_so_much_text_and_ends_when_its_client_has_gone()
    {
        var allowance = new TextAllowance(CancellationToken.None);
        for (var n = 0; n < 400; n++) allowance.Spend(1_000_000);
        Assert.Throws<FilterLimitException>(() => allowance.Spend(1));
        using var gone = new CancellationTokenSource();
        allowance = new TextAllowance(gone.Token);
        allowance.Spend(1);
        gone.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => allowance.Spend(1));
    }

    [Fact]
    public void What_is_written_without_draining_has_an_end()
    {
        using var xml = new XmlUtf8Writer();
        var text = new string('x', 1_000_000);
        var written = 0;
        Assert.Throws<AnswerLimitException>(() =>
        {
            for (; written < 1_200; written++) xml.Text(text);
        });
        Assert.InRange(written, 8, 40);
    }

    [Fact]
    public void Long_texts_stand_where_they_were_written_and_go_with_what_is_taken_back()
    {
        var (markup, data) = (string.Concat(Enumerable.Range(0, 30_000).Select(n => n % 7 == 0 ? "😀" : "é")), Encoding.UTF8.GetBytes(new string('€', 20_000) + "&\r\n"));
        using var xml = new XmlUtf8Writer();
        xml.Raw("<a>"u8);
        xml.Long(new LongText.Markup(markup));
        xml.Raw("</a><b>"u8);
        var start = xml.Length;
        xml.Raw("<c>"u8);
        xml.Long(new LongText.Markup("gone"));
        xml.Rewind(start);
        xml.Long(new LongText.Data([data]));
        xml.Raw("</b>"u8);
        var steps = xml.WriteLong().Count();
        Assert.False(xml.HasLong);
        Assert.True(steps > 5);
        Assert.Equal($"<a>{markup}</a><b>{new string('€', 20_000)}&amp;&#13;\n</b>", Encoding.UTF8.GetString(xml.Written.Span));
    }

    [Fact]
    public async Task Long_properties_and_long_events_arrive_whole()
    {
        var value = string.Concat(Enumerable.Range(0, 6_000).Select(n => n.ToString(CultureInfo.InvariantCulture) + "é"));
        var property = new System.Xml.Linq.XElement(System.Xml.Linq.XName.Get("note", "urn:test"), value);
        Assert.Equal(207, (await Client.SendAsync("PROPPATCH", Home, Xml.Set(property))).Status);
        var description = new string('€', 60_000);
        await PutAsync("long", "VEVENT", "DTSTART:20260601T090000Z", $"DESCRIPTION:{description}");
        var found = await Client.SendAsync("PROPFIND", Home, "<D:propfind xmlns:D='DAV:'><D:allprop/></D:propfind>", ("Depth", "1"));
        Assert.Equal(value, found.Property(property.Name, Home)!.Value);
        Assert.Equal(value, (await Client.PropFindAsync(Home, "0", property.Name, Xml.D + "nothing")).Property(property.Name)!.Value);
        var data = await ReportAsync($"<C:calendar-multiget {CalDav}><D:prop><C:calendar-data/></D:prop><D:href>{Home}long.ics</D:href><D:href>{Home}none.ics</D:href></C:calendar-multiget>");
        Assert.Equal(Events.Component("VEVENT", "long", "DTSTART:20260601T090000Z", $"DESCRIPTION:{description}"), data.Property(Xml.C + "calendar-data", Home + "long.ics")!.Value);
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_given_up()
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new Stuck()));
        using var sending = new Sending(http.Response, CancellationToken.None, TimeSpan.FromMilliseconds(200));
        sending.Take(ArrayPool<byte>.Shared.Rent(100), 100);
        await Assert.ThrowsAsync<SlowClientException>(() => sending.EndAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Throws<SlowClientException>(() => sending.Take(ArrayPool<byte>.Shared.Rent(100), 100));
    }

    private sealed class Stuck : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => new(new TaskCompletionSource().Task);
    }
}
