using System.Text;

namespace CalDavServer.Operations.Commands;

/// <summary>Reads comma-separated values (RFC 4180): quoted fields, doubled quotes, line breaks in quotes, CRLF or LF.</summary>
internal static class CsvReader
{
    /// <summary>The records with the line each begins at, from 1. Empty lines are skipped.</summary>
    /// <exception cref="FormatException">A quote is not closed, or closed amid a field; the message names the line.</exception>
    public static IEnumerable<(int Line, IReadOnlyList<string> Fields)> Read(string text)
    {
        var position = text.StartsWith('\ufeff') ? 1 : 0;
        var line = 1;
        while (position < text.Length)
        {
            var begin = line;
            var fields = new List<string>();
            do fields.Add(ReadField(text, ref position, ref line));
            while (Skip(text, ref position, ','));
            if (position < text.Length)
            {
                Skip(text, ref position, '\r');
                if (!Skip(text, ref position, '\n') && position < text.Length && text[position - 1] != '\r')
                    throw new FormatException($"Line {line}: a quoted field ends before its comma.");
                line++;
            }

            if (fields.Count > 1 || fields[0].Length > 0) yield return (begin, fields);
        }
    }

    private static string ReadField(string text, ref int position, ref int line)
    {
        if (!Skip(text, ref position, '"'))
        {
            var end = text.AsSpan(position).IndexOfAny(',', '\r', '\n');
            var plain = end < 0 ? text[position..] : text.Substring(position, end);
            position += plain.Length;
            return plain;
        }

        var begin = line;
        var field = new StringBuilder();
        while (position < text.Length)
        {
            var character = text[position++];
            if (character == '\n') line++;
            if (character != '"') field.Append(character);
            else if (Skip(text, ref position, '"')) field.Append('"');
            else return field.ToString();
        }

        throw new FormatException($"Line {begin}: a quote is not closed.");
    }

    private static bool Skip(string text, ref int position, char character)
    {
        if (position >= text.Length || text[position] != character) return false;
        position++;
        return true;
    }
}
