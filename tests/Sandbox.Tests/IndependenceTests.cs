namespace Sandbox.Tests;

/// <summary>The stand-ins can contradict the product only if they share no code with it.</summary>
public class IndependenceTests
{
    [Fact]
    public void The_sandbox_uses_nothing_of_the_product()
    {
        var used = typeof(SandboxHost).Assembly.GetReferencedAssemblies().Select(x => x.Name!).ToList();
        Assert.Contains("Ical.Net", used);
        Assert.DoesNotContain(used, x => x is "Calendaring" or "Practice" or "ProviderBridge" or "CalDavServer");
    }
}
