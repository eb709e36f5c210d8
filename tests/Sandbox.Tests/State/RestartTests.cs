using System.Text.Json.Nodes;

namespace Sandbox.Tests.State;

/// <summary>What the sandbox remembers survives its end.</summary>
public class RestartTests
{
    [Fact]
    public async Task A_restart_keeps_calendars_events_tokens_channels_faults_and_the_clock()
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-").FullName;
        try
        {
            string list, refresh, calendar;
            await using (var scene = await Scene.StartAsync(x => x with { Data = folder }))
            {
                var tokens = await scene.SignInAsync();
                refresh = (string)tokens["refresh_token"]!;
                var user = await new GoogleUser(scene, "sam@gmail.com", (string)tokens["access_token"]!).WithCalendarAsync();
                calendar = user.Events;
                await user.InsertAsync(GoogleUser.Daily());
                list = (string)(await user.ListAsync())["nextSyncToken"]!;
                await user.InsertAsync(GoogleUser.AllDay("2026-01-12", "2026-01-13"));
                await user.OkAsync("POST", user.Events + "/watch", new JsonObject { ["id"] = "c1", ["type"] = "web_hook", ["address"] = "http://127.0.0.1:1/" });
                await scene.FaultAsync("calendar.calendars.get", "status", new JsonObject { ["status"] = 503 });
            }
            await using (var scene = await Scene.StartAsync(x => x with { Data = folder }, still: false))
            {
                Assert.StartsWith("2026-01-05T12:00:00", (string?)JsonNode.Parse(await scene.Http.GetStringAsync("/user/clock"))!["now"], StringComparison.Ordinal);
                var again = await scene.TokenAsync("/token", ("grant_type", "refresh_token"), ("refresh_token", refresh));
                var user = new GoogleUser(scene, "sam@gmail.com", (string)again.Json!["access_token"]!);
                var delta = await user.OkAsync("GET", $"{calendar}?syncToken={Uri.EscapeDataString(list)}");
                Assert.Equal("All day", (string?)Assert.Single(delta["items"]!.AsArray())!["summary"]);
                await user.RefusedAsync(400, "channelIdNotUnique", "POST", calendar + "/watch", new JsonObject { ["id"] = "c1", ["type"] = "web_hook", ["address"] = "http://127.0.0.1:1/" });
                await user.RefusedAsync(503, "backendError", "GET", calendar[..^"/events".Length]);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_restart_keeps_a_mailbox_its_delta_links_and_its_transactions()
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-").FullName;
        try
        {
            string link, refresh, events;
            var body = GraphUser.Timed("2026-01-12T09:00:00", "2026-01-12T09:30:00");
            body["transactionId"] = "t-1";
            await using (var scene = await Scene.StartAsync(x => x with { Data = folder }))
            {
                var tokens = await scene.MicrosoftAsync("sam@outlook.com", "openid offline_access Calendars.ReadWrite");
                refresh = (string)tokens["refresh_token"]!;
                var user = await new GraphUser(scene, "sam@outlook.com", (string)tokens["access_token"]!).WithCalendarAsync();
                link = new Uri((string)(await user.OkAsync("GET", user.Delta))["@odata.deltaLink"]!).PathAndQuery;
                events = user.Events;
                await user.CreateAsync(body);
            }
            await using (var scene = await Scene.StartAsync(x => x with { Data = folder }, still: false))
            {
                var again = await scene.TokenAsync("/common/oauth2/v2.0/token", ("grant_type", "refresh_token"), ("refresh_token", refresh));
                var user = new GraphUser(scene, "sam@outlook.com", (string)again.Json!["access_token"]!);
                Assert.Equal("singleInstance", (string?)Assert.Single(await user.ValuesAsync(scene.Address + link))["type"]);
                await user.RefusedAsync(409, "ErrorDuplicateTransactionId", "POST", events, body);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
