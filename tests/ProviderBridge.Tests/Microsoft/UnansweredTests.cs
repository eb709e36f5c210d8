using System.Net;
using System.Text;
using Microsoft.Graph;
using NodaTime;
using Polly;
using ProviderBridge.Microsoft;
using ProviderBridge.Sync;
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

    private static MicrosoftCalendar Calendar(Answers answers) =>
        new(new GraphServiceClient(new HttpClient(answers, disposeHandler: false)), "c", new("maya", "l1"), DateTimeZone.Utc, SystemClock.Instance, ResiliencePipeline.Empty);

    private static HttpResponseMessage Json(string text, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };

    private sealed class Answers(Func<string, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer(request.RequestUri!.AbsolutePath));
    }
}
