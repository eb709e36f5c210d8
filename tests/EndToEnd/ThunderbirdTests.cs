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
        var run = await RunAsync("thunderbird.py", server);
        Assert.Equal("THUNDERBIRD 19 passed, 0 failed", run.LastLine);
    }

    private static async Task<ToolResult> RunAsync(string script, ServerProcess server)
    {
        var account = DemoAccount.FirstPractitioner(server.Output);
        var environment = new Dictionary<string, string> { ["MARIONETTE_PORT"] = ServerProcess.FreePort().ToString(CultureInfo.InvariantCulture) };
        return (await Tool.RunAsync("python3", ["-B", Repository.Client(script), server.Url.ToString(), account.Login, account.Password], Limit, environment: environment)).Succeeded();
    }
}
