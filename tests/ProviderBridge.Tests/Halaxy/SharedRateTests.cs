using System.Diagnostics;
using System.Net;
using System.Text;
using Hl7.Fhir.Model;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using ProviderBridge.Halaxy;
using ProviderBridge.Tests.Sync;
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

    [Fact]
    public async Task A_key_that_is_tried_by_a_person_waits_some_seconds_for_its_turn_and_not_until_Halaxy_has_one()
    {
        using var answers = new Counting { RetryAfter = 110 };
        using var clients = new HalaxyClients(new HttpClient(answers), new HalaxySecrets(new EphemeralDataProtectionProvider()), SystemClock.Instance) { Patience = TimeSpan.FromMilliseconds(200) };
        using var tried = clients.Try("one", new HalaxyKey(new Uri("https://halaxy.test/main/"), "one", "secret"));
        var began = Stopwatch.GetTimestamp();
        Assert.Equal(HalaxyFault.TooMany, (await Assert.ThrowsAsync<HalaxyException>(() => AskAsync(tried, TestContext.Current.CancellationToken))).Fault);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Whoever_types_names_uses_up_no_more_than_a_part_of_the_practices_requests()
    {
        using var clients = new HalaxyClients(new HttpClient(), new HalaxySecrets(new EphemeralDataProtectionProvider()), SystemClock.Instance) { Patience = TimeSpan.FromMilliseconds(200) };
        var typed = Enumerable.Range(0, Most).Select(_ => clients.TakeSearchAsync("one", TestContext.Current.CancellationToken)).ToList();
        await Task.WhenAll(typed).ContinueWith(static _ => { }, TaskScheduler.Default);
        Assert.Equal(90, typed.Count(one => one.IsCompletedSuccessfully));
        Assert.All(typed.Where(one => one.IsFaulted), one => Assert.Equal(HalaxyFault.TooMany, Assert.IsType<HalaxyException>(one.Exception!.InnerException).Fault));
        // nor does another practice wait for them
        await clients.TakeSearchAsync("two", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_makes_nobody_wait_for_longer()
    {
        var clock = new HandClock();
        using var rate = new HalaxyRateLimit(clock);
        using var wait = new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new(TimeSpan.FromSeconds(100)) } };
        rate.Note(wait);
        await Assert.ThrowsAsync<HalaxyException>(() => rate.TakeAsync(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken));
        clock.Now -= NodaTime.Duration.FromHours(3);
        await rate.TakeAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private static async Task AskAsync(HalaxyClient client, CancellationToken cancelled) => await client.FindAsync<Appointment>("7", cancelled);

    private sealed class Counting : HttpMessageHandler
    {
        private int _count;

        /// <summary>How many seconds it asks to wait, and answers nothing else; null for never.</summary>
        public int? RetryAfter { get; init; }

        public int Count => Volatile.Read(ref _count);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            if (RetryAfter is { } wait) return Task.FromResult(new HttpResponseMessage(HttpStatusCode.TooManyRequests) { Headers = { RetryAfter = new(TimeSpan.FromSeconds(wait)) } });
            var body = request.RequestUri!.AbsolutePath.EndsWith("/oauth/token", StringComparison.Ordinal) ? """{"access_token":"t","expires_in":3600}""" : """{"resourceType":"Appointment","id":"7"}""";
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        }
    }
}
