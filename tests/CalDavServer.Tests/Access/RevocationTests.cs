using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using CalDavServer.Access;
using Calendaring.Store;
using Calendaring.Store.Sqlite;
using Practice;
using Xunit;

namespace CalDavServer.Tests.Access;

public sealed class RevocationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_revoked_app_password_opens_nothing_within_a_second(bool chosen)
    {
        await using var server = await SignInServer.StartAsync();
        var password = chosen ? SignInServer.Chosen : server.Generated;
        Assert.Equal(HttpStatusCode.NotFound, await server.StatusAsync(SignInServer.Login, password));

        await server.ApplyAsync(new DeleteCredential("p1", (chosen ? server.ChosenCredential : server.GeneratedCredential).Id));

        var since = Stopwatch.StartNew();
        var sent = since.Elapsed;
        while (await server.StatusAsync(SignInServer.Login, password) != HttpStatusCode.Unauthorized)
        {
            Assert.True(sent < TimeSpan.FromSeconds(1), "the app password still opens the server");
            sent = since.Elapsed;
        }
    }

    [Fact]
    public async Task A_change_of_scope_and_privacy_level_is_taken_within_a_second()
    {
        await using var server = await SignInServer.StartAsync();
        var authenticator = new Authenticator(server.Store, new LoginThrottle(server.Clock), server.Clock);
        var header = HeaderOf(server.Generated);
        var before = await SignInAsync(authenticator, header);
        await server.ApplyAsync(new PutCredential(server.GeneratedCredential with { ReadOnly = true, LevelName = nameof(PrivacyLevel.Busy) }));

        var since = Stopwatch.StartNew();
        Caller after;
        TimeSpan sent;
        do
        {
            sent = since.Elapsed;
            after = await SignInAsync(authenticator, header);
        }
        while (!after.Credential.ReadOnly && sent < TimeSpan.FromSeconds(1));

        Assert.Equal((false, PrivacyLevel.Initials), (before.Credential.ReadOnly, before.Level));
        Assert.Equal((true, PrivacyLevel.Busy), (after.Credential.ReadOnly, after.Level));
    }

    [Fact]
    public async Task A_level_that_is_not_known_shows_the_least()
    {
        await using var server = await SignInServer.StartAsync();
        await server.ApplyAsync(new PutCredential(server.GeneratedCredential with { LevelName = "everything" }));
        var authenticator = new Authenticator(server.Store, new LoginThrottle(server.Clock), server.Clock);

        Assert.Equal(PrivacyLevel.Busy, (await SignInAsync(authenticator, HeaderOf(server.Generated))).Level);
    }

    [Fact]
    public async Task The_last_use_is_kept_with_time_address_and_user_agent()
    {
        var folder = Directory.CreateTempSubdirectory("access-");
        var clock = new ManualClock();
        var path = Path.Combine(folder.FullName, "calendar.db");
        var secret = AppPassword.Generate();
        await using (var store = await SqliteStore.OpenAsync(path, clock))
        {
            var person = new Principal("p1", SignInServer.Login, "A", null, (int)PrincipalRole.User, null);
            var credential = AppPassword.ForGenerated(secret, "p1", "Phone", false, PrivacyLevel.Initials, clock.Now);
            await store.ApplyAsync(StoreBatch.Of(new CreatePrincipal(person), new PutCredential(credential)), TestContext.Current.CancellationToken);
            var authenticator = new Authenticator(store, new LoginThrottle(clock), clock);
            await authenticator.SignInAsync(HeaderOf(secret), IPAddress.Parse("192.0.2.7"), "DAVx5/4.4", TestContext.Current.CancellationToken);
        }

        await using var reopened = await SqliteStore.OpenAsync(path, clock);
        using var snapshot = await reopened.OpenSnapshotAsync(TestContext.Current.CancellationToken);
        var used = Assert.Single(await snapshot.ListCredentialsAsync("p1"));
        Assert.Equal((clock.Now, "192.0.2.7", "DAVx5/4.4"), (used.LastUsed, used.LastAddress, used.LastUserAgent));
        folder.Delete(recursive: true);
    }

    private static string HeaderOf(string secret) =>
        new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SignInServer.Login}:{secret}"))).ToString();

    private static async Task<Caller> SignInAsync(Authenticator authenticator, string header)
    {
        if (authenticator.TryRecall(header, out var known)) return known;
        var signIn = await authenticator.SignInAsync(header, IPAddress.Loopback, "test", TestContext.Current.CancellationToken);
        return signIn.Caller ?? throw new InvalidOperationException("the login failed");
    }
}
