using System.Net;
using System.Text;
using Calendaring.ICalendar;
using Microsoft.Graph;
using NodaTime;
using Polly;
using ProviderBridge.Microsoft;
using ProviderBridge.Sync;
using ProviderBridge.Tests.Sync;
using Xunit;

namespace ProviderBridge.Tests.Microsoft;

/// <summary>Only an answer that says so means that an event is gone.</summary>
public sealed class An_answer_of_Microsoft_that_says_nothing
{
    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.NoContent)]
    [InlineData(HttpStatusCode.Gone)]
    [InlineData(HttpStatusCode.Conflict)]
    public async Task Is_no_deletion(HttpStatusCode status)
    {
        using var answers = new Answers(path => path.Contains("/events/", StringComparison.Ordinal) ? new HttpResponseMessage(status) : Json("{\"id\":\"c\"}"));
        var failed = await Assert.ThrowsAsync<OutsideException>(() => Calendar(answers).ReadAsync("e", TestContext.Current.CancellationToken));
        Assert.Equal(OutsideFault.Unavailable, failed.Fault);
    }

    [Fact]
    public async Task Is_a_deletion_where_Microsoft_says_that_it_is_not_there()
    {
        using var answers = new Answers(path => path.Contains("/events/", StringComparison.Ordinal)
            ? Json("{\"error\":{\"code\":\"ErrorItemNotFound\",\"message\":\"x\"}}", HttpStatusCode.NotFound)
            : Json("{\"id\":\"c\"}"));
        Assert.Null(await Calendar(answers).ReadAsync("e", TestContext.Current.CancellationToken));
    }

    /// <summary>All keys of an event are used up: that is of this event alone, and must not keep the others waiting.</summary>
    [Theory]
    [InlineData("DTSTART:20260304T020000Z\r\nDTEND:20260304T030000Z\r\n")]
    [InlineData("DTSTART:20260304T020000Z\r\nDTEND:20260304T030000Z\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=3\r\n")]
    public async Task Is_a_refusal_of_one_where_it_has_been_there_too_many_times(string lines)
    {
        using var answers = new Answers((method, path) => method == HttpMethod.Post
            ? Json("{\"error\":{\"code\":\"ErrorDuplicateTransactionId\",\"message\":\"x\"}}", HttpStatusCode.Conflict)
            : Json(path.EndsWith("/events", StringComparison.Ordinal) ? "{\"value\":[]}" : "{\"id\":\"c\"}"));
        var content = CalendarObject.Parse(Encoding.UTF8.GetBytes($"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20260101T000000Z\r\n{lines}SUMMARY:Lunch\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"));
        var refused = await Assert.ThrowsAsync<OutsideException>(() => Calendar(answers).CreateAsync("u", 0, content, TestContext.Current.CancellationToken));
        Assert.Equal((OutsideFault.Rejected, "Microsoft has had this event too many times."), (refused.Fault, refused.Message));
    }

    private static MicrosoftCalendar Calendar(Answers answers) =>
        new(new GraphServiceClient(new HttpClient(answers, disposeHandler: false)), "c", new("maya", "l1"), DateTimeZone.Utc, null!, new HandClock(), ResiliencePipeline.Empty);

    private static HttpResponseMessage Json(string text, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };

    private sealed class Answers(Func<HttpMethod, string, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public Answers(Func<string, HttpResponseMessage> answer)
            : this((_, path) => answer(path))
        {
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request.Method, request.RequestUri!.AbsolutePath));
    }
}
