namespace Calendaring.ICalendar;

/// <summary>Decimal digits, as bytes.</summary>
internal static class Digits
{
    /// <summary>Reads digits only, at least one and at most nine.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        if (text.Length is 0 or > 9) return false;
        foreach (var next in text)
        {
            if (next is < (byte)'0' or > (byte)'9') return false;
            value = (value * 10) + (next - '0');
        }

        return true;
    }
}
