using System.Text;

namespace CalDavServer.Tests.Reports;

/// <summary>Calendar objects in bytes that hurt: folds within characters, other line ends, and what is neither iCalendar nor UTF-8 nor XML.</summary>
internal sealed class HostileText(Random random)
{
    private static readonly string[] Words =
        ["é", "日本語", "😀😀", "a<b>&amp;\"'", "]]>", "<!--", "\\n\\,\\;", "\u2028", "\u0085", "\ufeff", "\ufdd0", "plain text", "ß", "\U0010fffd", "e\u0301", "\t", "%00", "&#0;"];

    private static readonly byte[][] Broken =
    [
        [0x00], [0x01], [0x08], [0x0b], [0x0c], [0x1b], [0x7f], [0xff], [0xfe], [0xc3], [0xa9], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xef, 0xbf, 0xbe], [0xef, 0xbf, 0xbf],
        [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf0, 0x9f], [0x0d], [0x0a], [0x0d, 0x0a, 0x20], [0x0a, 0x09], [0xe2, 0x0d, 0x0a, 0x20, 0x82, 0x0a, 0x20, 0xac],
    ];

    /// <summary>An object that RFC 5545 allows, or that clients send: a series with long lines, cut anywhere.</summary>
    public byte[] Folded(string uid)
    {
        var end = random.Next(3) == 0 ? "\n" : "\r\n";
        var text = new MemoryStream();
        if (random.Next(8) == 0) text.Write("\ufeff\r\n"u8);
        foreach (var line in (string[])[
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", $"UID:{uid}", "DTSTAMP:20260101T000000Z", "DTSTART;TZID=Europe/Berlin:20260601T090000", "DURATION:PT1H",
            "RRULE:FREQ=DAILY;COUNT=4", $"SUMMARY;X-P=\"{Sentence(random.Next(4)).Replace('"', '\'').Replace("\t", " ", StringComparison.Ordinal)}\":{Sentence(random.Next(40))}", $"DESCRIPTION:{Sentence(random.Next(400))}",
            "BEGIN:VALARM", "ACTION:DISPLAY", $"DESCRIPTION:{Sentence(9)}", "TRIGGER:-PT5M", "END:VALARM", "END:VEVENT", "END:VCALENDAR"])
        {
            WriteFolded(text, Encoding.UTF8.GetBytes(line), end);
            if (random.Next(12) == 0) text.Write(Encoding.ASCII.GetBytes(end));
        }

        return text.ToArray();
    }

    /// <summary>The same with bytes in it that no client may send: a damaged store, or one that was written by others.</summary>
    public byte[] Damaged(string uid)
    {
        var bytes = Folded(uid).ToList();
        for (var count = random.Next(1, 6); count > 0; count--) bytes.InsertRange(random.Next(bytes.Count), Broken[random.Next(Broken.Length)]);
        return random.Next(5) == 0 ? [.. bytes.Take(random.Next(bytes.Count))] : [.. bytes];
    }

    private string Sentence(int words) => string.Concat(Enumerable.Range(0, words).Select(_ => Words[random.Next(Words.Length)]));

    // at any byte, as RFC 5545 §3.1 allows and old writers do
    private void WriteFolded(MemoryStream text, byte[] line, string end)
    {
        for (var at = 0; at < line.Length;)
        {
            var length = line.Length < 60 ? line.Length : Math.Min(line.Length - at, random.Next(1, 75));
            text.Write(line, at, length);
            text.Write(Encoding.ASCII.GetBytes(end));
            at += length;
            if (at < line.Length) text.WriteByte((byte)(random.Next(4) == 0 ? '\t' : ' '));
        }
    }
}
