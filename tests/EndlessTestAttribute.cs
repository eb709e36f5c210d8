using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Xunit.v3;

[assembly: EndlessTest]

/// <summary>
/// Ends the program with the name of a test that runs for longer than LONGEST_TEST says, in minutes: one that waits for ever would otherwise be cut off with all the others, and no log would say
/// which it was. Without that variable a test may take as long as it likes, as a soak does.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class EndlessTestAttribute : BeforeAfterTestAttribute
{
    private static readonly int? Minutes = Environment.GetEnvironmentVariable("LONGEST_TEST") is { Length: > 0 } said ? int.Parse(said, CultureInfo.InvariantCulture) : null;
    private static readonly ConcurrentDictionary<IXunitTest, Timer> Running = new();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (Minutes is not { } longest) return;
        Running[test] = new Timer(_ => Environment.FailFast($"{test.TestDisplayName} has not ended in {longest} minutes."), null, TimeSpan.FromMinutes(longest), Timeout.InfiniteTimeSpan);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (Running.TryRemove(test, out var timer)) timer.Dispose();
    }
}
