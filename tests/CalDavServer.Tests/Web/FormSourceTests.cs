using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace CalDavServer.Tests.Web;

/// <summary>There is one way to write a form, and it cannot leave the anti-forgery token out: the tag helper of <c>form</c>, which the pages share.</summary>
public sealed partial class FormSourceTests
{
    [Fact]
    public void Every_form_is_written_so_that_the_tag_helper_sees_it()
    {
        List<string> faults = [];
        foreach (var path in Directory.EnumerateFiles(Web, "*.*", SearchOption.AllDirectories).Where(static path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".cshtml", StringComparison.Ordinal)))
        {
            var text = CommentOf().Replace(File.ReadAllText(path), "");
            faults.AddRange(Wrong().Matches(text).Select(found => $"{Path.GetRelativePath(Web, path)}: {found.Value.Trim()}"));
            if (path.EndsWith(".cs", StringComparison.Ordinal) && text.Contains("<form", StringComparison.OrdinalIgnoreCase)) faults.Add($"{Path.GetRelativePath(Web, path)}: a form in C#");
        }

        Assert.Equal([], faults);
    }

    [Theory]
    [InlineData("<!form method=\"post\">")]
    [InlineData("<form action=\"/x\">")]
    [InlineData("<form method=\"post\" asp-antiforgery=\"false\">")]
    [InlineData("<form method=\"@how\">")]
    [InlineData("@Html.BeginForm()")]
    [InlineData("<button formmethod=\"post\">")]
    public void What_would_go_round_it_is_found(string text) => Assert.Matches(Wrong(), text);

    [Theory]
    [InlineData("<form method=\"post\" action=\"/x?a=@b\">")]
    [InlineData("<form class=\"inline\" method=\"get\">")]
    public void What_is_right_is_left_alone(string text) => Assert.DoesNotMatch(Wrong(), text);

    private static string Web => Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "src", "CalDavServer", "Web");

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex("<!form\\b|<form\\b(?![^>]*\\bmethod=\"(post|get|dialog)\")|asp-antiforgery|formmethod|BeginForm|BeginRouteForm", RegexOptions.IgnoreCase)]
    private static partial Regex Wrong();

    [GeneratedRegex("^\\s*///?.*$", RegexOptions.Multiline)]
    private static partial Regex CommentOf();
}
