using System.Text;

namespace Calendaring.ICalendar;

/// <summary>Escapes of TEXT values (RFC 5545 §3.3.11).</summary>
public static class TextValue
{
    /// <summary>
    /// Escapes a text. A line break in any form becomes <c>\n</c>; other control characters, which a content line cannot carry, are left out.
    /// </summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var result = new StringBuilder(text.Length + 8);
        for (var at = 0; at < text.Length; at++)
        {
            var next = text[at];
            if (next == '\r' && at + 1 < text.Length && text[at + 1] == '\n') continue;
            if (next is '\\' or ';' or ',') result.Append('\\').Append(next);
            else if (next is '\n' or '\r') result.Append("\\n");
            else if (IsCarried(next)) result.Append(next);
        }

        return result.ToString();
    }

    /// <summary>Decodes a text.</summary>
    public static string Unescape(string raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        return raw.Contains('\\', StringComparison.Ordinal) ? Unescape(raw.AsSpan()) : raw;
    }

    /// <summary>The parts of a list of TEXT values, between commas that are not escaped; decoded.</summary>
    internal static List<string> UnescapeList(string raw)
    {
        var result = new List<string>();
        var start = 0;
        for (var at = 0; at < raw.Length; at++)
        {
            if (raw[at] == '\\') at++;
            else if (raw[at] == ',')
            {
                result.Add(Unescape(raw.AsSpan(start, at - start)));
                start = at + 1;
            }
        }

        result.Add(Unescape(raw.AsSpan(start)));
        return result;
    }

    /// <summary>Whether a content line can carry a character: no control character but TAB, and none that XML cannot carry either.</summary>
    internal static bool IsCarried(char character) => character is '\t' or (>= ' ' and not '\u007f' and not '\ufffe' and not '\uffff');

    private static string Unescape(ReadOnlySpan<char> raw)
    {
        var result = new StringBuilder(raw.Length);
        for (var at = 0; at < raw.Length; at++)
        {
            if (raw[at] != '\\' || at + 1 == raw.Length)
            {
                result.Append(raw[at]);
                continue;
            }

            var next = raw[++at];
            if (next is 'n' or 'N') result.Append('\n');
            // not in the RFC: clients escape colons and quotes too, and leave the backslash of a path as it is
            else if (char.IsAsciiLetterOrDigit(next)) result.Append('\\').Append(next);
            else result.Append(next);
        }

        return result.ToString();
    }
}
