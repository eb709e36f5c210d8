using System.Globalization;
using System.Text;
using NodaTime;
using Xunit;

namespace Oracles;

/// <summary>
/// Random series, expanded by us and by four implementations that are not ours. Where one differs, the difference must be of a class that docs/recurrence-differences.md explains. A fixed
/// seed finds again what was found; a fresh one finds more. ORACLES_SEED sets the fresh one, ORACLES_COUNT how many series it makes.
/// </summary>
public sealed class ComparisonTests
{
    private const int FixedSeed = 20_260_105;
    private const int FixedCount = 10_000;
    private const int FreshCount = 1_000;

    // too rare for chance
    private static readonly Series Dublin = new(StartForm.Zoned, "Europe/Dublin", new(1998, 5, 24, 1, 0), new(2002, 1, 1, 0, 0), 12) { Rules = { "FREQ=WEEKLY;INTERVAL=11" } };

    private static readonly Series LordHowe = new(StartForm.Zoned, "Australia/Lord_Howe", new(2006, 9, 17, 1, 30), new(2009, 1, 1, 0, 0), 12)
    {
        Rules = { "FREQ=WEEKLY;INTERVAL=9" },
        Excluded = { "20070324T143000Z" },
    };

    // UNTIL is a second before what the last occurrence becomes, whose day the clock leaves out
    private static readonly Series Apia = new(StartForm.Zoned, "Pacific/Apia", new(2006, 12, 30, 10, 35), new(2012, 1, 1, 0, 0), 12)
    {
        Rules = { "FREQ=YEARLY;INTERVAL=1;UNTIL=20111230T203459Z" },
    };

    // an oracle that gave up on many would be none
    private const double AnsweredAtLeast = 0.94;

    [Fact]
    public async Task Ten_thousand_series_expand_as_others_expand_them()
    {
        var seen = await CompareAsync(FixedSeed, FixedCount);
        Assert.Equal(Difference.All.Select(difference => difference.Name).Distinct().Order(), seen.Order());
    }

    [Fact]
    public async Task Series_that_nobody_has_seen_before_expand_as_others_expand_them()
    {
        var seed = Setting("ORACLES_SEED") ?? Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"ORACLES_SEED={seed} makes these series again.");
        await CompareAsync(seed, Setting("ORACLES_COUNT") ?? FreshCount);
    }

    /// <summary>What a fresh seed found once is found for ever.</summary>
    [Theory]
    [InlineData(938939418)] // an UNTIL in a gap, of a rule that does not have DTSTART
    [InlineData(1177524369)] // a rule of seconds whose DTSTART is in a gap
    [InlineData(1653176424)] // a rule of hours whose DTSTART is in a gap
    [InlineData(1932918611)] // a COUNT that ends in a gap where DTSTART is not in the rule and does not count
    public Task Series_that_once_had_no_class_expand_as_others_expand_them(int seed) => CompareAsync(seed, FreshCount);

    /// <summary>Compares all; returns the classes of difference that were met.</summary>
    private static async Task<HashSet<string>> CompareAsync(int seed, int count)
    {
        var random = new RandomSeries(seed);
        var all = Enumerable.Range(0, count).Select(_ => random.Next()).Append(Dublin).Append(LordHowe).Append(Apia).ToList();
        var asking = Oracle.All.Select(oracle => oracle.AskAsync(all)).ToList();
        var ours = all.ConvertAll(series => series.Expand());
        var seen = new HashSet<string>();
        var faults = new List<string>();
        Assert.True(ours.Count(times => times is null) * 1000 <= count, "our own budget ends too early");
        for (var i = 0; i < all.Count; i++)
        {
            if (ours[i] is { } mine && !new Dialect().Expand(all[i]).SequenceEqual(mine)) faults.Add($"{all[i]}\n   the set   {Show(mine.Select(time => time.Instant))}\n   its rules {Show(new Dialect().Expand(all[i]).Select(time => time.Instant))}");
        }

        foreach (var (oracle, answering) in Oracle.All.Zip(asking))
        {
            var answers = await answering;
            var answered = answers.Count(answer => answer.Times is not null);
            TestContext.Current.SendDiagnosticMessage($"{oracle.Name}: {answered} of {count} answered");
            Assert.True(count < 1000 || answered >= AnsweredAtLeast * count, $"{oracle.Name} answered {answered} of {count}");
            for (var i = 0; i < all.Count; i++)
            {
                if (answers[i].Times is { } times && ours[i] is { } mine && Explain(oracle, all[i], mine, times, seen) is { } fault) faults.Add(fault);
            }
        }

        Assert.True(faults.Count == 0, $"ORACLES_SEED={seed}: {faults.Count} differences have no class in docs/recurrence-differences.md\n{string.Join('\n', faults.Take(Setting("ORACLES_SHOW") ?? 12))}");
        return seen;
    }

    /// <summary>Notes of which classes a difference is; what it is when it is of none.</summary>
    private static string? Explain(Oracle oracle, Series series, IReadOnlyList<Time> ours, IReadOnlyList<long> theirs, HashSet<string> seen)
    {
        IReadOnlyList<long> Answer(IEnumerable<Time> times) => [.. times.Select(time => oracle.Local ? time.Local : time.Instant)];
        var mine = Answer(ours);
        if (mine.SequenceEqual(theirs)) return null;
        var applicable = Difference.All.Where(difference => difference.Oracles.Contains(oracle.Name) && difference.Applies(series)).ToList();
        var dialect = new Dialect();
        foreach (var difference in applicable) difference.Change?.Invoke(dialect);
        var expected = Answer(dialect.Expand(series));
        var explaining = expected.SequenceEqual(theirs) ? applicable.Where(difference => difference.Change is not null) : applicable.Where(difference => difference.Change is null).Take(1);
        var before = seen.Count;
        foreach (var difference in explaining)
        {
            seen.Add(difference.Name);
            before = -1;
        }

        return before < 0 ? null : $"{oracle.Name} {series}\n   ours     {Show(mine)}\n   expected {Show(expected)} ({string.Join(", ", applicable.Select(difference => difference.Name))})\n   theirs   {Show(theirs)}";
    }

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string Show(IEnumerable<long> times)
    {
        var text = new StringBuilder();
        foreach (var time in times) text.Append(Instant.FromUnixTimeSeconds(time).ToString("uuuuMMdd'T'HHmmss' '", CultureInfo.InvariantCulture));
        return text.ToString();
    }
}
