using Xunit;

namespace EndToEnd;

public sealed class ReadmeTranscriptTests
{
    [Fact]
    public void A_console_block_is_read_as_commands_and_what_they_print()
    {
        var steps = ReadmeTranscript.Read("text\n```sh\n$ not this\n```\n```console\n$ echo one \\\n  two\none two\n$ true\n$ date\nthe …day\n```\n");
        Assert.Equal(["echo one \\\n  two", "true", "date"], steps.Select(step => step.Command));
        Assert.Equal([["one two"], [], ["the …day"]], steps.Select(step => step.Expected));
        Assert.True(steps[2].Accepts(["the birthday"]));
        Assert.False(steps[2].Accepts(["the week"]));
        Assert.False(steps[2].Accepts([]));
    }

    [Fact]
    public async Task A_script_of_the_steps_tells_their_answers_apart()
    {
        var steps = ReadmeTranscript.Read("```console\n$ A=b\n$ printf '%s\\r\\n' \"1 $A\" 2\n$ echo end\n```\n");
        var run = await Tool.RunAsync("bash", ["-c", ReadmeTranscript.ToScript(steps)], TimeSpan.FromSeconds(10));
        Assert.Equal([[], ["1 b", "2"], ["end"]], ReadmeTranscript.Split(run.Output));
    }
}
