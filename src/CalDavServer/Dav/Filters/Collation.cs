using System.Text;

namespace CalDavServer.Dav.Filters;

/// <summary>How text is compared (RFC 4790, RFC 4791 §7.5): a fold that makes texts equal which the collation holds to be equal; what is folded is compared by code point.</summary>
internal sealed class Collation
{
    private readonly Folding _fold;

    private Collation(string name, Folding fold)
    {
        Name = name;
        _fold = fold;
    }

    private delegate ReadOnlySpan<char> Folding(ReadOnlySpan<char> text, Span<char> scratch);

    /// <summary>The collations offered, as supported-collation-set lists them.</summary>
    public static IReadOnlyList<Collation> All { get; } =
    [
        new("i;ascii-casemap", FoldAscii),
        new("i;octet", static (text, _) => text),
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

    /// <summary>Folds a text.</summary>
    public string Fold(string text) => _fold(text, []).ToString();

    /// <summary>Folds a text, if it can into memory that is at hand.</summary>
    public ReadOnlySpan<char> Fold(ReadOnlySpan<char> text, Span<char> scratch) => _fold(text, scratch);

    // RFC 4790 §9.2.1: only the 26 letters of ASCII are mapped.
    private static ReadOnlySpan<char> FoldAscii(ReadOnlySpan<char> text, Span<char> scratch)
    {
        var target = scratch.Length >= text.Length ? scratch[..text.Length] : new char[text.Length];
        Ascii.ToUpper(text, target, out var done);
        for (var i = done; i < target.Length; i++) target[i] = char.IsAsciiLetterLower(text[i]) ? (char)(text[i] & ~0x20) : text[i];
        return target;
    }

    // RFC 5051 §2: each code point is put in title case, then decomposed as far as it goes, compatibility forms too. What a decomposition brings is not put in title case: by this
    // collation "\uFB03" is "ffi" in small letters only.
    private static ReadOnlySpan<char> FoldUnicode(ReadOnlySpan<char> text, Span<char> scratch)
    {
        if (Ascii.IsValid(text)) return FoldAscii(text, scratch);
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
