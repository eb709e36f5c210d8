using System.Text;
using Google.Apis.Calendar.v3;
using Google.Apis.Services;
using Microsoft.AspNetCore.DataProtection;
using NodaTime;
using ProviderBridge.Accounts;
using ProviderBridge.Google;
using ProviderBridge.Microsoft;
using ProviderBridge.Sync;

namespace Sandbox.Tests.Product;

/// <summary>An account is connected, stays so, and is said to be lost when it is: nothing is lost with it, and no token is anywhere but where it belongs.</summary>
public abstract class AccountTests
{
    private protected abstract Task<AccountScene> StartAsync();

    [Fact]
    public async Task An_unticked_box_a_code_used_twice_a_wrong_secret_and_a_silent_provider_are_told_apart()
    {
        await using var scene = await StartAsync();
        Assert.Equal(SignInFault.BoxUnticked, (await Assert.ThrowsAsync<SignInException>(() => scene.AllowAsync(tick: ""))).Fault);
        var (address, verifier) = scene.SignIn.Begin(Scene.Redirect, "s1", null);
        var code = await scene.CodeAsync(address);
        await scene.SignIn.FinishAsync(code, verifier, Scene.Redirect);
        Assert.Equal(SignInFault.Expired, (await Assert.ThrowsAsync<SignInException>(() => scene.SignIn.FinishAsync(code, verifier, Scene.Redirect))).Fault);
        using var wrong = (IDisposable)AccountScene.SignInAt(scene.Name, scene.Vendor.Address, "wrong");
        Assert.Equal(SignInFault.NotRegistered, (await Assert.ThrowsAsync<SignInException>(() => ((IAccountSignIn)wrong).FinishAsync(code, verifier, Scene.Redirect))).Fault);
        using var silent = (IDisposable)AccountScene.SignInAt(scene.Name, "http://127.0.0.1:9");
        Assert.Equal(SignInFault.Unavailable, (await Assert.ThrowsAsync<SignInException>(() => ((IAccountSignIn)silent).FinishAsync(code, verifier, Scene.Redirect))).Fault);
    }

    /// <summary>A client secret ends some day: that is nothing that its person could do anything about.</summary>
    [Fact]
    public async Task A_server_that_is_not_known_any_more_is_told_from_a_service_that_does_not_answer_and_loses_no_account()
    {
        await using var scene = await StartAsync();
        var account = await scene.ConnectAsync();
        using var ended = (IDisposable)AccountScene.SignInAt(scene.Name, scene.Vendor.Address, "ended");
        await AccountScene.FailsAsync(OutsideFault.NotRegistered, scene.Process(signIn: (IAccountSignIn)ended).GetAsync(account.Key));
        Assert.Null((await scene.ReadAsync(account.Id)).LostAt);
        Assert.True(await scene.WorksAsync(await scene.Process().GetAsync(account.Key)));
    }

    /// <summary>An app that is registered anew is told other subjects of the same people.</summary>
    [Fact]
    public async Task An_account_is_the_same_when_what_names_it_has_changed()
    {
        await using var scene = await StartAsync();
        var process = scene.Process();
        var first = await process.KeepAsync(AccountScene.Maya, new AccountGrant("sub-1", "maya@example.com", "s1"));
        var named = await process.KeepAsync(AccountScene.Maya, new AccountGrant("tenant|maya", "maya@example.com", "s2") { FormerSubject = "sub-1" });
        var anew = new AccountGrant("tenant|maya", "maya@example.com", "s3") { FormerSubject = "sub-of-another-app" };
        Assert.True(named.IsOf(anew));
        Assert.Equal((first.Id, first.Id), (named.Id, (await process.KeepAsync(AccountScene.Maya, anew)).Id));
        Assert.False(named.IsOf(new AccountGrant("tenant|tom", "tom@example.com", "s") { FormerSubject = "sub-2" }));
        // one that is connected for the first time now
        var other = new AccountGrant("tenant|tom", "tom@example.com", "s") { FormerSubject = "sub-2" };
        var made = await process.KeepAsync(AccountScene.Maya, other);
        Assert.NotEqual(first.Id, made.Id);
        Assert.True(made.IsOf(other with { FormerSubject = "sub-3" }));
        if (scene.Name == "microsoft") Assert.Contains('|', (await scene.AllowAsync()).Subject);
    }

