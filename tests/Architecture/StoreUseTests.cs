using System.Text.RegularExpressions;
using Xunit;

namespace Architecture;

/// <summary>The pages ask services of Practice: they neither open the store nor know what it keeps.</summary>
public sealed partial class StoreUseTests
{
    private const string Store = "Calendaring/Store";
    private const string Web = "CalDavServer/Web";

    /// <summary>What describes a person and a device, which services give to pages: values, by which nothing is read or written.</summary>
    private static readonly string[] Values = ["Principal", "Credential", "SecretKind"];

    [Fact]
    public void No_file_of_the_pages_names_a_type_of_the_store()
    {
        var arrows = Codebase.Instance.Arrows.Where(arrow => arrow.From == Web).ToList();
        Assert.Contains(arrows, arrow => arrow.Used == "Practice.People.AccountBook");
        var named = arrows.Where(arrow => arrow.To == Store && !IsValue(arrow.Used));
        var sentences = string.Join("\n", named.Select(arrow => arrow.Sentence).Distinct());
        if (sentences.Length > 0) Assert.Fail(sentences);
    }

    /// <summary>The value of an enumeration leaves no trace of its type in what is compiled: the text tells.</summary>
    [Fact]
    public void No_file_of_the_pages_names_a_constant_of_the_store()
    {
        var kinds = FilesBelow("Calendaring/Store").SelectMany(file => EnumDeclaration().Matches(File.ReadAllText(file))).Select(match => match.Groups["name"].Value).ToList();
        Assert.Contains("StoreFailureKind", kinds);
        var named = new Regex($@"\b({string.Join('|', kinds.Except(Values))})\.");
        var files = FilesBelow("CalDavServer/Web").Where(file => Path.GetExtension(file) is ".cs" or ".cshtml").ToList();
        Assert.NotEmpty(files);
        Assert.Empty(files.Where(file => named.IsMatch(File.ReadAllText(file))).Select(Path.GetFileName));
    }

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Codebase.Instance.Root.FullName, "src", folder), "*.cs*", SearchOption.AllDirectories);

    // a directive names the whole namespace, and what it is for is seen in what was compiled
    private static bool IsValue(string used) => used == "Calendaring.Store" || Values.Contains(used.Replace("Calendaring.Store.", "", StringComparison.Ordinal));

    [GeneratedRegex(@"\benum (?<name>\w+)")]
    private static partial Regex EnumDeclaration();
}
