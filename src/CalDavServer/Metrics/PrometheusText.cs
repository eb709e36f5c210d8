using System.Globalization;
using System.Text;

namespace CalDavServer.Metrics;

/// <summary>The Prometheus text format, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<Family> families)
    {
        var text = new StringBuilder(16 * 1024);
        foreach (var family in families)
        {
            var name = NameOf(family);
            text.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(family.Instrument.Description)).Append('\n');
            text.Append("# TYPE ").Append(name).Append(' ').Append(family.Kind.ToString().ToLowerInvariant()).Append('\n');
            foreach (var (labels, series) in family.Series)
            {
                if (family.Kind == FamilyKind.Histogram) Histogram(text, name, family.Bounds, labels, series);
                else Sample(text, name, labels, null, series.Value);
            }
        }

        return text.ToString();
    }

    /// <summary>The name with its unit, and <c>_total</c> for a counter.</summary>
    private static string NameOf(Family family)
    {
        var name = Clean(family.Instrument.Name);
        var unit = family.Instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        if (!name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return family.Kind == FamilyKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    // buckets are cumulative
    private static void Histogram(StringBuilder text, string name, double[] bounds, Labels labels, TimeSeries series)
    {
        var count = 0L;
        foreach (var (number, bucket) in series.Buckets.Index())
        {
            count += bucket;
            Sample(text, name + "_bucket", labels, number < bounds.Length ? Number(bounds[number]) : "+Inf", count);
        }

        Sample(text, name + "_sum", labels, null, series.Value);
        Sample(text, name + "_count", labels, null, count);
    }

    private static void Sample(StringBuilder text, string name, Labels labels, string? bound, double value)
    {
        text.Append(name);
        var separator = '{';
        for (var number = 0; number < labels.Count; number++)
        {
            var (label, content) = labels[number];
            text.Append(separator).Append(Clean(label)).Append("=\"").Append(EscapeLabel(Convert.ToString(content, CultureInfo.InvariantCulture))).Append('"');
            separator = ',';
        }

        if (bound is not null)
        {
            text.Append(separator).Append("le=\"").Append(bound).Append('"');
            separator = ',';
        }

        if (separator == ',') text.Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Clean(string name) => string.Create(name.Length, name, static (clean, name) =>
    {
        for (var at = 0; at < name.Length; at++) clean[at] = char.IsAsciiLetterOrDigit(name[at]) ? name[at] : '_';
    });

    private static string EscapeHelp(string? text) => (text ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeLabel(string? text) => EscapeHelp(text).Replace("\"", "\\\"", StringComparison.Ordinal);
}
