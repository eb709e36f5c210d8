using System.Text.RegularExpressions;
using Xunit;

namespace Architecture;

/// <summary>Who knows a type's namespace knows the folder of its file.</summary>
public sealed partial class NamespaceTests
{
    // a part of a package with that package's names, so that moving to the package is a change of one reference (README)
    private const string NamedAsItsPackage = "ProviderBridge.Google.Api";
    private const string PackageName = "Google.Apis.Calendar.v3";

    public static TheoryData<string> Projects => [.. Codebase.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_namespace_of_a_file_is_that_of_its_folder(string project)
    {
        var root = Path.Combine(Codebase.Instance.Root.FullName, "src", project);
        var files = Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file).Split(Path.DirectorySeparatorChar))
            .Where(parts => parts[0] is not ("bin" or "obj"))
            .ToList();
        Assert.True(files.Count > 10);
        var wrong = files.Select(parts => Wrong(project, parts, File.ReadAllText(Path.Combine([root, .. parts])))).OfType<string>().ToList();
        if (wrong.Count > 0) Assert.Fail(string.Join("\n", wrong));
    }

    [Theory]
    [InlineData("namespace Practice;\n\npublic class Some;", "Hx", "Practice/Hx/Some.cs declares its types in Practice; its folder says Practice.Hx.")]
    [InlineData("namespace Practice.Hx;\n\npublic class Some;", "Hx", null)]
    [InlineData("namespace Practice.Hx\n{\n}", "Hx", null)]
    [InlineData("public class Some;", "Hx", "Practice/Hx/Some.cs declares its types in no namespace; its folder says Practice.Hx.")]
    public void A_file_whose_namespace_is_another_is_told(string text, string folder, string? expected) =>
        Assert.Equal(expected, Wrong("Practice", [folder, "Some.cs"], text));

    private static string? Wrong(string project, IReadOnlyList<string> parts, string text)
    {
        // the statements that start the server are in no namespace
        if (parts is ["Program.cs"] && !Declared().IsMatch(text)) return null;
        var folder = string.Join('.', parts.SkipLast(1).Prepend(project));
        var expected = folder.StartsWith(NamedAsItsPackage, StringComparison.Ordinal) ? PackageName + folder[NamedAsItsPackage.Length..] : folder;
        var declared = Declared().Match(text) is { Success: true } match ? match.Groups["name"].Value : "no namespace";
        return declared == expected ? null : $"{project}/{string.Join('/', parts)} declares its types in {declared}; its folder says {expected}.";
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
