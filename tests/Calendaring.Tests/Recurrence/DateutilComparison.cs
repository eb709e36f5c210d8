using Xunit;
using static Calendaring.Tests.Recurrence.Expansion;

namespace Calendaring.Tests.Recurrence;

/// <summary>
/// Random rules with the first occurrences that python-dateutil gives them, an implementation that is not ours. A line is DTSTART, rule and occurrences; it ends in a dot
/// when there are no more before 2071.
/// </summary>
public class DateutilComparison
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "Recurrence", "dateutil.txt");

    [Fact]
    public void Random_rules_expand_as_dateutil_expands_them()
    {
        var wrong = new List<string>();
        var lines = System.IO.File.ReadAllLines(Environment.GetEnvironmentVariable("DATEUTIL_LINES") ?? File);
        foreach (var line in lines)
        {
            var parts = line.Split(' ');
            var expected = parts[2].Split(',').Select(Local).ToList();
            var max = parts.Length > 3 ? 1000 : expected.Count;
            var actual = Expand(parts[0], parts[1], max).TakeWhile(t => t.Year <= 2070).ToList();
            if (!expected.SequenceEqual(actual)) wrong.Add($"{line}\n   {string.Join(',', actual.Take(14).Select(t => t.ToString("uuuuMMdd'T'HHmmss", null)))}");
        }
        Assert.True(lines.Length >= 200, "too few rules");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {lines.Length}:\n" + string.Join("\n", wrong.Take(10)));
    }
}
