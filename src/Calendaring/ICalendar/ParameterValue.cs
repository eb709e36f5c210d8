using System.Text;

namespace Calendaring.ICalendar;

/// <summary>Parameter values: quotes (RFC 5545 §3.2) and circumflex escapes (RFC 6868).</summary>
internal static class ParameterValue
{
    /// <summary>Reads the value after the equals sign or comma at <paramref name="at"/>, and moves behind it.</summary>
    public static string Read(ReadOnlySpan<byte> head, ref int at)
    {
        at++;
        ReadOnlySpan<byte> value;
        if (at < head.Length && head[at] == '"')
        {
            var length = head[(at + 1)..].IndexOf((byte)'"');
            value = head.Slice(at + 1, length);
            at += length + 2;
        }
        else
        {
            var length = head[at..].IndexOfAny((byte)',', (byte)';');
            value = length < 0 ? head[at..] : head.Slice(at, length);
            at += value.Length;
        }

        var text = Encoding.UTF8.GetString(value);
        return text.Contains('^', StringComparison.Ordinal) ? Decode(text) : text;
    }

    /// <summary>Appends a value, escaped, and quoted where it has to be. Control characters other than line breaks and TAB are left out.</summary>
    public static void Append(StringBuilder line, string value)
    {
        var quoted = value.AsSpan().IndexOfAny(",;:") >= 0;
        if (quoted) line.Append('"');
        for (var at = 0; at < value.Length; at++)
        {
            var next = value[at];
            if (next == '\r' && at + 1 < value.Length && value[at + 1] == '\n') continue;
            _ = next switch
            {
                '^' => line.Append("^^"),
                '"' => line.Append("^'"),
                '\n' or '\r' => line.Append("^n"),
                _ => TextValue.IsCarried(next) ? line.Append(next) : line,
            };
        }

        if (quoted) line.Append('"');
    }

    private static string Decode(string value)
    {
        var result = new StringBuilder(value.Length);
        for (var at = 0; at < value.Length; at++)
        {
            var escape = value[at] == '^' && at + 1 < value.Length ? value[at + 1] : '\0';
            // RFC 6868 §3.2: a circumflex before anything else stands for itself
            char? decoded = escape switch { 'n' => '\n', '^' => '^', '\'' => '"', _ => null };
            result.Append(decoded ?? value[at]);
            if (decoded is not null) at++;
        }

        return result.ToString();
    }
}
