using System.Net;
using System.Text;
using CalDavServer.Tests.Hosting;
using CalDavServer.Web;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>A form has a size that fits who sends it: 64 KB before signing in.</summary>
public sealed class FormLimitTests : PageTest
{
    [Theory]
    [InlineData("/sign-in", true)]
    [InlineData("/sign-in", false)]
    [InlineData("/forgotten", true)]
    public async Task A_stranger_s_form_over_64_KB_is_refused(string path, bool told)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Server.Address };
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes("login=" + new string('a', FormLimits.Anonymous)));
        content.Headers.ContentType = new("application/x-www-form-urlencoded");
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (!told) request.Headers.TransferEncodingChunked = true;
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        // one whose length is not told is read up to the limit, and is then a form that cannot be read
        Assert.Equal(told ? HttpStatusCode.RequestEntityTooLarge : HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotEmpty(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_form_of_16_MB_that_is_sent_by_half_is_answered_at_once()
    {
        using var socket = new System.Net.Sockets.TcpClient();
        await socket.ConnectAsync(Server.Address.Host, Server.Address.Port, TestContext.Current.CancellationToken);
        var stream = socket.GetStream();
        var head = $"POST /sign-in HTTP/1.1\r\nHost: {Server.Address.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 16000000\r\n\r\nlogin=" + new string('a', 8_000);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Who_has_signed_in_may_send_more()
    {
        using var browser = new PageClient(Server);
        await browser.SignInAsync("maya", Password);
        var answer = await browser.PostAsync("/calendar/new", ("Form.Kind", "personal"), ("Form.Title", "long"), ("Form.Comments", new string('a', 100_000)));
        Assert.NotEqual(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }
}
