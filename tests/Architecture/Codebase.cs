using Mono.Cecil;

namespace Architecture;

/// <summary>The projects in src/, with their arrows.</summary>
internal sealed class Codebase
{
    /// <summary>From the lowest to the highest.</summary>
    public static readonly string[] Projects = ["Calendaring", "Practice", "ProviderBridge", "CalDavServer"];

    private static readonly Lazy<Codebase> Read = new(() => new Codebase());

    private Codebase()
    {
        Root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(Root.FullName, "CalendarSync.sln"))) Root = Root.Parent!;
        Trees = [.. Projects.Select(project => new SourceTree(project, Path.Combine(Root.FullName, "src", project)))];
        Arrows = [.. Trees.SelectMany(tree => Compiled(tree).Concat(tree.Directives(Trees))).Distinct()];
    }

    public static Codebase Instance => Read.Value;

    public DirectoryInfo Root { get; }

    public IReadOnlyList<SourceTree> Trees { get; }

    public IReadOnlyList<Arrow> Arrows { get; }

    /// <summary>The arrows inside one project.</summary>
    public IReadOnlyList<Arrow> Within(string project) => [.. Arrows.Where(arrow => ProjectOf(arrow.From) == project && ProjectOf(arrow.To) == project)];

    public static string ProjectOf(string folder) => folder.Split('/')[0];

    private IReadOnlyList<Arrow> Compiled(SourceTree tree)
    {
        using var module = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, $"{tree.Project}.dll"));
        return [.. new Compiled(module).Arrows(tree, Trees)];
    }
}
