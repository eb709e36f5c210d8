using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandbox.Tests.SignIn;

/// <summary>§A1, OAuth: consent, PKCE, state, refresh, rotation, revocation.</summary>
public class GoogleSignInTests
{
    private const string Page = "/o/oauth2/v2/auth?";

    [Fact]
    public async Task A1_state_comes_back_and_the_id_token_says_who()
    {
        await using var scene = await Scene.StartAsync();
        var back = await scene.ConsentAsync(Page + Scene.Query("openid email"), "sam@gmail.com", "", "allow");
        Assert.Contains("state=s1", back.Query, StringComparison.Ordinal);
        var tokens = await scene.SignInAsync();
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(((string)tokens["id_token"]!).Split('.')[1]))!;
        Assert.Equal("sam@gmail.com", (string?)claims["email"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (string)tokens["access_token"]!);
        using var info = await scene.Http.SendAsync(request);
        Assert.Equal((string?)claims["sub"], (string?)JsonNode.Parse(await info.Content.ReadAsStringAsync())!["sub"]);
    }

    [Fact]
    public async Task A1_cancel_is_access_denied_and_an_unticked_box_is_missing_from_scope()
    {
        await using var scene = await Scene.StartAsync();
        var back = await scene.ConsentAsync(Page + Scene.Query("openid " + Scene.AppCreated), "sam@gmail.com", "", "cancel");
        Assert.Contains("error=access_denied", back.Query, StringComparison.Ordinal);
        Assert.Equal("openid email", (string?)(await scene.SignInAsync(tick: ""))["scope"]);
        Assert.Equal("openid email " + Scene.AppCreated, (string?)(await scene.SignInAsync())["scope"]);
        var again = await scene.SignInAsync(tick: "", more: "&access_type=offline&include_granted_scopes=true");
        Assert.Contains(Scene.AppCreated, (string?)again["scope"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A1_a_refresh_token_comes_with_consent_or_the_first_time_and_offline_only()
    {
        await using var scene = await Scene.StartAsync();
        Assert.Null((await scene.SignInAsync(more: ""))["refresh_token"]);
        Assert.NotNull((await scene.SignInAsync(more: "&access_type=offline"))["refresh_token"]);
        Assert.Null((await scene.SignInAsync(more: "&access_type=offline"))["refresh_token"]);
        Assert.NotNull((await scene.SignInAsync(more: "&access_type=offline&prompt=consent"))["refresh_token"]);
    }

    [Fact]
    public async Task A1_pkce_is_checked_and_a_code_is_good_once()
    {
        await using var scene = await Scene.StartAsync();
        var verifier = new string('v', 50);
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var page = $"{Page}{Scene.Query("openid")}&code_challenge={challenge}&code_challenge_method=S256";
        var code = await scene.CodeAsync(page, "sam@gmail.com", "");
        Task<Answer> Exchange(string with) => scene.TokenAsync("/token", ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Scene.Redirect), ("code_verifier", with));
        Assert.Equal("invalid_grant", (string?)(await Exchange(new string('x', 50))).Json!["error"]);
        Assert.Equal(200, (await Exchange(verifier)).Status);
        Assert.Equal("invalid_grant", (string?)(await Exchange(verifier)).Json!["error"]);
    }

    [Fact]
    public async Task A1_the_client_its_secret_and_its_addresses_are_checked()
    {
        await using var scene = await Scene.StartAsync();
        using var stranger = await scene.Http.GetAsync(Page + Scene.Query("openid").Replace("sandbox-client", "other", StringComparison.Ordinal));
        Assert.Equal(401, (int)stranger.StatusCode);
        using var elsewhere = await scene.Http.GetAsync(Page + Scene.Query("openid").Replace("127.0.0.1", "example.org", StringComparison.Ordinal));
        Assert.Contains("redirect_uri_mismatch", await elsewhere.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = (string)(await scene.SignInAsync())["refresh_token"]!,
            ["client_id"] = "sandbox-client",
            ["client_secret"] = "wrong",
        });
        using var refused = await scene.Http.PostAsync("/token", form);
        Assert.Contains("invalid_client", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A1_refreshing_keeps_the_refresh_token_unless_it_is_rotated()
    {
        await using var scene = await Scene.StartAsync();
        var refresh = (string)(await scene.SignInAsync())["refresh_token"]!;
        var first = await RefreshAsync(scene, refresh);
        Assert.Equal((200, (string?)null), (first.Status, (string?)first.Json!["refresh_token"]));
        await scene.FaultAsync("google.token", "rotate-token");
        var rotated = (string)(await RefreshAsync(scene, refresh)).Json!["refresh_token"]!;
        AssertDead(await RefreshAsync(scene, refresh));
        Assert.Equal(200, (await RefreshAsync(scene, rotated)).Status);
    }

    [Fact]
    public async Task A1_a_lost_answer_of_a_rotation_loses_the_token()
    {
        await using var scene = await Scene.StartAsync();
        var refresh = (string)(await scene.SignInAsync())["refresh_token"]!;
        await scene.FaultAsync("google.token", "rotate-token");
        await scene.FaultAsync("google.token", "reset-after");
        await Assert.ThrowsAsync<HttpRequestException>(() => RefreshAsync(scene, refresh));
        AssertDead(await RefreshAsync(scene, refresh));
    }

    [Fact]
    public async Task A1_revoked_by_the_app_or_the_person_is_invalid_grant_and_401()
    {
        await using var scene = await Scene.StartAsync();
        foreach (var byPerson in (bool[])[false, true])
        {
            var tokens = await scene.SignInAsync();
            if (byPerson) await scene.UserAsync("google%3Asam%40gmail.com/revoke");
            else Assert.Equal(200, (await scene.TokenAsync("/revoke", ("token", (string)tokens["refresh_token"]!))).Status);
            AssertDead(await RefreshAsync(scene, (string)tokens["refresh_token"]!));
            await new GoogleUser(scene, "sam@gmail.com", (string)tokens["access_token"]!).RefusedAsync(401, "authError", "GET", "calendars/primary");
        }
    }

    [Fact]
    public async Task A1_an_access_token_lasts_an_hour_and_an_unused_refresh_token_half_a_year()
    {
        await using var scene = await Scene.StartAsync();
        var tokens = await scene.SignInAsync();
        await scene.AdvanceAsync("PT61M");
        await new GoogleUser(scene, "sam@gmail.com", (string)tokens["access_token"]!).RefusedAsync(401, "authError", "GET", "calendars/primary");
        await scene.AdvanceAsync("P150D");
        Assert.Equal(200, (await RefreshAsync(scene, (string)tokens["refresh_token"]!)).Status);
        await scene.AdvanceAsync("P190D");
        AssertDead(await RefreshAsync(scene, (string)tokens["refresh_token"]!));
    }

    [Fact]
    public async Task A1_the_hundred_and_first_refresh_token_ends_the_oldest()
    {
        await using var scene = await Scene.StartAsync();
        var oldest = (string)(await scene.SignInAsync())["refresh_token"]!;
        await scene.AdvanceAsync("PT1S");
        for (var i = 0; i < 99; i++) await scene.SignInAsync();
        Assert.Equal(200, (await RefreshAsync(scene, oldest)).Status);
        await scene.SignInAsync();
        AssertDead(await RefreshAsync(scene, oldest));
    }

    [Fact]
    public async Task A1_consent_that_is_taken_back_in_part_leaves_the_rest()
    {
        await using var scene = await Scene.StartAsync();
        var user = await (await scene.GoogleAsync()).WithCalendarAsync();
        await scene.UserAsync("google%3Asam%40gmail.com/untick", new JsonObject { ["scope"] = Scene.AppCreated });
        await user.RefusedAsync(403, "insufficientPermissions", "GET", user.Events);
    }

    private static Task<Answer> RefreshAsync(Scene scene, string token) => scene.TokenAsync("/token", ("grant_type", "refresh_token"), ("refresh_token", token));

    private static void AssertDead(Answer answer) =>
        Assert.Equal((400, "invalid_grant", "Token has been expired or revoked."), (answer.Status, (string?)answer.Json!["error"], (string?)answer.Json["error_description"]));
}
