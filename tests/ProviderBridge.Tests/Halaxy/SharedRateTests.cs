using System.Net;
using System.Text;
using Hl7.Fhir.Model;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using ProviderBridge.Halaxy;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProviderBridge.Tests.Halaxy;

/// <summary>All that is done for one practice takes from one rate, and leaves some of Halaxy's 500 a minute to the practice's other programs.</summary>
public sealed class SharedRateTests
{
    private const int Most = 450;

    [Fact]
    public async Task All_clients_of_a_practice_ask_450_times_a_minute_together_and_another_practice_is_not_held_up()
    {
        using var answers = new Counting();
        var secrets = new HalaxySecrets(new EphemeralDataProtectionProvider());
        using var clients = new HalaxyClients(new HttpClient(answers), secrets, SystemClock.Instance);
        var key = new HalaxyKey(new Uri("https://halaxy.test/main/"), "one", "secret");
        var connection = new HalaxyConnection("one", key.Address, key.ClientId, secrets.Protect("one", key.ClientSecret), default);
        using var tried = clients.Try("one", key);
        HalaxyClient[] all = [tried, clients.Find(connection)!, clients.Find(connection with { ProtectedSecret = secrets.Protect("one", "another") })!];
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task[] asking = [.. Enumerable.Range(0, Most + 50).Select(n => AskAsync(all[n % all.Length], ended.Token))];
        while (answers.Count < Most) await Task.Delay(10, TestContext.Current.CancellationToken);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Assert.Equal(Most, answers.Count);

        using var other = clients.Try("two", key);
        await AskAsync(other, TestContext.Current.CancellationToken);
        Assert.Equal(Most + 2, answers.Count);
        await ended.CancelAsync();
        await Task.WhenAll(asking).ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private static async Task AskAsync(HalaxyClient client, CancellationToken cancelled) => await client.FindAsync<Appointment>("7", cancelled);

    private sealed class Counting : HttpMessageHandler
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            var body = request.RequestUri!.AbsolutePath.EndsWith("/oauth/token", StringComparison.Ordinal) ? """{"access_token":"t","expires_in":3600}""" : """{"resourceType":"Appointment","id":"7"}""";
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        }
    }
}
