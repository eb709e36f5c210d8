using Xunit;

namespace EndToEnd;

/// <summary>What the documentation tells a newcomer to type is typed.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task The_curl_transcripts_answer_as_printed()
    {
        Tool.Require("bash", "curl");
        var steps = ReadmeTranscript.Read(await File.ReadAllTextAsync(Repository.PathOf("docs/try-it.md"), TestContext.Current.CancellationToken));
        Assert.True(steps.Count >= 5, "docs/try-it.md has lost its transcripts");
        await using var server = await ServerProcess.StartDemoAsync();
        var account = DemoAccount.FirstPractitioner(server.Output);
        var folder = Directory.CreateTempSubdirectory("readme-");
        try
        {
            var environment = new Dictionary<string, string>
            {
                ["URL"] = server.Url.GetLeftPart(UriPartial.Authority),
                ["LOGIN"] = account.Login,
                ["PASSWORD"] = account.Password,
                ["DIARY"] = await server.NewAppPasswordAsync(account.Login, "full-name"),
            };
            var run = await Tool.RunAsync("bash", ["-c", ReadmeTranscript.ToScript(steps)], TimeSpan.FromMinutes(1), folder.FullName, environment);
            var answers = ReadmeTranscript.Split(run.Output);
            Assert.Equal(steps.Count, answers.Count);
            foreach (var (step, answer) in steps.Zip(answers))
            {
                Assert.True(step.Accepts(answer), $"$ {step.Command}\nanswered\n{string.Join('\n', answer)}\ninstead of\n{string.Join('\n', step.Expected)}");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
