namespace Calendaring.ICalendar;

/// <summary>Line folding (RFC 5545 §3.1).</summary>
internal static class Folding
{
    private const int MaxPhysicalBytes = 75;

    /// <summary>Joins the physical lines of one content line; the last no longer has a line break.</summary>
    public static ReadOnlySpan<byte> Unfold(ReadOnlySpan<byte> content)
    {
        var result = new byte[content.Length];
        var length = 0;
        while (content.IndexOf((byte)'\n') is var end and >= 0)
        {
            var kept = end > 0 && content[end - 1] == '\r' ? end - 1 : end;
            content[..kept].CopyTo(result.AsSpan(length));
            length += kept;
            content = content[(end + 2)..];
        }

        content.CopyTo(result.AsSpan(length));
        return result.AsSpan(0, length + content.Length);
    }

    /// <summary>Cuts a line into physical lines of at most 75 bytes, between characters, and ends it with CRLF.</summary>
    public static byte[] Fold(ReadOnlySpan<byte> line)
    {
        var result = new byte[line.Length + ((line.Length / (MaxPhysicalBytes - 4)) * 3) + 2];
        var length = 0;
        var room = MaxPhysicalBytes;
        while (line.Length > room)
        {
            var cut = room;
            while ((line[cut] & 0xc0) == 0x80) cut--;
            line[..cut].CopyTo(result.AsSpan(length));
            length += cut;
            "\r\n "u8.CopyTo(result.AsSpan(length));
            length += 3;
            line = line[cut..];
            room = MaxPhysicalBytes - 1;
        }

        line.CopyTo(result.AsSpan(length));
        length += line.Length;
        "\r\n"u8.CopyTo(result.AsSpan(length));
        return result[..(length + 2)];
    }
}
