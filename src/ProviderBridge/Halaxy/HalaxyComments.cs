using System.Net;
using System.Text.RegularExpressions;

namespace ProviderBridge.Halaxy;

/// <summary>Comments in whatever form Halaxy has them: it may trim them, write them with other white space or line ends, in paragraphs of HTML, or with entities for signs.</summary>
internal static partial class HalaxyComments
{
    private const int MostEncoded = 4;

    /// <summary>What is the same of a text in all these forms: its letters and digits; where it has none, its other signs. Empty for none.</summary>
    public static string Bare(string? text)
    {
        var plain = Tag().Replace(Decode(text ?? ""), "");
        var letters = string.Concat(plain.Where(char.IsLetterOrDigit));
        return letters.Length > 0 ? letters : string.Concat(plain.Where(static sign => !char.IsWhiteSpace(sign) && !char.IsControl(sign)));
    }

    /// <summary>Whether two texts say the same, though one may be in another form.</summary>
    public static bool SayTheSame(string? one, string? other) => Bare(one) == Bare(other);

    // what the diary has may look encoded itself, and then is so once more in Halaxy
    private static string Decode(string text)
    {
        for (var n = 0; n < MostEncoded; n++) text = WebUtility.HtmlDecode(text);
        return text;
    }

    // a sign that says “less than” has no letter after it
    [GeneratedRegex("</?[A-Za-z][^<>]*>")]
    private static partial Regex Tag();
}
