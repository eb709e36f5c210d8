using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace CalDavServer.Tests.Operations;

/// <summary>Reads the Prometheus text format 0.0.4 as its description says, and refuses all else.</summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, string> _types = [];
    private readonly Dictionary<string, string> _help = [];
    private readonly Dictionary<string, double> _samples = [];

    public IReadOnlyDictionary<string, string> Types => _types;

    public IReadOnlyDictionary<string, string> Help => _help;

    /// <summary>Numbers by name and labels, the labels in the order of their names: <c>name{a="1",b="2"}</c>.</summary>
    public IReadOnlyDictionary<string, double> Samples => _samples;

    public static Exposition Parse(string text)
    {
        var read = new Exposition();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string? family = null;
        foreach (var line in text[..^1].Split('\n'))
        {
            if (Comment().Match(line) is { Success: true } comment)
            {
                family = comment.Groups[2].Value;
                var kept = comment.Groups[1].Value == "HELP" ? read._help : read._types;
                Assert.True(kept.TryAdd(family, Unescape(comment.Groups[3].Value)), $"said twice: {line}");
            }
            else
            {
                read.Sample(line, family);
            }
        }

        foreach (var (name, type) in read._types)
        {
            Assert.True(type is "counter" or "gauge" or "histogram", type);
            if (type == "histogram") read.CheckHistogram(name);
        }

        return read;
    }

    /// <summary>The sum of a name's samples that have all of some labels.</summary>
    public double Sum(string name, params string[] labels) => _samples
        .Where(sample => NameOf(sample.Key) == name && labels.All(label => sample.Key.Contains(label, StringComparison.Ordinal)))
        .Sum(sample => sample.Value);

    private void Sample(string line, string? family)
    {
        var match = Line().Match(line);
        Assert.True(match.Success, $"no line of the format: {line}");
        var name = match.Groups[1].Value;
        Assert.True(family is not null && _types.ContainsKey(family) && _help.ContainsKey(family), $"before its TYPE and HELP: {line}");
        Assert.True(name == family || (_types[family] == "histogram" && name[family.Length..] is "_bucket" or "_sum" or "_count"), $"among those of {family}: {line}");
        if (_types[family] == "counter") Assert.EndsWith("_total", name, StringComparison.Ordinal);
        var labels = match.Groups[2].Captures.Select(capture => capture.Value).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(labels.Count, labels.Select(label => label[..label.IndexOf('=', StringComparison.Ordinal)]).Distinct().Count());
        Assert.True(_samples.TryAdd($"{name}{{{string.Join(',', labels)}}}", Number(match.Groups[3].Value)), $"there twice: {line}");
    }

    private void CheckHistogram(string name)
    {
        foreach (var series in _samples.Keys.Where(key => NameOf(key) == name + "_count").ToList())
        {
            var labels = series[(series.IndexOf('{', StringComparison.Ordinal) + 1)..^1].Split(',', StringSplitOptions.RemoveEmptyEntries);
            var buckets = _samples
                .Where(sample => NameOf(sample.Key) == name + "_bucket" && labels.All(label => sample.Key.Contains(label, StringComparison.Ordinal)))
                .Select(sample => (Bound: Number(Bound().Match(sample.Key).Groups[1].Value), sample.Value))
                .OrderBy(bucket => bucket.Bound)
                .ToList();
            Assert.Equal(double.PositiveInfinity, buckets[^1].Bound);
            Assert.Equal(_samples[series], buckets[^1].Value);
            Assert.Equal(buckets.Select(bucket => bucket.Value).Order(), buckets.Select(bucket => bucket.Value));
            Assert.Contains(_samples.Keys, key => key == series.Replace("_count{", "_sum{", StringComparison.Ordinal));
        }
    }

    private static string NameOf(string series) => series[..series.IndexOf('{', StringComparison.Ordinal)];

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static string Unescape(string text)
    {
        var plain = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\') plain.Append(text[at]);
            else plain.Append(text[++at] == 'n' ? '\n' : text[at]);
        }

        return plain.ToString();
    }

    [GeneratedRegex(@"^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) ((?:[^\\]|\\[\\n])*)$")]
    private static partial Regex Comment();

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?:([a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\[\\"n])*"),?)+\})? (\S+)$""")]
    private static partial Regex Line();

    [GeneratedRegex("le=\"([^\"]*)\"")]
    private static partial Regex Bound();
}
