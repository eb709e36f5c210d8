using System.Globalization;
using Xunit;

namespace EndToEnd;

/// <summary>Thunderbird, headless, against the demonstration practice.</summary>
public sealed class ThunderbirdTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Thunderbird_passes_its_19_checks_as_a_practitioner()
    {
        Tool.Require("thunderbird", "python3");
        await using var server = await ServerProcess.StartDemoAsync();
        var run = await RunAsync("thunderbird.py", server, DemoAccount.FirstPractitioner(server.Output));
        Assert.Equal("THUNDERBIRD 19 passed, 0 failed", run.LastLine);
    }

    [Fact]
    public async Task Events_made_in_Thunderbird_arrive_in_the_diary_and_what_the_diary_moves_arrives_in_Thunderbird()
    {
        Tool.Require("thunderbird", "python3");
        await using var server = await ServerProcess.StartDemoAsync();
        var account = DemoAccount.FirstPractitioner(server.Output);
        var run = await RunAsync("thunderbird_diary.py", server, account, await server.NewAppPasswordAsync(account.Login, "full-name"));
        Assert.Equal("DIARY 14 passed, 0 failed", run.LastLine);
    }

    private static async Task<ToolResult> RunAsync(string script, ServerProcess server, DemoAccount account, params string[] more)
    {
        var environment = new Dictionary<string, string> { ["MARIONETTE_PORT"] = ServerProcess.FreePort().ToString(CultureInfo.InvariantCulture) };
        return (await Tool.RunAsync("python3", ["-B", Repository.Client(script), server.Url.ToString(), account.Login, account.Password, .. more], Limit, environment: environment)).Succeeded();
    }
}
