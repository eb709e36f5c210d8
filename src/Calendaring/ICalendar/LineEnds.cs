using System.Text.Unicode;

namespace Calendaring.ICalendar;

/// <summary>The ends of physical lines: CRLF (RFC 5545 §3.1), but some clients send LF alone.</summary>
internal static class LineEnds
{
    /// <summary>Whether all lines end with CRLF, and each between two characters.</summary>
    public static bool AreGood(ReadOnlySpan<byte> text) => !HasBare(text) && Utf8.IsValid(text);

    private static bool HasBare(ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var end = text.IndexOf((byte)'\n');
            if (end < 0) return false;
            if (end == 0 || text[end - 1] != '\r') return true;
            text = text[(end + 1)..];
        }
    }
}
