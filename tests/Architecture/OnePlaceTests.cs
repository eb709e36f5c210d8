using System.Text.RegularExpressions;
using Xunit;

namespace Architecture;

/// <summary>What is done in one place only.</summary>
public sealed partial class OnePlaceTests
{
    private static readonly string[] Above = ["Practice", "ProviderBridge", "CalDavServer"];

    [Fact]
    public void App_passwords_are_made_in_one_place_which_writes_the_audit_line()
    {
        var makers = Codebase.Instance.Arrows.Where(arrow => arrow.Used == "Calendaring.Store.PutCredential" && Codebase.ProjectOf(arrow.From) != "Calendaring");
        Assert.Equal(["Practice.Devices.NewAppPassword"], makers.Select(arrow => arrow.User).Distinct());
    }

    /// <summary>A batch that lost a race is decided anew by <c>ChangeLoop</c>: whoever looked at the failure would have a loop of their own.</summary>
    [Fact]
    public void A_lost_race_is_settled_by_the_one_change_loop()
    {
        var files = Above.SelectMany(project => Directory.EnumerateFiles(Path.Combine(Codebase.Instance.Root.FullName, "src", project), "*.cs", SearchOption.AllDirectories)).ToList();
        Assert.True(files.Count > 100);
        var looking = files.Where(file => File.ReadAllText(file) is var text && (text.Contains("StoreFailureKind.Precondition", StringComparison.Ordinal) || HasLoopByHand(text)));
        Assert.Empty(looking.Select(file => Path.GetRelativePath(Codebase.Instance.Root.FullName, file)));
    }

    [Theory]
    [InlineData("for (var i = 0; i < 5; i++) { var done = await store.ApplyAsync(batch); if (done.Succeeded) return; }", true)]
    [InlineData("for (;;)\n{\n    if (!x)\n    {\n        y();\n    }\n    if ((await store.ApplyAsync(batch)).Failure is null) break;\n}", true)]
    [InlineData("while (true) if ((await store.ApplyAsync(batch)).Succeeded) return;", true)]
    [InlineData("while (!(await store.ApplyAsync(await DecideAsync())).Succeeded) await Task.Delay(5);", true)]
    [InlineData("do { done = await store.ApplyAsync(batch); } while (!done.Succeeded && tries++ < 5);", true)]
    [InlineData("foreach (var attempt in Enumerable.Range(0, 5)) { if ((await store.ApplyAsync(batch)).Succeeded) return; }", true)]
    [InlineData("if ((await store.ApplyAsync(batch)).Succeeded) return;", false)]
    [InlineData("for (var i = 0; i < 5; i++) { Prepare(i); } return (await store.ApplyAsync(batch)).Succeeded;", false)]
    [InlineData("while (steps.Count > 0) { await store.ApplyAsync(Next(steps)); }", false)]
    [InlineData("foreach (var one in all) { if (!(await store.ApplyAsync(Of(one))).Succeeded) failed.Add(one); }", false)]
    [InlineData("// for a while: ApplyAsync, then .Succeeded;\nvar what = await store.ApplyAsync(batch);", false)]
    public void A_loop_made_by_hand_is_found(string text, bool found) => Assert.Equal(found, HasLoopByHand(text));

    /// <summary>
    /// Whether a loop hands batches to the store and looks at what became of them: by the text, so that one whose call is in a method of its own is not seen, nor one that calls itself.
    /// A <c>foreach</c> over things is no loop of tries.
    /// </summary>
    private static bool HasLoopByHand(string text)
    {
        var code = Comment().Replace(text, "");
        return Loop().Matches(code).Select(loop => Statement(code, loop.Index)).Any(loop => loop.Contains(".ApplyAsync(", StringComparison.Ordinal) && Look().IsMatch(loop));
    }

    // to the end of the block or, without one, of the statement; a do with its condition
    private static string Statement(string code, int start)
    {
        var (depth, end) = (0, start);
        for (; end < code.Length; end++)
        {
            depth += code[end] switch { '{' or '(' => 1, '}' or ')' => -1, _ => 0 };
            if (depth > 0 || code[end] is not ('}' or ';')) continue;
            if (code[end] == ';' || code[start] != 'd') break;
        }

        return code[start..Math.Min(end + 1, code.Length)];
    }

    [GeneratedRegex(@"\b(?:(?:for|while) \(|do\b\s*\{|foreach \([^\n]*Enumerable\.(?:Range|Repeat))")]
    private static partial Regex Loop();

    [GeneratedRegex(@"\.(?:Succeeded|Failure)\b")]
    private static partial Regex Look();

    [GeneratedRegex(@"(?<!:)//[^\n]*")]
    private static partial Regex Comment();
}
