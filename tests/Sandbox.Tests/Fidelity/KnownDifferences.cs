using System.Text.RegularExpressions;
using NodaTime.Text;
using Oracles;

namespace Sandbox.Tests.Fidelity;

/// <summary>The series of docs/recurrence-differences.md: of each it is known that others expand it differently.</summary>
internal static partial class KnownDifferences
{
    private static readonly LocalDateTimePattern Time = LocalDateTimePattern.CreateWithInvariantCulture("uuuuMMdd'T'HHmmss");

    /// <summary>The series of a table's rows.</summary>
    /// <param name="table">The document.</param>
    public static IReadOnlyList<Series> Read(string table) =>
        [.. table.Split('\n').Where(static line => line.StartsWith("| `", StringComparison.Ordinal)).Select(static line => Of(line.Split('|')[3]))];

    private static Series Of(string cell)
    {
        var quoted = Quoted().Matches(cell).Select(static one => one.Groups[1].Value).ToList();
        var first = Start().Match(quoted[0]);
        var (zone, value) = (first.Groups["zone"] is { Success: true } named ? named.Value : null, first.Groups["start"].Value);
        var form = value.Length == 8 ? StartForm.Date : zone is null ? StartForm.Floating : StartForm.Zoned;
        var start = Time.Parse(form == StartForm.Date ? value + "T000000" : value).Value;
        var series = new Series(form, zone, start, start.PlusYears(30), 60);
        series.Rules.AddRange(quoted.Skip(1).Prepend(first.Groups["rule"].Value));
        foreach (Match dates in Dates().Matches(cell))
        {
            var values = dates.Groups["values"].Value.Split(" and ");
            if (dates.Groups["names"].Value.Contains("RDATE", StringComparison.Ordinal)) series.Added.AddRange(values);
            if (dates.Groups["names"].Value.Contains("EXDATE", StringComparison.Ordinal)) series.Excluded.AddRange(values);
        }

        return series;
    }

    [GeneratedRegex("`([^`]*)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^(TZID=(?<zone>[^:]+):)?(?<start>\d{8}(T\d{6})?) (?<rule>FREQ=.*)$")]
    private static partial Regex Start();

    [GeneratedRegex(@"(?<names>(RDATE|EXDATE)( and EXDATE)?) (?<values>\d{8}(T\d{6}Z?)?( and \d{8}(T\d{6}Z?)?)*)")]
    private static partial Regex Dates();
}
