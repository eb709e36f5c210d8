using System.Text.RegularExpressions;
using Xunit;

namespace Architecture;

/// <summary>Calendaring serves any calendar: it has no word, in a name, a text or a comment, for what the layers above make of one.</summary>
public sealed partial class WordTests
{
    [Fact]
    public void Calendaring_has_no_word_of_the_layers_above()
    {
        var files = Directory.GetFiles(Path.Combine(Codebase.Instance.Root.FullName, "src", "Calendaring"), "*.cs", SearchOption.AllDirectories).Where(IsSource).ToList();
        Assert.True(files.Count > 100);
        var found = files.SelectMany(file => File.ReadLines(file).Select((line, number) => (Match: Above().Match(line), Place: $"{Path.GetFileName(file)}:{number + 1}")))
            .Where(line => line.Match.Success).Select(line => $"{line.Place} says '{line.Match.Value}'.").ToList();
        if (found.Count > 0) Assert.Fail(string.Join("\n", found));
    }

    [Theory]
    [InlineData("string? PracticeId", true)]
    [InlineData("// of a practitioner", true)]
    [InlineData("privacy_level TEXT", true)]
    [InlineData("if (collection.IsHx)", true)]
    [InlineData("the name of an HX_ calendar", true)]
    [InlineData("HxCalendar.Kind,", true)]
    [InlineData("IsPatientKind", true)]
    [InlineData("Appointments", true)]
    [InlineData("the diary's", true)]
    [InlineData("in practical terms, a principal's group", false)]
    [InlineData("0x1F, ToHexString, ReaderPatience", false)]
    public void Words_are_found_in_every_form(string line, bool found) => Assert.Equal(found, Above().IsMatch(line));

    private static bool IsSource(string file) => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal);

    [GeneratedRegex("(?i:practice|practitioner|privacy|patient|appointment|diary|diaries|halaxy)|HX_|Hx(?![a-z])|\\bhx\\b")]
    private static partial Regex Above();
}
