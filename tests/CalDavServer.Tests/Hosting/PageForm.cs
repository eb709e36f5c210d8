using System.Net;
using System.Text.RegularExpressions;

namespace CalDavServer.Tests.Hosting;

/// <summary>A form of a page, as a browser finds it.</summary>
internal sealed partial class PageForm
{
    public const string TokenField = "__RequestVerificationToken";
    private readonly string _start;
    private readonly string _content;
    private readonly string _page;

    private PageForm(string start, string content, string page) => (_start, _content, _page) = (start, content, page);

    public bool IsPost => string.Equals(AttributeOf(_start, "method"), "post", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where it goes: what its buttons say, or its <c>action</c>, or the page that it is on.</summary>
    public IReadOnlyList<string> Actions
    {
        get
        {
            var own = AttributeOf(_start, "action") is { Length: > 0 } action ? action : _page;
            return [.. ButtonOf().Matches(_content).Select(button => AttributeOf(button.Value, "formaction") ?? own).DefaultIfEmpty(own).Distinct()];
        }
    }

    /// <summary>Its own anti-forgery token; null when it has none, and a browser that sends it is refused.</summary>
    public string? Token => TokenIn(_content);

    public static IReadOnlyList<PageForm> ListOf(PageAnswer page) => [.. FormOf().Matches(page.Text).Select(form => new PageForm(form.Groups[1].Value, form.Groups[2].Value, page.Path))];

    /// <summary>The first token in a piece of a page.</summary>
    public static string? TokenIn(string text) =>
        InputOf().Matches(text).Select(input => input.Value).FirstOrDefault(input => AttributeOf(input, "name") == TokenField) is { } token ? AttributeOf(token, "value") : null;

    /// <summary>Whether it is the form that is meant by a path, where a query may say which appointment the path is about.</summary>
    public bool PostsTo(string path) => IsPost && Actions.Any(action => IsSame(action, path));

    /// <summary>What a hidden field of the form holds; null when there is no such field.</summary>
    public string? Hidden(string name) =>
        InputOf().Matches(_content).Select(input => input.Value).FirstOrDefault(input => AttributeOf(input, "type") == "hidden" && AttributeOf(input, "name") == name) is { } field ? AttributeOf(field, "value") : null;

    public override string ToString() => $"{_page}: <form{_start}>";

    private static bool IsSame(string action, string path) => action.Split('?')[0] == path.Split('?')[0] && HandlerOf(action) == HandlerOf(path);

    private static string HandlerOf(string path) => HandlerQuery().Match(path).Value;

    private static string? AttributeOf(string tag, string name) =>
        AttributesOf().Matches(tag).FirstOrDefault(attribute => string.Equals(attribute.Groups[1].Value, name, StringComparison.OrdinalIgnoreCase)) is { } found ? WebUtility.HtmlDecode(found.Groups[2].Value) : null;

    [GeneratedRegex("<form\\b([^>]*)>(.*?)</form>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex FormOf();

    [GeneratedRegex("<button\\b[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex ButtonOf();

    [GeneratedRegex("<input\\b[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex InputOf();

    [GeneratedRegex("([\\w-]+)=\"([^\"]*)\"")]
    private static partial Regex AttributesOf();

    [GeneratedRegex("(?<=[?&]handler=)[^&]*")]
    private static partial Regex HandlerQuery();
}
