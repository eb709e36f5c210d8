using System.Text.RegularExpressions;
using Xunit;

namespace Oracles;

public sealed partial class DifferenceTableTests
{
    [Fact]
    public void Each_class_of_difference_has_its_row_with_the_oracles_that_show_it_and_the_words_of_the_RFC()
    {
        var rows = File.ReadAllLines(Oracle.PathOf("docs", "recurrence-differences.md")).Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToList();
        Assert.Equal(Difference.All.Select(difference => difference.Name).Distinct().Order(), rows.Select(NameOf).Order());
        foreach (var row in rows)
        {
            var classes = Difference.All.Where(difference => difference.Name == NameOf(row)).ToList();
            Assert.Equal(classes.SelectMany(difference => difference.Oracles).Order(), row[2].Split(',', StringSplitOptions.TrimEntries).Order());
            Assert.Equal(classes.Exists(difference => difference.Change is not null), row[1].Contains("computed", StringComparison.Ordinal));
            Assert.Matches("§3\\.", row[6]);
        }
    }

    private static string NameOf(string[] row) => Name().Match(row[1]).Groups[1].Value;

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Name();
}
