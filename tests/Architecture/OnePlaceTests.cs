using Xunit;

namespace Architecture;

/// <summary>What is done in one place only.</summary>
public sealed class OnePlaceTests
{
    [Fact]
    public void App_passwords_are_made_in_one_place_which_writes_the_audit_line()
    {
        var makers = Codebase.Instance.Arrows.Where(arrow => arrow.Used == "Calendaring.Store.PutCredential" && Codebase.ProjectOf(arrow.From) != "Calendaring");
        Assert.Equal(["Practice.Devices.NewAppPassword"], makers.Select(arrow => arrow.User).Distinct());
    }
}
