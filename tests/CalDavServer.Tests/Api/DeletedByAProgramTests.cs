using System.Net;
using System.Text;
using Xunit;

namespace CalDavServer.Tests.Api;

/// <summary>What a program deletes by the API is deleted by the practice: a device that did not know does not bring it back.</summary>
public sealed class DeletedByAProgramTests : ApiServer
{
    [Fact]
    public async Task A_personal_appointment_stays_deleted_when_a_phone_puts_it_again()
    {
        Assert.Equal(HttpStatusCode.Created, await PutAsync());
        Assert.Equal(204, (await SendAsync("POST", "/api/appointments/e0/cancel", """{"choice":"delete"}""")).Status);
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync());
        await PutAsync();
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync());
    }

    private async Task<HttpStatusCode> PutAsync()
    {
        const string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Phone//EN\r\nBEGIN:VEVENT\r\nUID:e0\r\nDTSTAMP:20260301T000000Z\r\nDTSTART:20260304T030000Z\r\nDTEND:20260304T033000Z\r\nSUMMARY:Tea\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        using var content = new StringContent(text, Encoding.UTF8, "text/calendar");
        using var answer = await Client.PutAsync(new Uri("/dav/calendars/maya/hx/e0.ics", UriKind.Relative), content, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> GetAsync()
    {
        using var answer = await Client.GetAsync(new Uri("/dav/calendars/maya/hx/e0.ics", UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
