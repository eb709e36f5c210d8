using System.Text.RegularExpressions;
using Xunit;

namespace Architecture;

/// <summary>What documents say of the sources is so.</summary>
public sealed partial class DocumentTests
{
    private static readonly string Root = Codebase.Instance.Root.FullName;

    public static TheoryData<string> Documents =>
    [
        .. Directory.EnumerateFiles(Root, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)).Select(file => Path.GetRelativePath(Root, file)),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Each_link_to_a_file_leads_to_one(string document)
    {
        var file = Path.Combine(Root, document);
        var links = Link().Matches(File.ReadAllText(file)).Select(link => link.Groups["path"].Value);
        var broken = links.Where(link => !Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, link))).ToList();
        Assert.Empty(broken);
    }

    [Fact]
    public void Each_rule_names_code_and_a_test()
    {
        var rules = Rule().Matches(File.ReadAllText(Path.Combine(Root, "docs", "rules.md")));
        Assert.True(rules.Count > 30);
        var nameless = rules.Where(rule => !rule.Groups["code"].Value.Contains("](../src/", StringComparison.Ordinal) || !rule.Groups["test"].Value.Contains("](../tests/", StringComparison.Ordinal)).Select(rule => rule.Value).ToList();
        Assert.Empty(nameless);
    }

    // to a file beside it or elsewhere in the repository, not to an address
    [GeneratedRegex(@"\]\((?![a-z]+:)(?<path>[^)\s#]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\| [RAPS]\d+ \|.*\|(?<code>[^|]+)\|(?<test>[^|]+)\|$", RegexOptions.Multiline)]
    private static partial Regex Rule();
}
