using Xunit;

namespace Architecture;

/// <summary>The pages ask services of Practice: they neither open the store nor know what it keeps.</summary>
public sealed class StoreUseTests
{
    private const string Store = "Calendaring/Store";
    private const string Web = "CalDavServer/Web";

    /// <summary>What describes a person and a device, which services give to pages: values, by which nothing is read or written.</summary>
    private static readonly string[] Values = ["Principal", "PrincipalRole", "Credential", "SecretKind"];

    [Fact]
    public void No_file_of_the_pages_names_a_type_of_the_store()
    {
        var arrows = Codebase.Instance.Arrows.Where(arrow => arrow.From == Web).ToList();
        Assert.Contains(arrows, arrow => arrow.Used == "Practice.People.AccountBook");
        var named = arrows.Where(arrow => arrow.To == Store && !IsValue(arrow.Used));
        var sentences = string.Join("\n", named.Select(arrow => arrow.Sentence).Distinct());
        if (sentences.Length > 0) Assert.Fail(sentences);
    }

    // a directive names the whole namespace, and what it is for is seen in what was compiled
    private static bool IsValue(string used) => used == "Calendaring.Store" || Values.Contains(used.Replace("Calendaring.Store.", "", StringComparison.Ordinal));
}
