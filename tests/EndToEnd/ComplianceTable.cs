using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>A row of docs/compliance.md.</summary>
internal sealed record ComplianceRow(string Document, string Section, string What, IReadOnlyList<string> Tests);

/// <summary>docs/compliance.md and the tests in the sources under tests/.</summary>
internal static partial class ComplianceTable
{
    public static IReadOnlyList<ComplianceRow> Read() =>
    [
        .. from line in File.ReadLines(Repository.PathOf("docs", "compliance.md"))
           where line.StartsWith("| ", StringComparison.Ordinal)
           let cells = line.Trim().Trim('|').Split('|')
           where cells.Length == 4 && cells[0].Trim() is not "Document"
           select new ComplianceRow(cells[0].Trim(), cells[1].Trim(), cells[2].Trim(), [.. CodeSpan().Matches(cells[3]).Select(match => match.Groups[1].Value)])
    ];

    /// <summary>Every test of the repository as <c>Namespace.Class.Method</c>: methods under a Fact or Theory attribute, in the class that declares them.</summary>
    public static IReadOnlySet<string> TestsInSources()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories))
        {
            if (file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)) continue;
            var source = File.ReadAllText(file);
            var space = Namespace().Match(source).Groups[1].Value;
            var declared = "";
            foreach (Match match in Declaration().Matches(source))
            {
                if (match.Groups["class"].Success) declared = match.Groups["class"].Value;
                else found.Add($"{space}.{declared}.{match.Groups["method"].Value}");
            }
        }

        return found;
    }

    [GeneratedRegex("`([^`]+)`")]
    public static partial Regex CodeSpan();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    // a class declaration, or a Fact or Theory followed by other attributes and the method's own line
    [GeneratedRegex(@"^\s*(?:(?:public|internal|abstract|sealed|static|partial)\s+)+class\s+(?<class>\w+)|\[(?:Fact|Theory)\b[^\n]*\n(?:\s*(?:\[|//|\.\.\.)[^\n]*\n)*[^(\n]*?\b(?<method>\w+)\s*\(", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
