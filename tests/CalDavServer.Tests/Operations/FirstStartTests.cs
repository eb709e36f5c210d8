using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace CalDavServer.Tests.Operations;

public sealed partial class FirstStartTests
{
    private const string AnyPort = "http://127.0.0.1:0";

    [Fact]
    public async Task The_first_start_prints_once_what_a_person_needs()
    {
        await using var program = new ServerProgram();

        var first = await program.ServeAsync(null, "--urls", AnyPort);

        Assert.Contains($"Account URL: {first.Url}\n", first.Output, StringComparison.Ordinal);
        Assert.Equal(["practitioner", "practitioner", "administrator"], People().Matches(first.Output).Select(match => match.Groups[1].Value));
        Assert.Contains("Thunderbird:", first.Output, StringComparison.Ordinal);
        Assert.Contains("Apple Calendar:", first.Output, StringComparison.Ordinal);
        var passwords = Passwords().Matches(first.Output).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(3, passwords.Distinct().Count());
        Assert.Equal(0, await ServerProgram.StopAsync(first));

        var second = await program.ServeAsync(null, "--urls", AnyPort);
        Assert.DoesNotContain('\n', second.Output);
        Assert.DoesNotContain("password", second.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_lines_it_prints_for_curl_work_as_they_are()
    {
        await using var program = new ServerProgram();
        var server = await program.ServeAsync(null, "--urls", AnyPort);
        var lines = Curl().Matches(server.Output).Select(match => match.Value.Trim()).ToList();
        Assert.Equal(2, lines.Count);

        var calendars = await ShellAsync(lines[0]);
        var appointments = await ShellAsync(lines[1]);

        Assert.Contains("HX_", calendars, StringComparison.Ordinal);
        Assert.Contains("BEGIN:VEVENT", appointments, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_demonstration_nobody_is_made()
    {
        await using var program = new ServerProgram();

        var server = await program.ServeAsync(null, "--urls", AnyPort, "--no-demo");

        Assert.DoesNotContain('\n', server.Output);
        Assert.Equal(3, (await program.RunAsync("app-password", "list", "maya")).Code);
    }

    [Fact]
    public async Task A_port_in_use_does_not_use_up_the_first_start()
    {
        await using var program = new ServerProgram();
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        Assert.Equal(1, (await program.RunAsync("serve", "--urls", $"http://{taken.LocalEndpoint}")).Code);

        var server = await program.ServeAsync(null, "--urls", AnyPort);

        Assert.Contains("Account URL", server.Output, StringComparison.Ordinal);
    }

    private static async Task<string> ShellAsync(string line)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", $"{line} --silent --show-error --fail --max-time 30"]) { RedirectStandardOutput = true })!;
        var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, shell.ExitCode);
        return output;
    }

    [GeneratedRegex(@"\((practitioner|administrator|user)\)\r?\n +login +\S+\r?\n +password +\S+")]
    private static partial Regex People();

    [GeneratedRegex(@"(?m)^  password +(\S+)")]
    private static partial Regex Passwords();

    [GeneratedRegex(@"(?m)^ +curl .+$")]
    private static partial Regex Curl();
}