    [Fact]
    public async Task Access_is_renewed_once_for_all_who_ask_at_once_and_again_when_its_time_is_over()
    {
        await using var scene = await StartAsync();
        var account = await scene.ConnectAsync();
        var process = scene.Process();
        var tokens = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => process.GetAsync(account.Key)));
        Assert.Single(tokens.Distinct());
        Assert.True(await scene.WorksAsync(tokens[0]));
        scene.Clock.Ahead = Duration.FromMinutes(58);
        Assert.Equal(tokens[0], await process.GetAsync(account.Key));
        scene.Clock.Ahead = Duration.FromMinutes(60);
        Assert.NotEqual(tokens[0], await process.GetAsync(account.Key));
    }

    [Fact]
    public async Task A_new_refresh_token_is_on_the_disk_before_access_is_used_and_a_disk_that_takes_nothing_loses_none()
    {
        await using var scene = await StartAsync();
        var account = await scene.ConnectAsync();
        await scene.Vendor.FaultAsync($"{scene.Name}.token", "rotate-token");
        var disk = new FullDisk(scene.Store) { IsFull = true };
        var process = scene.Process(disk);
        await AccountScene.FailsAsync(OutsideFault.NotWritten, process.GetAsync(account.Key));
        await AccountScene.FailsAsync(OutsideFault.NotWritten, process.GetAsync(account.Key));
        disk.IsFull = false;
        Assert.True(await scene.WorksAsync(await process.GetAsync(account.Key)));
        // another process has the new one, and Google takes the old one no more
        Assert.True(await scene.WorksAsync(await scene.Process().GetAsync(account.Key)));
        Assert.NotEqual(account.ProtectedSecret, (await scene.ReadAsync(account.Id)).ProtectedSecret);
    }

    [Fact]
    public async Task What_another_process_renewed_is_taken_over()
    {
        await using var scene = await StartAsync();
        var account = await scene.ConnectAsync();
        await scene.Vendor.FaultAsync($"{scene.Name}.token", "rotate-token");
        var disk = new FullDisk(scene.Store);
        var one = scene.Process(disk);
        var other = scene.Process();
        disk.BeforeFirstRead = async () => { await other.GetAsync(account.Key); };
        Assert.True(await scene.WorksAsync(await one.GetAsync(account.Key)));
        Assert.Null((await scene.ReadAsync(account.Id)).LostAt);
    }

    [Fact]
    public async Task Access_that_was_taken_back_is_said_with_time_and_reason_until_the_account_is_connected_again()
    {
        await using var scene = await StartAsync();
        var account = await scene.ConnectAsync();
        var process = scene.Process();
        await process.GetAsync(account.Key);
        await scene.TakeBackAsync();
        process.Forget(account.Key);
        await AccountScene.FailsAsync(OutsideFault.NeedsReconnecting, process.GetAsync(account.Key));
        var lost = await scene.ReadAsync(account.Id);
        Assert.NotNull(lost.LostAt);
        Assert.Contains("no longer lets this server in", lost.LostBecause, StringComparison.Ordinal);
        Assert.Equal(scene.Email, lost.Email);
        await AccountScene.FailsAsync(OutsideFault.NeedsReconnecting, scene.Process().GetAsync(account.Key));
        var again = await process.KeepAsync(AccountScene.Maya, await scene.AllowAsync());
        Assert.Equal(account.Id, again.Id);
        Assert.Null((await scene.ReadAsync(account.Id)).LostAt);
        Assert.True(await scene.WorksAsync(await process.GetAsync(account.Key)));
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_loses_no_account()
    {
        await using var scene = await StartAsync();
        var account = await scene.ConnectAsync();
        var process = scene.Process();
        await scene.Vendor.FaultAsync($"{scene.Name}.token", "status", new() { ["status"] = 500, ["times"] = 3 });
        await AccountScene.FailsAsync(OutsideFault.Unavailable, process.GetAsync(account.Key));
        Assert.Null((await scene.ReadAsync(account.Id)).LostAt);
        await scene.Vendor.Http.DeleteAsync("/user/faults", TestContext.Current.CancellationToken);
        Assert.True(await scene.WorksAsync(await process.GetAsync(account.Key)));
    }

    [Fact]
    public async Task No_token_is_in_the_database_in_clear_and_one_that_cannot_be_read_any_more_asks_for_the_account_again()
    {
        await using var scene = await StartAsync();
        var grant = await scene.AllowAsync();
        var account = await scene.Process().KeepAsync(AccountScene.Maya, grant);
        var access = await scene.Process().GetAsync(account.Key);
        foreach (var file in await scene.FilesAsync())
        {
            foreach (var secret in (string[])[grant.Secret, access])
            {
                Assert.Equal(-1, file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)));
                Assert.Equal(-1, file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)))));
            }
        }

        Assert.DoesNotContain(grant.Secret, $"{grant} {account}", StringComparison.Ordinal);
        await AccountScene.FailsAsync(OutsideFault.NeedsReconnecting, scene.Process(protection: new EphemeralDataProtectionProvider()).GetAsync(account.Key));
    }
}

