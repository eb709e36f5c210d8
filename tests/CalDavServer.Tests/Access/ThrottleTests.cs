using System.Net;
using CalDavServer.Access;
using CalDavServer.Http;
using NodaTime;
using Xunit;

namespace CalDavServer.Tests.Access;

public sealed class ThrottleTests
{
    private const HttpStatusCode SignedIn = HttpStatusCode.NotFound;

    [Fact]
    public async Task Guesses_at_an_account_are_answered_429_with_the_seconds_to_wait_and_taken_again_after_them()
    {
        await using var server = await SignInServer.StartAsync();
        await GuessAsync(server, SignInServer.Login, 10);

        using var response = await server.AskAsync(SignInServer.Login, "wrong");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        var wait = response.Headers.RetryAfter?.Delta;
        Assert.Equal(TimeSpan.FromSeconds(30), wait);
        server.Clock.Now += Duration.FromSeconds(29);
        Assert.Equal(HttpStatusCode.TooManyRequests, await server.StatusAsync(SignInServer.Login, "wrong"));
        server.Clock.Now += Duration.FromSeconds(1);
        Assert.Equal(HttpStatusCode.Unauthorized, await server.StatusAsync(SignInServer.Login, "wrong"));
    }

    [Fact]
    public void Guesses_from_where_somebody_signed_in_stop_nobody_for_good_and_are_told_to_the_owner()
    {
        var clock = new ManualClock();
        var throttle = new LoginThrottle(clock);
        var office = Origin.Of(IPAddress.Parse("192.0.2.1"));
        var told = 0;
        for (var n = 0; n < 200; n++)
        {
            var verdict = throttle.Begin("maya", office, isKnown: true);
            Assert.Equal(0, verdict.Wait);
            told += verdict.IsCeiling ? 1 : 0;
            clock.Now += Duration.FromSeconds(30);
        }

        Assert.True(told > 0);
        Assert.Equal(0, throttle.Begin("maya", Origin.Of(IPAddress.Parse("198.51.100.7"))).Wait);
    }

    [Fact]
    public async Task Unknown_accounts_are_throttled_like_known_ones()
    {
        await using var server = await SignInServer.StartAsync();
        await GuessAsync(server, "nobody@example.org", 10);

        Assert.Equal(HttpStatusCode.TooManyRequests, await server.StatusAsync("NOBODY@example.org", "wrong"));
    }

    [Fact]
    public async Task One_address_that_tries_many_accounts_is_throttled()
    {
        await using var server = await SignInServer.StartAsync();
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.Unauthorized, await server.StatusAsync($"person{i}@example.org", "wrong"));

        Assert.Equal(HttpStatusCode.TooManyRequests, await server.StatusAsync("another@example.org", "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await server.StatusAsync("another@example.org", "wrong", from: "127.0.0.9"));
    }

    [Fact]
    public async Task A_correct_password_from_another_address_is_never_locked_out()
    {
        await using var server = await SignInServer.StartAsync();
        for (var i = 0; i < 10; i++) await server.StatusAsync(SignInServer.Login, "wrong", from: $"127.0.1.{i + 1}");

        Assert.Equal(HttpStatusCode.TooManyRequests, await server.StatusAsync(SignInServer.Login, "wrong", from: "127.0.1.1"));
        Assert.Equal(SignedIn, await server.StatusAsync(SignInServer.Login, SignInServer.Chosen, from: "127.0.2.1"));
    }

    [Fact]
    public async Task A_generated_password_is_taken_even_from_an_address_that_is_throttled()
    {
        await using var server = await SignInServer.StartAsync();
        await GuessAsync(server, SignInServer.Login, 11);

        Assert.Equal(HttpStatusCode.TooManyRequests, await server.StatusAsync(SignInServer.Login, SignInServer.Chosen));
        Assert.Equal(SignedIn, await server.StatusAsync(SignInServer.Login, server.Generated));
    }

    [Fact]
    public async Task A_device_that_is_signed_in_goes_on_while_its_address_is_throttled()
    {
        await using var server = await SignInServer.StartAsync();
        Assert.Equal(SignedIn, await server.StatusAsync(SignInServer.Login, SignInServer.Chosen));
        await GuessAsync(server, SignInServer.Login, 11);

        Assert.Equal(SignedIn, await server.StatusAsync(SignInServer.Login, SignInServer.Chosen));
    }

    [Fact]
    public void Successful_logins_are_not_counted()
    {
        var (throttle, here) = (new LoginThrottle(new ManualClock()), Origin.Of(IPAddress.Loopback));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(0, throttle.Begin(SignInServer.Login, here).Wait);
            throttle.Forgive(SignInServer.Login, here);
        }
    }

    [Fact]
    public void A_hundred_thousand_keys_take_bounded_memory_and_the_worst_are_kept()
    {
        var clock = new ManualClock();
        var meter = new FailureMeter(burst: 10, interval: Duration.FromSeconds(30));
        for (var i = 0; i < 10; i++) meter.Add("worst", clock.Now);
        for (var i = 0; i < 100_000; i++) meter.Add($"key {i}", clock.Now);

        Assert.InRange(meter.Count, 1, 20_000);
        Assert.Equal(Duration.FromSeconds(30), meter.Wait("worst", clock.Now));
    }

    [Fact]
    public void The_addresses_of_one_IPv6_network_count_as_one()
    {
        var throttle = new LoginThrottle(new ManualClock());
        for (var i = 0; i < 20; i++) Assert.Equal(0, Wait($"person{i}", $"2001:db8:1:2::{i + 1:x}"));

        Assert.True(Wait("another", "2001:db8:1:2:ffff::1") > 0);
        Assert.Equal(0, Wait("another", "2001:db8:1:3::1"));

        int Wait(string account, string address) => throttle.Begin(account, Origin.Of(IPAddress.Parse(address))).Wait;
    }

    private static async Task GuessAsync(SignInServer server, string login, int times)
    {
        for (var i = 0; i < times; i++) await server.StatusAsync(login, $"wrong {i}");
    }
}
