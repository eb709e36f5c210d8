using Xunit;

namespace Architecture;

/// <summary>What is done in one place only.</summary>
public sealed class OnePlaceTests
{
    private static readonly string[] Above = ["Practice", "ProviderBridge", "CalDavServer"];

    [Fact]
    public void App_passwords_are_made_in_one_place_which_writes_the_audit_line()
    {
        var makers = Codebase.Instance.Arrows.Where(arrow => arrow.Used == "Calendaring.Store.PutCredential" && Codebase.ProjectOf(arrow.From) != "Calendaring");
        Assert.Equal(["Practice.Devices.NewAppPassword"], makers.Select(arrow => arrow.User).Distinct());
    }

    /// <summary>A batch that lost a race is decided anew by <c>ChangeLoop</c>: whoever looked at the failure would have a loop of their own.</summary>
    [Fact]
    public void A_lost_race_is_settled_by_the_one_change_loop()
    {
        var looking = Above
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Codebase.Instance.Root.FullName, "src", project), "*.cs", SearchOption.AllDirectories))
            .Where(file => File.ReadAllText(file).Contains("StoreFailureKind.Precondition", StringComparison.Ordinal));
        Assert.Empty(looking.Select(file => Path.GetRelativePath(Codebase.Instance.Root.FullName, file)));
    }
}
