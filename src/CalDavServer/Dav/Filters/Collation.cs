using System.Text;

namespace CalDavServer.Dav.Filters;

/// <summary>How text is compared (RFC 4790, RFC 4791 §7.5): a fold that makes texts equal which the collation holds to be equal; what is folded is compared by code point.</summary>
internal sealed class Collation
{
    private readonly Func<string, string> _fold;

    private Collation(string name, Func<string, string> fold)
    {
        Name = name;
        _fold = fold;
    }

    /// <summary>The collations offered, as supported-collation-set lists them.</summary>
    public static IReadOnlyList<Collation> All { get; } =
    [
        new("i;ascii-casemap", FoldAscii),
        new("i;octet", static text => text),
        new("i;unicode-casemap", FoldUnicode),
    ];

    /// <summary>The collation used when a request names none.</summary>
    public static Collation Default => All[0];

    public string Name { get; }

    /// <summary>The collation of a name, or null. <c>default</c> is the server's choice (RFC 4790 §3.1).</summary>
    public static Collation? Find(string name)
    {
        if (name == "default") return Default;
        foreach (var collation in All)
        {
            if (collation.Name == name) return collation;
        }

        return null;
    }

    public string Fold(string text) => _fold(text);

    // RFC 4790 §9.2.1: only the 26 letters of ASCII are mapped.
    private static string FoldAscii(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var i = 0; i < target.Length; i++) target[i] = char.IsAsciiLetterLower(source[i]) ? (char)(source[i] & ~0x20) : source[i];
    });

    // RFC 5051 §2: each code point is put in title case, then decomposed as far as it goes, compatibility forms too. What a decomposition brings is not put in title case: by this
    // collation "\uFB03" is "ffi" in small letters only.
    private static string FoldUnicode(string text)
    {
        if (Ascii.IsValid(text)) return FoldAscii(text);
        var titled = new StringBuilder(text.Length);
        Span<char> units = stackalloc char[2];
        foreach (var rune in text.EnumerateRunes()) titled.Append(units[..TitleCase(rune).EncodeToUtf16(units)]);
        return titled.ToString().Normalize(NormalizationForm.FormKD);
    }

    // The simple title case mapping is the upper case one, except where Unicode has a third case or none.
    private static Rune TitleCase(Rune rune) => rune.Value switch
    {
        // dž, lj, nj, dz: the title case is in the middle of capital and small
        >= 0x01C4 and <= 0x01C6 => new Rune(0x01C5),
        >= 0x01C7 and <= 0x01C9 => new Rune(0x01C8),
        >= 0x01CA and <= 0x01CC => new Rune(0x01CB),
        >= 0x01F1 and <= 0x01F3 => new Rune(0x01F2),
        // Georgian is not capitalized in titles
        >= 0x10D0 and <= 0x10FF => rune,
        // the platform's mapping leaves out what would not come back as it was: dotless i and long s
        0x0131 => new Rune('I'),
        0x017F => new Rune('S'),
        _ => Rune.ToUpperInvariant(rune),
    };
}
