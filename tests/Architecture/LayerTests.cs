using System.Text.RegularExpressions;
using Xunit;

namespace Architecture;

/// <summary>The layers that README draws: no folder depends on itself through others, and each uses only what is drawn below it.</summary>
public sealed partial class LayerTests
{
    public static TheoryData<string> Projects => [.. Codebase.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_of_a_project_depends_on_itself_through_others(string project)
    {
        var arrows = Codebase.Instance.Within(project);
        Assert.NotEmpty(arrows);
        FailWith(Circles.Of(arrows).Select(circle => Circles.Sentence(circle, arrows)));
    }

    [Fact]
    public void No_project_depends_on_one_above_it()
    {
        var upward = Codebase.Instance.Arrows.Where(arrow => Level(arrow.From) < Level(arrow.To));
        FailWith(upward.Select(arrow => $"{arrow.Sentence}, which is above it."));

        static int Level(string folder) => Array.IndexOf(Codebase.Projects, Codebase.ProjectOf(folder));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void README_draws_the_folders_of_a_project_in_an_order_that_holds(string project)
    {
        var drawn = Drawn(project);
        var tree = Codebase.Instance.Trees.Single(tree => tree.Project == project);
        // what is in no folder is below all of them; that of the server is only its start, which is above
        List<string> order = project == "CalDavServer" ? [.. drawn, project] : [project, .. drawn];
        Assert.Equal(tree.Folders.Where(folder => folder != project).Order(StringComparer.Ordinal), drawn.Order(StringComparer.Ordinal));
        var against = Codebase.Instance.Within(project).Where(arrow => order.IndexOf(arrow.To) > order.IndexOf(arrow.From));
        FailWith(against.Select(arrow => $"{arrow.Sentence}, which README draws above it."));
    }

    [Fact]
    public void How_many_arrows_there_are_is_told()
    {
        foreach (var project in Codebase.Projects) Tell(project, Codebase.Instance.Within(project));
        Tell("All", Codebase.Instance.Arrows);
    }

    // whole sentences: an assertion on them would cut them
    private static void FailWith(IEnumerable<string> sentences)
    {
        var all = string.Join("\n", sentences.Distinct());
        if (all.Length > 0) Assert.Fail(all);
    }

    // "Practice  Audit ← Appointments ← Hx": what is used is on the left
    private static List<string> Drawn(string project)
    {
        var text = File.ReadAllText(Path.Combine(Codebase.Instance.Root.FullName, "README.md"));
        var line = DrawnLine().Matches(text).SingleOrDefault(line => line.Groups["project"].Value == project);
        Assert.True(line is not null, $"README does not draw the folders of {project}.");
        return [.. line.Groups["folders"].Value.Split(" ← ").Select(folder => $"{project}/{folder}")];
    }

    private static void Tell(string what, IReadOnlyCollection<Arrow> arrows)
    {
        var between = arrows.Select(arrow => (arrow.From, arrow.To)).ToHashSet();
        var mutual = between.Count(pair => string.CompareOrdinal(pair.From, pair.To) < 0 && between.Contains((pair.To, pair.From)));
        var circles = Circles.Of(arrows);
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {between.Count} arrows, {mutual} mutual pairs, {circles.Count} circles of {circles.Sum(circle => circle.Count)} folders");
        Assert.NotEmpty(between);
    }

    [GeneratedRegex(@"^(?<project>\w+) +(?<folders>\w+(?: ← \w+)+)\r?$", RegexOptions.Multiline)]
    private static partial Regex DrawnLine();
}
