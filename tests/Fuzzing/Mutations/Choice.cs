namespace Fuzzing.Mutations;

/// <summary>Random choices.</summary>
internal static class Choice
{
    /// <summary>One of them.</summary>
    public static T Of<T>(this Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>A number that programs stumble over.</summary>
    public static string Number(this Random random) =>
        random.Of<string>(["0", "-0", "-1", "1", "2", "7", "00", "60", "255", "256", "65536", "2147483647", "2147483648", "-2147483648", "9223372036854775807", "9223372036854775808", "1e9", "0x10", "1.5", "", "NaN", "\u0663"]);

    /// <summary>A text that programs stumble over, as Latin-1 of its UTF-8 bytes.</summary>
    public static string Text(this Random random) => random.Next(14) switch
    {
        0 => "",
        1 => " ",
        2 => new string('A', 1 << random.Next(16)),
        3 => "\0",
        4 => "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
        5 => "\xff\xfe",
        6 => "\xc0\xaf",
        7 => "\xed\xa0\x80",
        8 => "%00%2e%2e%2f%c3%28",
        9 => "'\"<>&;,:=\\^`",
        10 => "\r\n",
        11 => "{calendar}",
        12 => "\xef\xbb\xbf",
        _ => random.Number(),
    };

    /// <summary>The text with a range of it taken out, doubled, or put in place of another.</summary>
    public static string Shuffle(this Random random, string text)
    {
        if (text.Length == 0) return random.Text();
        var from = random.Next(text.Length);
        var length = Math.Min(text.Length - from, 1 + random.Next(random.Next(4) == 0 ? text.Length : 16));
        var to = random.Next(text.Length);
        return random.Next(4) switch
        {
            0 => text.Remove(from, length),
            1 => text.Insert(to, text.Substring(from, length)),
            2 => string.Concat(text.AsSpan(0, to), text.AsSpan(from, length), text.AsSpan(Math.Min(text.Length, to + length))),
            _ => text[..from] + random.Text() + text[(from + length)..],
        };
    }
}
