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

    // RFC 5051 §2: title case and compatibility decomposition, again for what comes of it. Upper case stands for title case: they differ in digraphs only, which decompose.
    private static string FoldUnicode(string text)
    {
        if (Ascii.IsValid(text)) return FoldAscii(text);
        var decomposed = text.Normalize(NormalizationForm.FormKD);
        var folded = new StringBuilder(decomposed.Length);
        foreach (var rune in decomposed.EnumerateRunes()) folded.Append(Rune.ToUpperInvariant(rune).ToString());
        return folded.ToString().Normalize(NormalizationForm.FormKD);
    }
}
