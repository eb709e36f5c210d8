using System.Net;
using CalDavServer.Access;
using CalDavServer.Hosting;
using CalDavServer.Http;
using CalDavServer.Options;
using CalDavServer.Tests.Hosting;
using Calendaring.Store;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Practice;
using Practice.Groups;
using Xunit;

namespace CalDavServer.Tests.Access;

/// <summary>Who guesses passwords from many addresses, at the pages (<c>true</c>) and as a device: both count alike.</summary>
public sealed class GuessingTests : IAsyncLifetime
{
    private const string Login = "maya@riverbend.example";
    private const string Right = "a fine long password";
    private const string Home = "203.0.113.7";
    private readonly ManualClock _clock = new();
    private readonly MailStandIn _post = new();
    private TestServer _server = null!;

    private ServerOptions Hosting => new() { Proxies = [IPNetwork.Parse("127.0.0.0/8")], AllowHttp = true, Mail = _post.Settings, PublicAddress = new Uri("http://localhost/") };

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(_clock, hosting: Hosting);
        var maya = await _server.AddPersonAsync(Login);
        await PageClient.GivePasswordAsync(_server, maya.Principal.Id, Right);
        var chosen = AppPassword.ForChosen(Right, maya.Principal.Id, "Imported", readOnly: false, PrivacyLevel.Initials, _clock.Now);
        Assert.True((await _server.Store.ApplyAsync(StoreBatch.Of(new PutCredential(chosen)), TestContext.Current.CancellationToken)).Succeeded);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _post.DisposeAsync();
    }

    [Theory]
    [InlineData(true, "maya%40riverbend.example")]
    [InlineData(true, "  MAYA@riverbend.example")]
    [InlineData(false, "maya%40riverbend.example")]
    [InlineData(false, "m%61ya%40RIVERBEND.example")]
    public async Task Another_spelling_does_not_tell_whether_a_login_exists(bool pages, string spelling)
    {
        using var door = await SignInDoor.OpenAsync(pages, _server);
        var nobody = spelling.Replace("ya", "yo", StringComparison.OrdinalIgnoreCase);
        var known = await TryAllAsync(spelling, Login, "192.0.2.1");
        var unknown = await TryAllAsync(nobody, "mayo@riverbend.example", "192.0.2.2");
        Assert.Equal(known, unknown);
        Assert.Contains(known, tried => tried.Result == SignInResult.TooMany);
        Assert.Equal(SignInResult.TooMany, known[^1].Result);

        async Task<List<Tried>> TryAllAsync(string first, string second, string from)
        {
            var all = new List<Tried>();
            for (var i = 0; i < 11; i++) all.Add(await door.TryAsync(first, "wrong", from));
            all.Add(await door.TryAsync(second, "wrong", from));
            return all;
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_addresses_of_one_IPv6_network_are_no_strangers_to_each_other(bool pages)
    {
        using var door = await SignInDoor.OpenAsync(pages, _server);
        var tried = 0;
        for (var i = 0; i < 60; i++)
        {
            if ((await door.TryAsync(Login, $"wrong {i}", $"2001:db8:7:{i:x}::1")).Result == SignInResult.Wrong) tried++;
        }

        Assert.Equal(10, tried);
        Assert.Equal(SignInResult.Wrong, (await door.TryAsync("somebody else", "wrong", "2001:db8:7:ffff::1")).Result);
        Assert.Equal(SignInResult.In, (await door.TryAsync(Login, Right, "2001:db8:8::1")).Result);
    }

    [Fact]
    public void One_IPv6_network_that_tries_many_accounts_is_throttled()
    {
        var throttle = new LoginThrottle(_clock);
        for (var i = 0; i < 40; i++) Assert.Equal(0, Wait($"person{i}", $"2001:db8:7:{i:x}::1"));
        Assert.Equal(15, Wait("another", "2001:db8:7:ffff::1"));
        Assert.Equal(0, Wait("another", "2001:db8:8::1"));

        int Wait(string account, string address) => throttle.Begin(account, Origin.Of(IPAddress.Parse(address))).Wait;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_account_has_a_ceiling_wherever_guesses_come_from_its_owner_is_told_and_an_address_that_signed_in_before_is_not_under_it(bool pages)
    {
        using var door = await SignInDoor.OpenAsync(pages, _server);
        Assert.Equal(SignInResult.In, (await door.TryAsync(Login, Right, Home)).Result);

        // an unknown login has the same ceiling, and nobody is told
        if (pages) Assert.Equal(50, await GuessAsync(door, "nobody@riverbend.example", 60, network: 1));
        Assert.Equal(50, await GuessAsync(door, Login, 60));
        var refused = await door.TryAsync(Login, Right + "!", "192.0.2.99");
        Assert.Equal(SignInResult.TooMany, refused.Result);
        Assert.Equal(120, refused.RetryAfter);
        var email = await _post.NextAsync();
        Assert.Equal(Login, email.To);
        Assert.Contains("wrong passwords", email.Text, StringComparison.Ordinal);
        Assert.Equal(0, _post.Emails);

        for (var i = 0; i < 9; i++) Assert.Equal(SignInResult.Wrong, (await door.TryAsync(Login, $"mistyped {i}", Home)).Result);
        Assert.Equal(SignInResult.In, (await door.TryAsync(Login, Right, Home)).Result);

        // and time opens it
        _clock.Now += Duration.FromMinutes(2);
        Assert.Equal(SignInResult.In, (await door.TryAsync(Login, Right, "192.0.2.99")).Result);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_address_that_signed_in_before_has_a_count_of_its_own(bool pages)
    {
        using var door = await SignInDoor.OpenAsync(pages, _server);
        Assert.Equal(SignInResult.In, (await door.TryAsync(Login, Right, Home)).Result);
        await UseUpAsync(door, Home);
        for (var i = 0; i < 10; i++) Assert.Equal(SignInResult.Wrong, (await door.TryAsync(Login, $"wrong {i}", Home)).Result);
        Assert.Equal(new Tried(SignInResult.TooMany, 30), await door.TryAsync(Login, "wrong", Home));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_somebody_signed_in_is_known_after_a_restart(bool pages)
    {
        using (var door = await SignInDoor.OpenAsync(pages, _server)) Assert.Equal(SignInResult.In, (await door.TryAsync(Login, Right, Home)).Result);
        _server = await _server.RestartAsync(hosting: Hosting);
        using var again = await SignInDoor.OpenAsync(pages, _server);
        await UseUpAsync(again, Home);
        Assert.Equal(SignInResult.In, (await again.TryAsync(Login, Right, Home)).Result);
    }

    [Fact]
    public async Task The_owner_is_told_once_a_day()
    {
        var alarm = _server.Services.GetRequiredService<GuessAlarm>();
        var maya = new Principal("other", "other", "Maya", "other@riverbend.example", (int)PrincipalRole.User, null);
        foreach (var hours in new[] { 0, 1, 22, 2, 1 })
        {
            _clock.Now += Duration.FromHours(hours);
            alarm.Raise(maya);
            alarm.Raise(maya with { Id = "without", Email = null });
        }

        await _post.NextAsync();
        await _post.NextAsync();
        Assert.Equal(0, _post.Emails);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Guesses_at_once_keep_nobody_waiting_who_signed_in_from_there_before(bool pages, bool oneAddress)
    {
        using var door = await SignInDoor.OpenAsync(pages, _server);
        Assert.Equal(SignInResult.In, (await door.TryAsync(Login, Right, Home)).Result);
        var guesses = Enumerable.Range(0, 90).Select(n => door.TryAsync($"person{n}", "wrong", oneAddress ? "192.0.2.1" : $"2001:db8:{n:x}::1")).ToList();
        await Task.WhenAny(guesses);

        // not what the server remembers of a moment ago: another password, which is compared
        Assert.Equal(SignInResult.Wrong, (await door.TryAsync(Login, "mistyped", Home)).Result);
        if (!oneAddress) Assert.True(guesses.Count(guess => !guess.IsCompleted) > 45, "it waited behind guesses");
        await Task.WhenAll(guesses);
        Assert.Equal(SignInResult.In, (await door.TryAsync(Login, Right, Home)).Result);
    }

    [Fact]
    public async Task Who_opened_a_link_for_a_forgotten_password_can_sign_in_there_whatever_others_tried()
    {
        using var door = await SignInDoor.OpenAsync(pages: true, _server);
        await UseUpAsync(door, "127.0.0.1");
        using var browser = new PageClient(_server);
        await browser.PostAsync("/forgotten", ("login", Login));
        var link = (await _post.NextAsync()).Link;
        await browser.PostAsync(link.AbsolutePath, ("password", "another long password"), ("again", "another long password"));
        Assert.Equal(SignInResult.In, (await door.TryAsync(Login, "another long password", "127.0.0.1")).Result);
    }

    [Fact]
    public async Task An_unknown_name_is_looked_up_without_reading_everybody()
    {
        await FindAsync();
        var few = await FindAsync();
        var people = Enumerable.Range(0, 2000).Select(n => new CreatePrincipal(new Principal($"p{n}", $"person{n}", "P", $"person{n}@example.org", (int)PrincipalRole.User, null)));
        Assert.True((await _server.Store.ApplyAsync(new StoreBatch([.. people]), TestContext.Current.CancellationToken)).Succeeded);
        Assert.InRange(await FindAsync(), 0, few + 1000);

        async Task<long> FindAsync()
        {
            using var snapshot = await _server.Store.OpenSnapshotAsync(TestContext.Current.CancellationToken);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Null(await SignInName.FindAsync(snapshot, "nobody@example.net"));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    // everything that an address which nobody knows may try
    private static async Task UseUpAsync(SignInDoor door, string from)
    {
        for (var i = 0; i < 20; i++) Assert.Equal(SignInResult.Wrong, (await door.TryAsync($"person{i}", "wrong", from)).Result);
        Assert.Equal(SignInResult.TooMany, (await door.TryAsync(Login + "x", "wrong", from)).Result);
    }

    // each from a network of its own; how many were compared
    private static async Task<int> GuessAsync(SignInDoor door, string login, int times, int network = 0)
    {
        var compared = 0;
        for (var i = 0; i < times; i++)
        {
            if ((await door.TryAsync(login, $"wrong {i}", $"2001:{0xdb8 + network:x}:{i:x}::1")).Result == SignInResult.Wrong) compared++;
        }

        return compared;
    }
}
