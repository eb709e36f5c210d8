using System.Text;
using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>A command as docs/try-it.md prints it, and what it says the answer is.</summary>
internal sealed record TranscriptStep(string Command, IReadOnlyList<string> Expected)
{
    /// <summary>Whether an answer is what is printed; <c>…</c> stands for any text within a line.</summary>
    public bool Accepts(IReadOnlyList<string> answer) =>
        answer.Count == Expected.Count && answer.Zip(Expected).All(pair => Pattern(pair.Second).IsMatch(pair.First));

    private static Regex Pattern(string line) => new($"^{string.Join(".*", line.Split('…').Select(Regex.Escape))}$");
}

/// <summary>The <c>console</c> blocks of a Markdown file: <c>$</c> lines are commands (a trailing backslash continues them), the others are what they print.</summary>
internal static class ReadmeTranscript
{
    public static IReadOnlyList<TranscriptStep> Read(string markdown)
    {
        var steps = new List<TranscriptStep>();
        var inside = false;
        StringBuilder? command = null;
        List<string> expected = [];
        void Finish()
        {
            if (command is not null) steps.Add(new TranscriptStep(command.ToString(), expected));
            command = null;
            expected = [];
        }

        foreach (var line in markdown.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                Finish();
                inside = line == "```console";
            }
            else if (inside && line.StartsWith("$ ", StringComparison.Ordinal))
            {
                Finish();
                command = new StringBuilder(line[2..]);
            }
            else if (inside && command is not null && expected.Count == 0 && command[^1] == '\\')
            {
                command.Append('\n').Append(line);
            }
            else if (inside)
            {
                expected.Add(line);
            }
        }

        return steps;
    }

    /// <summary>One bash script that runs all steps in one shell, each answer after a line that begins with a record separator.</summary>
    public static string ToScript(IEnumerable<TranscriptStep> steps)
    {
        var script = new StringBuilder("exec 2>&1\n");
        foreach (var step in steps) script.Append("printf '\\036\\n'\n").Append(step.Command).Append('\n');
        return script.ToString();
    }

    /// <summary>The lines each step printed.</summary>
    public static IReadOnlyList<string[]> Split(string output) =>
        [.. output.Split("\u001e\n").Skip(1).Select(part => part.TrimEnd('\n') is { Length: > 0 } text ? text.Replace("\r", "", StringComparison.Ordinal).Split('\n') : [])];
}