/// <summary>The same at Google, and what is Google's own.</summary>
public sealed class GoogleAccountTests : AccountTests
{
    [Fact]
    public async Task Sign_in_asks_for_lasting_access_with_PKCE_and_for_no_more_than_its_own_calendars()
    {
        await using var scene = await StartAsync();
        var (address, verifier) = scene.SignIn.Begin(Scene.Redirect, "s1", "sam@gmail.com");
        Assert.Equal(
            ("S256", "s1", "offline", "consent", "true", "sam@gmail.com", "https://www.googleapis.com/auth/calendar.app.created openid email"),
            (AccountScene.Query(address, "code_challenge_method"), AccountScene.Query(address, "state"), AccountScene.Query(address, "access_type"), AccountScene.Query(address, "prompt"),
                AccountScene.Query(address, "include_granted_scopes"), AccountScene.Query(address, "login_hint"), AccountScene.Query(address, "scope")));
        Assert.InRange(verifier.Length, 43, 128);
        Assert.DoesNotContain(verifier, address.AbsoluteUri, StringComparison.Ordinal);
        var code = await scene.CodeAsync(address);
        var stolen = await Assert.ThrowsAsync<SignInException>(() => scene.SignIn.FinishAsync(code, new string('x', 50), Scene.Redirect));
        Assert.Equal(SignInFault.Expired, stolen.Fault);
    }

    [Fact]
    public async Task A_request_that_is_refused_before_its_time_is_made_once_more_with_new_access()
    {
        await using var scene = await StartAsync();
        var account = await scene.ConnectAsync();
        using var service = new CalendarService(new BaseClientService.Initializer { BaseUri = scene.Vendor.Address + "/calendar/v3/", HttpClientInitializer = new AccountAccess(scene.Process(), account.Key) });
        var calendar = await service.Calendars.Insert(new() { Summary = "HX_Practice" }).ExecuteAsync(TestContext.Current.CancellationToken);
        await scene.Vendor.UserAsync("clock", new() { ["advance"] = "PT2H" });
        Assert.Equal("HX_Practice", (await service.Calendars.Get(calendar.Id!).ExecuteAsync(TestContext.Current.CancellationToken)).Summary);
    }

    [Fact]
    public async Task Disconnecting_takes_access_back_at_the_provider()
    {
        await using var scene = await StartAsync();
        var account = await scene.ConnectAsync();
        var process = scene.Process();
        var token = await process.GetAsync(account.Key);
        Assert.True(await process.RevokeAsync(account, TestContext.Current.CancellationToken));
        Assert.False(await scene.WorksAsync(token));
        Assert.True(await process.RevokeAsync(account, TestContext.Current.CancellationToken));
    }

    private protected override Task<AccountScene> StartAsync() => AccountScene.StartAsync("google");
}

