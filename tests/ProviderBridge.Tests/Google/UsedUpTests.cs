using System.Net;
using System.Text;
using Calendaring.ICalendar;
using Google.Apis.Calendar.v3;
using Google.Apis.Http;
using Google.Apis.Services;
using NodaTime;
using Polly;
using ProviderBridge.Google;
using ProviderBridge.Sync;

namespace ProviderBridge.Tests.Google;

/// <summary>Google keeps the id of what was deleted for ever. When all ids of an event are used up, that is of this event alone, and must not keep the others waiting.</summary>
public sealed class An_event_of_which_all_ids_are_used_up
{
    [Fact]
    public async Task Is_refused_alone()
    {
        var content = CalendarObject.Parse("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260304T020000Z\r\nDTEND:20260304T030000Z\r\nSUMMARY:Lunch\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"u8.ToArray());
        using var service = new CalendarService(new BaseClientService.Initializer { ApplicationName = "test", HttpClientFactory = new Answers(), GZipEnabled = false, DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None });
        var calendar = new GoogleCalendar(service, "c", new LinkKey("maya", "l1"), DateTimeZone.Utc, null!, ResiliencePipeline.Empty);
        var refused = await Assert.ThrowsAsync<OutsideException>(() => calendar.CreateAsync("u", 0, content, TestContext.Current.CancellationToken));
        Assert.Equal((OutsideFault.Rejected, "Google has had this event too many times."), (refused.Fault, refused.Message));
    }

    private sealed class Answers : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new Handler();

        private sealed class Handler : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                var (status, text) = request.Method == HttpMethod.Post ? (HttpStatusCode.Conflict, Error(409, "duplicate"))
                    : request.RequestUri!.AbsolutePath.Contains("/events/", StringComparison.Ordinal) ? (HttpStatusCode.NotFound, Error(404, "notFound"))
                    : (HttpStatusCode.OK, "{\"id\":\"c\"}");
                return Task.FromResult(new HttpResponseMessage(status) { RequestMessage = request, Content = new StringContent(text, Encoding.UTF8, "application/json") });
            }

            private static string Error(int status, string reason) => $"{{\"error\":{{\"code\":{status},\"message\":\"x\",\"errors\":[{{\"reason\":\"{reason}\",\"message\":\"x\"}}]}}}}";
        }
    }
}
