using Xunit;

namespace Architecture;

/// <summary>What is done in one place only.</summary>
public sealed class OnePlaceTests
{
    [Fact]
    public void The_server_makes_app_passwords_in_one_place_which_writes_the_audit_line()
    {
        var makers = Codebase.Instance.Arrows.Where(arrow => arrow.Used == "Calendaring.Store.PutCredential" && Codebase.ProjectOf(arrow.From) == "CalDavServer");
        Assert.Equal(["CalDavServer.Access.NewAppPassword"], makers.Select(arrow => arrow.User).Distinct());
    }
}