/// <summary>The same at Microsoft, and what is Microsoft's own.</summary>
public sealed class MicrosoftAccountTests : AccountTests
{
    [Fact]
    public async Task Sign_in_asks_for_lasting_access_with_PKCE_and_for_no_more_than_calendars()
    {
        await using var scene = await StartAsync();
        var (address, verifier) = scene.SignIn.Begin(Scene.Redirect, "s1", "sam@outlook.com");
        Assert.Equal(
            ("S256", "s1", "code", "query", "select_account", "sam@outlook.com", "openid email profile offline_access Calendars.ReadWrite"),
            (AccountScene.Query(address, "code_challenge_method"), AccountScene.Query(address, "state"), AccountScene.Query(address, "response_type"), AccountScene.Query(address, "response_mode"),
                AccountScene.Query(address, "prompt"), AccountScene.Query(address, "login_hint"), AccountScene.Query(address, "scope")));
        Assert.InRange(verifier.Length, 43, 128);
        Assert.DoesNotContain(verifier, address.AbsoluteUri, StringComparison.Ordinal);
        var code = await scene.CodeAsync(address);
        var stolen = await Assert.ThrowsAsync<SignInException>(() => scene.SignIn.FinishAsync(code, new string('x', 50), Scene.Redirect));
        Assert.Equal(SignInFault.Expired, stolen.Fault);
    }

    [Fact]
    public async Task A_request_that_is_refused_before_its_time_is_made_once_more_with_new_access()
    {
        await using var scene = await StartAsync();
        var account = await scene.ConnectAsync();
        using var calendars = new MicrosoftCalendars(new MicrosoftApp("", "") { Api = new Uri(scene.Vendor.Address + "/v1.0") }, scene.Process(), scene.Clock);
        var calendar = await calendars.CreateCalendarAsync(account.Key, "HX_Practice", "UTC", TestContext.Current.CancellationToken);
        await scene.Vendor.UserAsync("clock", new() { ["advance"] = "PT2H" });
        // with a body, which is sent twice
        Assert.NotEqual(calendar, await calendars.CreateCalendarAsync(account.Key, "HX_Practice", "UTC", TestContext.Current.CancellationToken));
    }

    /// <summary>Sign-in asks for more than it did: who allowed less has lost nothing.</summary>
    [Fact]
    public async Task Access_that_was_allowed_before_more_was_asked_for_is_refreshed()
    {
        await using var scene = await StartAsync();
        var before = (string)(await scene.Vendor.MicrosoftAsync(scene.Email, "openid email offline_access Calendars.ReadWrite"))["refresh_token"]!;
        var access = await scene.SignIn.RefreshAsync(before, TestContext.Current.CancellationToken);
        Assert.NotNull(access);
        Assert.NotNull(await scene.SignIn.RefreshAsync(access.RefreshToken, TestContext.Current.CancellationToken));
    }

    /// <summary>Graph lets an app ask four things at once of a mailbox: those of several practitioners who share it too.</summary>
    [Fact]
    public async Task No_more_is_asked_at_once_of_a_mailbox_than_it_takes()
    {
        await using var scene = await StartAsync();
        var account = await scene.ConnectAsync();
        using var calendars = new MicrosoftCalendars(new MicrosoftApp("", "") { Api = new Uri(scene.Vendor.Address + "/v1.0") }, scene.Process(), scene.Clock);
        await scene.Vendor.FaultAsync("graph.calendars.list", "latency", new() { ["milliseconds"] = 60, ["times"] = 40 });
        await Task.WhenAll(Enumerable.Range(0, 24).Select(async _ =>
        {
            using var client = calendars.OpenClient(account.Key);
            Assert.NotEmpty((await client.Me.Calendars.GetAsync(cancellationToken: TestContext.Current.CancellationToken))!.Value!);
        }));
    }

    [Fact]
    public async Task Microsoft_takes_no_access_back_and_that_is_said()
    {
        await using var scene = await StartAsync();
        var account = await scene.ConnectAsync();
        Assert.False(await scene.Process().RevokeAsync(account, TestContext.Current.CancellationToken));
    }

    private protected override Task<AccountScene> StartAsync() => AccountScene.StartAsync("microsoft");
}
