using System.Net;
using System.Text.RegularExpressions;

namespace ProviderBridge.Mapping;

/// <summary>Text as people read it, of text that may be HTML.</summary>
internal static partial class PlainText
{
    /// <summary>The text without markup. What has none is as it is.</summary>
    public static string? Of(string? text)
    {
        if (text is null || !Markup().IsMatch(text)) return text;
        var lines = LineEnd().Replace(text.ReplaceLineEndings(" "), "\n");
        return WebUtility.HtmlDecode(Tag().Replace(lines, "")).Replace('\u00a0', ' ').Trim();
    }

    [GeneratedRegex(@"</?(a|b|br|div|em|i|li|ol|p|span|strong|u|ul|html|body|table|tr|td|h[1-6])(\s[^<>]*)?/?>", RegexOptions.IgnoreCase)]
    private static partial Regex Markup();

    [GeneratedRegex(@"<br\s*/?>|</(p|div|li|tr|h[1-6])>", RegexOptions.IgnoreCase)]
    private static partial Regex LineEnd();

    [GeneratedRegex("<[^<>]*>")]
    private static partial Regex Tag();
}
