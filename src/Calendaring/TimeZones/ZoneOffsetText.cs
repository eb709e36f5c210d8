using System.Globalization;

namespace Calendaring.TimeZones;

/// <summary>Reads the offset that names of zones start with: <c>(UTC+10:00)</c>, <c>(GMT+01.00)</c>, <c>GMT -0500</c>, <c>UTC+2</c>, <c>+02:00</c>.</summary>
internal static class ZoneOffsetText
{
    /// <summary>Reads the offset.</summary>
    /// <param name="name">The name.</param>
    /// <param name="seconds">Seconds east of Greenwich.</param>
    /// <param name="rest">What follows the offset; the whole name when there is none.</param>
    public static bool TryReadPrefix(ReadOnlySpan<char> name, out int seconds, out ReadOnlySpan<char> rest)
    {
        seconds = 0;
        rest = name;
        var bracket = name is ['(', ..];
        var text = bracket ? name[1..].TrimStart() : name;
        var named = text.StartsWith("UTC", StringComparison.OrdinalIgnoreCase) || text.StartsWith("GMT", StringComparison.OrdinalIgnoreCase);
        if (named) text = text[3..].TrimStart();
        if (text is ['+' or '-' or '\u2212', ..])
        {
            var negative = text[0] != '+';
            text = text[1..].TrimStart();
            if (!TryReadClock(ref text, out seconds)) return false;
            if (negative) seconds = -seconds;
        }
        else if (!named)
        {
            return false;
        }
        if (bracket)
        {
            if (text is not [')', ..]) return false;
            text = text[1..];
        }
        else if (text is not ([] or [' ', ..]))
        {
            return false;
        }
        rest = text.Trim();
        return true;
    }

    private static bool TryReadClock(ref ReadOnlySpan<char> text, out int seconds)
    {
        seconds = 0;
        var digits = DigitsOf(text);
        int hours, minutes = 0;
        if (digits is 1 or 2)
        {
            hours = Number(text[..digits]);
            text = text[digits..];
            if (text is [':' or '.', ..] && DigitsOf(text[1..]) == 2)
            {
                minutes = Number(text.Slice(1, 2));
                text = text[3..];
            }
        }
        else if (digits == 4)
        {
            hours = Number(text[..2]);
            minutes = Number(text.Slice(2, 2));
            text = text[4..];
        }
        else
        {
            return false;
        }
        seconds = (hours * 3600) + (minutes * 60);
        return hours <= 14 && minutes <= 59;
    }

    private static int DigitsOf(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (count < text.Length && char.IsAsciiDigit(text[count])) count++;
        return count;
    }

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
