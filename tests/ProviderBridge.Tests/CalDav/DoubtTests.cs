using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using ProviderBridge.Accounts;
using ProviderBridge.CalDav;
using ProviderBridge.Tests.Sync;

namespace ProviderBridge.Tests.CalDav;

/// <summary>A refused password is doubted for a while, and not for ever.</summary>
public sealed class A_refused_password
{
    [Fact]
    public async Task Is_believed_in_the_end_though_the_clock_was_wrong_when_it_was_first_refused()
    {
        await using var link = await LinkFixture.StartAsync();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var refusing = RefuseAsync(listener);
        var server = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        using var connections = new CalDavConnections(new CalDavReach { Internal = ["127.0.0.1"] });
        var secrets = new AccountSecrets(link.Store, link.Clock, new EphemeralDataProtectionProvider());
        var service = new CalDavService("caldav", secrets, link.Clock, connections);
        var account = await service.KeepAsync(link.Practitioner, CalDavService.GrantOf(new CalDavAccountFacts(server, server, [server]), new CalDavCredentials("sam", "secret")));
        link.Clock.Now += Duration.FromDays(400);
        Assert.Equal(CalDavProblem.Busy, await AskAsync(service, account, server));
        link.Clock.Now -= Duration.FromDays(400);
        for (var n = 0; n < CalDavReach.MostDoubted; n++)
        {
            Assert.Equal(CalDavProblem.Busy, await AskAsync(service, account, server));
            link.Clock.Now += Duration.FromMinutes(6);
        }

        Assert.Equal(CalDavProblem.Refused, await AskAsync(service, account, server));
        listener.Stop();
        await refusing;
    }

    private static async Task<CalDavProblem> AskAsync(CalDavService service, OutsideAccount account, Uri server) =>
        (await Assert.ThrowsAsync<CalDavException>(() => service.Enter(account.Key).SendAsync(new DavRequest("PROPFIND", server), TestContext.Current.CancellationToken))).Problem;

    private static async Task RefuseAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                Assert.True(await client.GetStream().ReadAsync(new byte[8192]) > 0);
                await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // the test is over
        }
    }
}
