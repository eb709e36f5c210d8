namespace Calendaring.Recurrence;

/// <summary>The text of a rule that was read: what was not edited is written as it was.</summary>
public sealed partial record RecurrenceRule
{
    // kept by copies: what they differ in from it was edited
    private Reading? _read;

    /// <summary>
    /// The rule as it is written: parts that were not edited have the text, the order and the case that they had, parts that start with X- included; what was edited comes after them. A rule that was
    /// not read has its end last.
    /// </summary>
    public string ToText()
    {
        if (_read is not { } read) return Join(Parts().OrderBy(static part => part.Name is "COUNT" or "UNTIL"));
        var before = read.Rule.Parts().ToDictionary(static part => part.Name, static part => part.Value);
        var now = Parts().ToDictionary(static part => part.Name, static part => part.Value);
        var kept = read.Written.Where(part => before.GetValueOrDefault(part.Name.ToUpperInvariant()) == now.GetValueOrDefault(part.Name.ToUpperInvariant()));
        return Join(kept.Concat(Parts().Where(part => before.GetValueOrDefault(part.Name) != part.Value)));
    }

    /// <summary>Whether the rule is one of RFC 5545: an edit may lead out of what a part can say.</summary>
    public bool IsValid => TryParse(ToString(), out _, out _);

    /// <summary>The rule as it was written, without the parts that start with X-: only they can have words in them.</summary>
    public RecurrenceRule WithoutExtensions() => _read is { } read ? this with { _read = read.WithoutExtensions() } : this;

    /// <summary>The rule without an end.</summary>
    public RecurrenceRule WithoutEnd() => this with { Count = null, Until = null };

    private sealed class Reading(RecurrenceRule rule, string text)
    {
        public RecurrenceRule Rule => rule;

        // most rules that are read are never written
        public IReadOnlyList<(string Name, string Value)> Written { get => field ??= Split(text); private init; }

        public Reading WithoutExtensions() => new(rule, text) { Written = [.. Written.Where(static part => !part.Name.StartsWith("X-", StringComparison.OrdinalIgnoreCase))] };

        private static List<(string Name, string Value)> Split(string text)
        {
            List<(string, string)> parts = [];
            foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var equals = part.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0) parts.Add((part[..equals].TrimEnd(), part[(equals + 1)..]));
            }

            return parts;
        }
    }
}
